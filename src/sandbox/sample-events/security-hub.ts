import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { envelope, TIME } from './envelope.ts'

/** A control of Security Hub that a resource fails. */
export interface FailedControl {
  /** `EC2.19` */
  control: string
  title: string
  /** As Security Hub calls the type: `AwsEc2SecurityGroup`. */
  type: string
  /** ARNs of all that fail together. */
  resources: string[]
}

const FOUND = '2026-11-20T08:41:02.118Z'
const idOf = ({ control, resources }: FailedControl) =>
  `arn:aws:securityhub:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:security-control/${control}/finding/${resources.map((arn) => arn.split(/[/:]/).at(-1)).join('-')}`

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html, "Findings - Imported" */
export function controlImported(failed: FailedControl) {
  return envelope('aws.securityhub', 'Security Hub Findings - Imported', idOf(failed), {
    findings: [asff(failed)],
  })
}

/** The same, sent by a person who chose it in the console and pressed a button: "Findings - Custom Action". */
export function sentByAction(action: string, failed: FailedControl) {
  return envelope('aws.securityhub', 'Security Hub Findings - Custom Action', `${action}/${idOf(failed)}`, {
    actionName: action,
    actionDescription: 'Hands it to Rectify',
    findings: [asff(failed)],
  })
}

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html */
function asff(failed: FailedControl) {
  const { control, title, type, resources } = failed
  return {
    SchemaVersion: '2018-10-08',
    Id: idOf(failed),
    ProductArn: `arn:aws:securityhub:${SANDBOX_REGION}::product/aws/securityhub`,
    ProductName: 'Security Hub',
    CompanyName: 'AWS',
    Region: SANDBOX_REGION,
    GeneratorId: `security-control/${control}`,
    AwsAccountId: SANDBOX_ACCOUNT,
    Types: ['Software and Configuration Checks/Industry and Regulatory Standards'],
    FirstObservedAt: FOUND,
    LastObservedAt: TIME,
    CreatedAt: FOUND,
    UpdatedAt: TIME,
    Severity: { Label: 'HIGH', Normalized: 70, Original: 'HIGH' },
    Title: title,
    Description: `This control fails: ${title}.`,
    Resources: resources.map((Id) => ({ Type: type, Id, Partition: 'aws', Region: SANDBOX_REGION })),
    Compliance: {
      Status: 'FAILED',
      SecurityControlId: control,
      AssociatedStandards: [{ StandardsId: 'standards/aws-foundational-security-best-practices/v/1.0.0' }],
    },
    WorkflowState: 'NEW',
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
  }
}

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-eventbridge-event-formats.html: OCSF, class 2003 */
export function controlInOcsf(failed: FailedControl) {
  const { control, title, type, resources } = failed
  const uid = idOf(failed)
  return envelope('aws.securityhub', 'Findings Imported V2', `v2/${uid}`, {
    findings: [
      {
        activity_id: 1,
        activity_name: 'Create',
        category_name: 'Findings',
        category_uid: 2,
        class_name: 'Compliance Finding',
        class_uid: 2003,
        type_uid: 200301,
        cloud: {
          account: { uid: SANDBOX_ACCOUNT, type: 'AWS Account', type_id: 10 },
          provider: 'AWS',
          region: SANDBOX_REGION,
        },
        compliance: { control, status: 'Fail', status_id: 3 },
        finding_info: {
          uid,
          title,
          types: ['Posture Management'],
          created_time_dt: FOUND,
          modified_time_dt: TIME,
        },
        metadata: {
          product: {
            name: 'Security Hub',
            uid: `arn:aws:securityhub:${SANDBOX_REGION}::productv2/aws/securityhub`,
            vendor_name: 'AWS',
            feature: { uid: `security-control/${control}` },
          },
          uid: `${uid}/1`,
          version: '1.6.0',
        },
        resources: resources.map((arn) => ({
          type,
          uid: arn,
          region: SANDBOX_REGION,
          owner: { account: { uid: SANDBOX_ACCOUNT } },
        })),
        severity: 'High',
        severity_id: 4,
        status: 'New',
        status_id: 1,
        time_dt: TIME,
      },
    ],
  })
}
