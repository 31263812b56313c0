import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub, trustedAdvisor } from '../../src/playbook/matchers.ts'
import { notApplicable, ownTargets, targetOf } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { listed, read } from '../../src/playbook/setting/looks.ts'
import { cloudtrail, logs } from '../services.ts'

const ARN = 'arn:{partition}:logs:{region}:{account}:log-group:{id}'
const GROUP = {
  resource: 'AWS::Logs::LogGroup',
  ids: nameIds(/[\w./#-]/, 512, ['/aws/lambda/my-function']),
  arn: ARN,
  // So the API itself writes it.
  alsoNamed: [`${ARN}:{*}`],
}

/** What CloudWatch takes (API reference, PutRetentionPolicy). */
const DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const
const FOR_EVER = 'for ever'

/** Keeps the events of a log group so many days, where it keeps them fewer. */
export const setRetention = defineSetting({
  id: 'logs-set-retention',
  title: 'Keep the events of a log group long enough',
  about: {
    risk: 'What CloudWatch has deleted no investigation finds: an intruder who waits longer than the logs are kept leaves no trace.',
    breaks:
      'Nothing: it is never shortened. What is kept longer is paid for longer, and personal data in logs may have to go after a time of its own, which the rules of the policy can say.',
  },
  implements: ['logs-retention'],
  ...GROUP,
  tagsOf: 'the log group',
  parameters: z.strictObject({
    days: z
      ._default(z.literal([...DAYS]), 365)
      .check(z.describe('how many days events are kept at least: a number of days that CloudWatch knows')),
  }),
  answers: [
    config('CW_LOGGROUP_RETENTION_PERIOD_CHECK'),
    securityHub('CloudWatch.16'),
    // Amazon CloudWatch Log Group Retention Period.
    trustedAdvisor('c18d2gz186'),
    prowler('cloudwatch_log_group_retention_policy_specific_days_enabled'),
  ],
  ruleParameters: ['CW_LOGGROUP_RETENTION_PERIOD_CHECK'],
  suggestedMode: 'auto',
  /** Of an account those groups to which its trails write: of others it is not said that they are meant. */
  async targets(finding, _parameters, aws) {
    const named = ownTargets(GROUP, finding)
    if (named.length > 0) return named
    const trails = await aws.list('cloudtrail', 'DescribeTrails', {}, 'trailList')
    const written = [...new Set(trails.flatMap(({ CloudWatchLogsLogGroupArn: arn }) => arn ?? []))]
    const targets = written
      .map((arn) => targetOf(GROUP, arn, finding))
      .filter(({ notUnderstood }) => notUnderstood === undefined)
    return targets.length > 0
      ? targets
      : notApplicable('the finding names no log group, and no trail of the account writes to one here')
  },
  targetsLook: listed(
    cloudtrail,
    'DescribeTrails',
    'trailList',
    () => ({}),
    (all) => all,
  ),
  look: listed(
    logs,
    'DescribeLogGroups',
    'logGroups',
    (logGroupNamePrefix) => ({ logGroupNamePrefix }),
    (groups, id) => groups.find(({ logGroupName }) => logGroupName === id),
  ),
  tags: read(
    logs,
    'ListTagsForResource',
    (_id, { resource }) => ({ resourceArn: resource }),
    ({ tags }) => tags ?? {},
  ),
  // Without a number events never expire (API reference, LogGroup).
  values: ({ retentionInDays }) => ({ retentionInDays: retentionInDays ?? FOR_EVER }),
  should: ({ days }, { retentionInDays }) => ({
    retentionInDays: retentionInDays === undefined ? FOR_EVER : Math.max(days, retentionInDays),
  }),
  set: (logGroupName, { retentionInDays }) =>
    call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: Number(retentionInDays) }),
  // In policies the ARN of a group has this end for all actions but those on tags (CloudWatch Logs user guide, "ARNs").
  changes: [{ action: 'logs:PutRetentionPolicy', resource: `${ARN}:*` }],
  unless: ({ logGroupClass }) =>
    logGroupClass === 'DELIVERY' ? 'groups of the class DELIVERY keep events as AWS says' : undefined,
  // Kept no longer than the policy says, however long the detector wants it.
  unproven: ({ retentionInDays: live }, { findings, parameters: { days } }) => {
    const kept = live === undefined ? Number.POSITIVE_INFINITY : Math.max(live, days)
    const asked = Math.max(0, ...findings.map(daysAsked))
    return kept < asked
      ? `the finding asks for ${asked} days, and parameters.days of the policy is ${days}`
      : undefined
  },
  property: 'RetentionInDays',
  effect: 'events are kept longer and paid for; an undo lets CloudWatch delete the older ones',
})

/**
 * How long a detector wants events to be kept: 365 days where it was not told otherwise (AWS Config developer guide,
 * cw-loggroup-retention-period-check; Security Hub user guide, CloudWatch.16; `log_group_retention_days` of Prowler).
 */
function daysAsked({ evidence: { ruleParameters = {} } }: Finding): number {
  return Number(ruleParameters.MinRetentionTime ?? ruleParameters.minRetentionTime ?? 365)
}
