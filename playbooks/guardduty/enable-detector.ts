import { call } from '../../src/playbook/api.ts'
import { sameJson, withoutKeys } from '../../src/playbook/json.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import type { Looking } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { liveNamed } from '../../src/playbook/step.ts'
import { guardduty } from '../services.ts'

const DETECTORS = 'arn:{partition}:guardduty:{region}:{account}:detector/*'
const SERVICE_ROLE =
  'arn:{partition}:iam::{account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty'

type Values = { Status: string; DetectorId?: string }

interface Detector {
  id?: string
  status?: string
  /** The account that manages it. */
  administrator?: string
}

/** The one detector of the region, where there is one, and who manages it. */
const detector: Looking<Detector> = {
  calls: ['ListDetectors', 'GetDetector', 'GetAdministratorAccount'].map((operation) => ({
    service: guardduty,
    action: `guardduty:${operation}`,
    ofOne: false,
    isOptional: false,
  })),
  async at(aws) {
    const [id] = await aws.list('guardduty', 'ListDetectors', {}, 'DetectorIds')
    if (id === undefined) return {}
    const of = { DetectorId: id }
    const [{ Status: status }, { Administrator: by }] = await Promise.all([
      aws.read('guardduty', 'GetDetector', of),
      aws.read('guardduty', 'GetAdministratorAccount', of),
    ])
    const isManaged = by?.AccountId !== undefined && /^enabled$/i.test(by.RelationshipStatus ?? '')
    return { id, ...(status && { status }), ...(isManaged && { administrator: by.AccountId! }) }
  },
}

/** Switches GuardDuty on in a region: a detector is made where there is none, and one that is suspended goes on. */
export const enableDetector = defineSetting({
  id: 'guardduty-enable-detector',
  title: 'Switch GuardDuty on in a region',
  about: {
    risk: 'Without GuardDuty nobody looks for stolen credentials, mining or connections to known attackers in this region, and what it would have reported is not found later.',
    breaks:
      'Nothing in production: it reads logs beside them. It costs money by the volume of the logs; the first detector of a region has 30 days free.',
  },
  implements: ['guardduty-on'],
  ...ofTheAccount('arn:{partition}:guardduty:{region}:{account}:detector-of-account/{id}'),
  answers: [
    config('GUARDDUTY_ENABLED_CENTRALIZED'),
    securityHub('GuardDuty.1'),
    prowler('guardduty_is_enabled'),
    cloudTrail('guardduty:DeleteDetector', 'guardduty:UpdateDetector'),
  ],
  ruleParameters: ['GUARDDUTY_ENABLED_CENTRALIZED'],
  suggestedMode: 'auto',
  readsOn: { 'guardduty:GetDetector': [DETECTORS] },
  look: detector,
  values({ id, status }): Values | null {
    if (id === undefined) return null
    if (status === undefined) throw new Unplannable(`AWS does not say the status of detector ${id}`)
    return { Status: status, DetectorId: id }
  },
  should: (_parameters, { id }) => ({ Status: 'ENABLED', ...(id !== undefined && { DetectorId: id }) }),
  // Which id AWS has given it is no difference.
  same: (a, b) => sameJson(withoutKeys(a, ['DetectorId']), withoutKeys(b, ['DetectorId'])),
  set: (_id, { DetectorId, Status }, _target, from) =>
    from === null
      ? call('guardduty', 'CreateDetector', { Enable: true })
      : call('guardduty', 'UpdateDetector', { DetectorId, Enable: Status === 'ENABLED' }),
  unset: () => call('guardduty', 'DeleteDetector', { DetectorId: liveNamed('DetectorId') }),
  changes: [
    { action: 'guardduty:CreateDetector', resource: '*' },
    { action: 'guardduty:UpdateDetector', resource: DETECTORS },
    { action: 'guardduty:DeleteDetector', resource: DETECTORS },
    // The first detector of an account makes it.
    { action: 'iam:CreateServiceLinkedRole', resource: SERVICE_ROLE },
  ],
  unless: ({ administrator, status }) =>
    administrator !== undefined && status !== 'ENABLED'
      ? `account ${administrator} manages GuardDuty here: switch it on there`
      : undefined,
  // Its parameter: the rule then asks who manages GuardDuty here, and not only that it is on.
  unproven: ({ administrator }, { findings }) =>
    findings.flatMap(({ type, account, evidence: { ruleParameters } }) => {
      const wanted = ruleParameters?.CentralMonitoringAccount
      return wanted && wanted !== account && wanted !== administrator
        ? [
            `${type} asks that account ${wanted} manages GuardDuty here, which ${administrator ?? 'nobody'} does`,
          ]
        : []
    })[0],
  property: 'Enable',
  effect: 'logs of the region are read and paid for; an undo of a new detector deletes what it found',
  warnings: ({ id }) =>
    id === undefined
      ? ['a new detector has the protection plans on that GuardDuty gives it: see which of them you pay for']
      : [],
})
