import { type Answer, errorAnswer } from '../front/answer.ts'
import type { AwsRequest } from '../front/request.ts'
import { type Complaint, complaints } from './check.ts'
import { malformedIds } from './ec2-ids.ts'
import { inputOfQuery } from './query.ts'
import { tooLarge } from './sizes.ts'

/**
 * What AWS refuses and the emulators take: an input that is not as AWS's own model says, a malformed id, one that is too
 * large. Undefined: nothing is wrong with it, or the program never calls so.
 */
export function refuse(request: AwsRequest): Answer | undefined {
  const { service, operation } = request
  const input = inputOf(request)
  if (!input) return undefined
  // A lock token is the emulator's own, and not of AWS's form.
  const isToken = ({ path, kind }: Complaint) => path === 'LockToken' && kind === 'invalid'
  const first = complaints(service, operation, input).find((complaint) => !isToken(complaint))
  if (first)
    return errorAnswer(request, 400, codeOf(service, first), `${operation}: ${first.path} ${first.text}`)
  const [malformed] = service === 'ec2' ? malformedIds(input) : []
  if (malformed) return errorAnswer(request, 400, malformed.code, malformed.text)
  const large = tooLarge(service, operation, input)
  return large && errorAnswer(request, 400, large.code, large.text)
}

function inputOf({ protocol, service, operation, input }: AwsRequest): Record<string, unknown> | undefined {
  // What goes in a path and headers (S3, Scheduler) is the emulators' to read.
  if (protocol === 'rest') return undefined
  return protocol === 'awsJson' ? input : inputOfQuery(service, operation, input as Record<string, string>)
}

/** The service's word for what is wrong. */
export function codeOf(service: string, { kind, path }: Pick<Complaint, 'kind' | 'path'>): string {
  if (service === 'ec2')
    return { missing: 'MissingParameter', unknown: 'UnknownParameter', invalid: 'InvalidParameterValue' }[
      kind
    ]
  if (service === 'sqs') return kind === 'missing' ? 'MissingParameter' : 'InvalidParameterValue'
  if (service === 'ssm' && kind === 'invalid' && /^Filters\[\d+\]\.key$/.test(path)) return 'InvalidFilterKey'
  return ['sts', 'cloudformation'].includes(service) ? 'ValidationError' : 'ValidationException'
}
