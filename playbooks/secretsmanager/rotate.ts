import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { type IdForm, partsOf } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { secretsmanager } from '../services.ts'

const ARN = 'arn:{partition}:secretsmanager:{region}:{account}:secret:{id}'
/** As ARNs have it: the name, and six letters of AWS's own behind it. */
const ids: IdForm = {
  understood: /^[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/,
  forms: [
    [{ letters: /[\w/+=.@-]/, least: 1, most: 512 }, '-', { letters: /[A-Za-z0-9]/, least: 6, most: 6 }],
  ],
  examples: ['my-secret-a1b2c3'],
}

/**
 * Switches the rotation of a secret on that was switched off: by the function and the schedule that Secrets Manager has
 * kept of it. A secret that never had a function is its owner's to set up.
 */
export const rotateSecret = defineSetting({
  id: 'secretsmanager-rotate',
  title: 'Switch the rotation of a secret on',
  about: {
    risk: 'A secret that is never changed stays good for whoever has once read it: in a log, a backup, a laptop.',
    breaks:
      'Programs that keep the secret in memory fail once it is rotated, at the next time of its own schedule. The plan names the function, the schedule and the day on which it was last read; where it was read at all, a person is asked.',
  },
  implements: ['secret-rotation'],
  resource: 'AWS::SecretsManager::Secret',
  ids,
  arn: ARN,
  tagsOf: 'the secret',
  answers: [
    config('SECRETSMANAGER_ROTATION_ENABLED_CHECK'),
    securityHub('SecretsManager.1'),
    prowler('secretsmanager_automatic_rotation_enabled'),
  ],
  ruleParameters: ['SECRETSMANAGER_ROTATION_ENABLED_CHECK'],
  suggestedMode: 'approve',
  look: read(
    secretsmanager,
    'DescribeSecret',
    (_, { resource: SecretId }) => ({ SecretId }),
    (secret) => secret,
  ),
  tags: ({ Tags }) => tagsIn(Tags),
  // Absent where no rotation was ever set up (API_DescribeSecret).
  values: ({ RotationEnabled = false }) => ({ RotationEnabled }),
  should: { RotationEnabled: true },
  // Not at once: at the next time of its schedule, so that whoever reads it can be told before.
  set: (_id, { RotationEnabled }, { resource: SecretId }) =>
    RotationEnabled
      ? call('secretsmanager', 'RotateSecret', { SecretId, RotateImmediately: false })
      : call('secretsmanager', 'CancelRotateSecret', { SecretId }),
  changes: [
    { action: 'secretsmanager:RotateSecret', resource: ARN },
    { action: 'secretsmanager:CancelRotateSecret', resource: ARN },
    // RotateSecret tries the function on behalf of the caller (API_RotateSecret, "Required permissions").
    { action: 'lambda:InvokeFunction', resource: 'arn:{partition}:lambda:{region}:{account}:function:*' },
  ],
  unless: (seen) => {
    const { ARN: arn = '', OwningService: owner, DeletedDate, PrimaryRegion, RotationEnabled } = seen
    if (DeletedDate) return 'it is going to be deleted'
    if (PrimaryRegion && PrimaryRegion !== partsOf(arn).region)
      return `it is a replica: it is rotated where it comes from, in ${PrimaryRegion}`
    if (RotationEnabled) return undefined
    if (owner) return `${owner} made it, and says whether it is rotated`
    if (seen.RotationLambdaARN && seen.RotationRules) return undefined
    return `no function rotates it: aws secretsmanager rotate-secret --secret-id ${arn} --rotation-lambda-arn FUNCTION --rotation-rules AutomaticallyAfterDays=30 once there is one (https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html)`
  },
  unproven: ({ RotationRules }, { findings }) => {
    const most = Math.min(...findings.map(hoursAllowed))
    const days = RotationRules?.AutomaticallyAfterDays
    const isKnownEnough = days !== undefined && days * 24 <= most
    return most === Number.POSITIVE_INFINITY || isKnownEnough
      ? undefined
      : `the rule asks for a rotation every ${most / 24} days at least, and its schedule is ${JSON.stringify(RotationRules ?? {})}`
  },
  effect: 'the secret is changed at the next time of its schedule, and again at each',
  warnings: ({ RotationLambdaARN, RotationRules }) => [
    `${RotationLambdaARN} rotates it, ${JSON.stringify(RotationRules)}; its step testSecret is tried at once`,
  ],
  // A secret that nobody has read in this region has no such date.
  cautions: ({ LastAccessedDate: last }) =>
    last === undefined
      ? []
      : [`it was last read on ${dayOf(last)}: programs that keep it in memory fail once it is rotated`],
})

/**
 * How much time a rule leaves between two rotations; without end where its parameters do not say. Both are optional and have
 * no default: the check then asks for a rotation, however rare (AWS Config developer guide,
 * secretsmanager-rotation-enabled-check; Security Hub user guide, SecretsManager.1).
 */
function hoursAllowed({ evidence: { ruleParameters = {} } }: Finding): number {
  const days = Number(ruleParameters.maximumAllowedRotationFrequency)
  const hours = Number(ruleParameters.maximumAllowedRotationFrequencyInHours)
  return Math.min(...[days * 24, hours].filter((each) => each > 0), Number.POSITIVE_INFINITY)
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10)
