import type { AwsRequest } from '../front/request.ts'

/** What the stack is made of lives in the emulator that runs it; what it remediates lives in the other. */
const STACK_SERVICES = [
  'cloudformation',
  'dynamodb',
  'events',
  'iam',
  'lambda',
  'logs',
  'monitoring',
  'scheduler',
  'sns',
  'sqs',
]

/** Buckets whose name begins so hold code to be deployed. */
export const ARTIFACTS = 'artifacts-'
/** Those that SAM makes for itself (`--guided`, `--resolve-s3`): it names their stack so. */
const OF_SAM = 'aws-sam-cli-'

/** Whether a request is about the deployed stack, by the service that it is signed for. */
export function isForStack({ service, path }: Pick<AwsRequest, 'service' | 'path'>): boolean {
  if (service !== 's3') return STACK_SERVICES.includes(service)
  return [ARTIFACTS, OF_SAM].some((prefix) => path.startsWith(`/${prefix}`))
}
