import type {
  AccessCheckResourceType,
  ValidatePolicyFinding,
  ValidatePolicyResourceType,
} from '@aws-sdk/client-accessanalyzer'
import pLimit from 'p-limit'
import type { Aws, Place } from '../../aws/port.ts'
import { regionIn } from '../../aws/sts-region.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { CheckName } from '../../run/run.ts'
import type { CheckResult } from './simulated-permissions.ts'
import type { WrittenPolicy } from './written-policies.ts'

/** Types of resources by whose own rules ValidatePolicy reads a policy; of all others, by those of any (API 2019-11-01). */
export const VALIDATED_TYPES: readonly ValidatePolicyResourceType[] = [
  'AWS::DynamoDB::Table',
  'AWS::IAM::AssumeRolePolicyDocument',
  'AWS::S3::AccessPoint',
  'AWS::S3::Bucket',
  'AWS::S3::MultiRegionAccessPoint',
  'AWS::S3ObjectLambda::AccessPoint',
]

/** Those of which CheckNoPublicAccess says whether a policy lets everybody in; it refuses all others. */
export const PUBLIC_CHECKED_TYPES: readonly AccessCheckResourceType[] = [
  'AWS::ApiGateway::RestApi',
  'AWS::Backup::BackupVault',
  'AWS::CloudTrail::Dashboard',
  'AWS::CloudTrail::EventDataStore',
  'AWS::CodeArtifact::Domain',
  'AWS::DynamoDB::Stream',
  'AWS::DynamoDB::Table',
  'AWS::EFS::FileSystem',
  'AWS::IAM::AssumeRolePolicyDocument',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::Lambda::Function',
  'AWS::OpenSearchService::Domain',
  'AWS::S3::AccessPoint',
  'AWS::S3::Bucket',
  'AWS::S3::Glacier',
  'AWS::S3Express::AccessPoint',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Outposts::AccessPoint',
  'AWS::S3Outposts::Bucket',
  'AWS::S3Tables::Table',
  'AWS::S3Tables::TableBucket',
  'AWS::SecretsManager::Secret',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
]

/** The policy of a role by which it is assumed has a name of its own there. */
const CALLED: Readonly<Record<string, string>> = { 'AWS::IAM::Role': 'AWS::IAM::AssumeRolePolicyDocument' }

/** Checks under way at the same time: Access Analyzer is throttled by account and region. */
const AT_ONCE = 2

/** Asks what AWS makes of a policy that a step would write. */
export type CheckPolicy = (
  place: Place,
  policy: WrittenPolicy,
  resourceType: string,
) => Promise<CheckResult[]>

/** IAM Access Analyzer, for as long as a rehearsal: what it refuses to answer in an account is not asked there again. */
export function policyChecks(aws: Aws): CheckPolicy {
  const limit = pLimit(AT_ONCE)
  const refused = new Map<string, string>()

  async function checked(
    by: CheckName,
    place: Place,
    ask: () => Promise<Omit<CheckResult, 'by'>>,
  ): Promise<CheckResult> {
    const key = `${by} ${place.account}`
    const known = refused.get(key)
    if (known !== undefined) return { status: 'notCheckable', by, why: known }
    try {
      return { by, ...(await ask()) }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      const why = `${error.action}: ${error.message}`
      if (error.kind === 'denied') refused.set(key, why)
      return { status: 'notCheckable', by, why }
    }
  }

  return async (where, policy, resourceType) => {
    // What is in no region (roles) is checked in one.
    const place = where.region === 'global' ? { ...where, region: regionIn(where.partition) } : where
    const type = CALLED[resourceType] ?? resourceType
    const validated = VALIDATED_TYPES.find((each) => each === type)
    const isOfResource = policy.kind === 'resource'
    const publicType = isOfResource ? PUBLIC_CHECKED_TYPES.find((each) => each === type) : undefined
    return Promise.all([
      limit(() =>
        checked('ValidatePolicy', place, async () => {
          const reader = aws.reader(place, ['access-analyzer:ValidatePolicy'], () => undefined)
          const input = {
            policyDocument: policy.text,
            policyType: isOfResource ? 'RESOURCE_POLICY' : 'IDENTITY_POLICY',
            ...(isOfResource && validated && { validatePolicyResourceType: validated }),
          } as const
          return validatedAs(await reader.list('accessanalyzer', 'ValidatePolicy', input, 'findings'))
        }),
      ),
      ...(publicType
        ? [
            limit(() =>
              checked('CheckNoPublicAccess', place, async () => {
                const reader = aws.reader(place, ['access-analyzer:CheckNoPublicAccess'], () => undefined)
                const input = { policyDocument: policy.text, resourceType: publicType }
                return publicAs(await reader.read('accessanalyzer', 'CheckNoPublicAccess', input))
              }),
            ),
          ]
        : []),
    ])
  }
}

/** Errors say that a part of the policy does nothing; security warnings, that it may do too much. Pure. */
export function validatedAs(findings: readonly ValidatePolicyFinding[]): Omit<CheckResult, 'by'> {
  const of = (kind: ValidatePolicyFinding['findingType']) =>
    findings.filter(({ findingType }) => findingType === kind)
  const [errors, warnings] = [of('ERROR'), of('SECURITY_WARNING')]
  const told = [...errors, ...warnings].map(
    ({ issueCode, findingDetails }) => `${issueCode}: ${findingDetails}`,
  )
  const why = told.join('; ')
  const [error] = errors
  if (error) {
    const code = error.issueCode ?? 'ERROR'
    return { status: 'simulatedDenied', error: { name: 'ValidatePolicy', code, message: why } }
  }
  return { status: 'simulatedOk', knownBy: 'answer', ...(why && { why }) }
}

/** What CheckNoPublicAccess answers. Pure. */
export function publicAs({
  result,
  message,
  reasons = [],
}: {
  result?: string | undefined
  message?: string | undefined
  reasons?: { description?: string | undefined; statementId?: string | undefined }[] | undefined
}): Omit<CheckResult, 'by'> {
  if (result === 'PASS') return { status: 'simulatedOk', knownBy: 'answer' }
  const why = [message, ...reasons.map(({ description }) => description)].filter(Boolean).join('; ')
  if (result !== 'FAIL')
    return { status: 'notCheckable', why: `the check answered ${result ?? 'nothing'}: ${why}` }
  return { status: 'simulatedDenied', error: { name: 'CheckNoPublicAccess', code: 'FAIL', message: why } }
}
