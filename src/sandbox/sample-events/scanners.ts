import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { TIME } from './envelope.ts'

/** A failed check as Prowler 5 writes it (`prowler aws --output-formats json-ocsf`): OCSF, class 2004, no envelope. */
export function failedCheck(check: string, title: string, type: string, arn: string) {
  const seen = Date.parse(TIME) / 1000
  return {
    class_uid: 2004,
    class_name: 'Detection Finding',
    category_uid: 2,
    activity_id: 1,
    activity_name: 'Create',
    type_uid: 200401,
    status: 'New',
    status_id: 1,
    status_code: 'FAIL',
    status_detail: title,
    severity: 'High',
    severity_id: 4,
    time: Math.floor(seen),
    cloud: {
      provider: 'aws',
      account: { uid: SANDBOX_ACCOUNT, type: 'AWS Account' },
      region: SANDBOX_REGION,
    },
    finding_info: {
      uid: `prowler-aws-${check}-${SANDBOX_ACCOUNT}-${SANDBOX_REGION}-${arn.split(/[/:]/).at(-1)}`,
      title,
      desc: title,
      types: ['Software and Configuration Checks'],
      created_time: Math.floor(seen),
    },
    resources: [{ uid: arn, name: arn.split(/[/:]/).at(-1), type, region: SANDBOX_REGION }],
    metadata: {
      event_code: check,
      version: '1.5.0',
      product: { name: 'Prowler', uid: 'prowler', vendor_name: 'Prowler', version: '5.46.0' },
    },
  }
}

/** What a policy of Cloud Custodian with the action `notify` found, before its mailer packs it: no envelope. */
export function policyNotified(policy: string, group: string) {
  return {
    account_id: SANDBOX_ACCOUNT,
    account: 'shop',
    region: SANDBOX_REGION,
    execution_start: Date.parse(TIME) / 1000,
    policy: {
      name: policy,
      resource: 'aws.security-group',
      description: 'Security groups open to the world',
      actions: [{ type: 'notify', transport: { type: 'sqs' } }],
    },
    action: { type: 'notify' },
    event: null,
    resources: [{ GroupId: group, GroupName: 'seen-by-custodian', OwnerId: SANDBOX_ACCOUNT }],
  }
}
