import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, ec2Answer, errorAnswer, jsonAnswer } from './answer.ts'
import type { AwsRequest } from './request.ts'

/** What goes wrong, as real AWS and real networks do it. */
export type Fault =
  /** Refused for its rate, in the service's own words (EC2 503 `RequestLimitExceeded`, JSON 400 `ThrottlingException`). */
  | { kind: 'throttle' }
  /** Refused by IAM (EC2 403 `UnauthorizedOperation`, JSON 400 `AccessDeniedException`). */
  | { kind: 'deny' }
  /** Any other error. */
  | { kind: 'error'; status: number; code: string; message?: string }
  /** The connection is cut before the request takes effect. */
  | { kind: 'reset' }
  /** The request takes effect, then the connection is cut: the answer is lost. */
  | { kind: 'swallow' }
  /** The answer is success and nothing happens. `answer` replaces the invented body (XML content or JSON). */
  | { kind: 'lie'; answer?: string | Record<string, unknown> }
  /** Everything takes this much longer. */
  | { kind: 'delay'; ms: number }
  /** Something else happens before the request takes effect, or after it and before it is answered. */
  | { kind: 'hook'; before?: (request: AwsRequest) => unknown; after?: (request: AwsRequest) => unknown }

/** When a fault strikes. What is left out matches everything. */
export interface FaultRule {
  fault: Fault
  service?: string
  operation?: string
  when?: (request: AwsRequest) => boolean
  /** Default: both, but `lie` and `swallow` leave dry runs alone. */
  dryRun?: boolean
  /** The first of the matching requests that it strikes, from 1; default the first. */
  nth?: number
  /** How many it strikes; default all from there on. */
  count?: number
}

/** In their order; all that match apply, until one of them answers. A test may change the list at any time. */
export type FaultRules = FaultRule[]

/** `cut`: the caller gets no answer, only a broken connection. */
export type Effect = Answer | 'cut'

/** Applies the rules to requests. Each rule counts the requests that match it. */
export function faultLayer(rules: FaultRules): {
  through(request: AwsRequest, proceed: () => Promise<Answer>): Promise<Effect>
} {
  const seen = new WeakMap<FaultRule, number>()

  function strikes(rule: FaultRule, request: AwsRequest): boolean {
    const real = rule.fault.kind === 'lie' || rule.fault.kind === 'swallow'
    const wanted = rule.dryRun ?? (real ? false : request.dryRun)
    if (rule.service !== undefined && rule.service !== request.service) return false
    if (rule.operation !== undefined && rule.operation !== request.operation) return false
    if (wanted !== request.dryRun || rule.when?.(request) === false) return false
    const nth = (seen.get(rule) ?? 0) + 1
    seen.set(rule, nth)
    const first = rule.nth ?? 1
    return nth >= first && nth < first + (rule.count ?? Number.POSITIVE_INFINITY)
  }

  return {
    async through(request, proceed) {
      const faults = rules.filter((rule) => strikes(rule, request)).map(({ fault }) => fault)
      for (const fault of faults) {
        if (fault.kind === 'delay') await sleep(fault.ms)
        if (fault.kind === 'hook') await fault.before?.(request)
        const effect = instead(fault, request)
        if (effect) return effect
      }
      const answer = await proceed()
      for (const fault of faults) if (fault.kind === 'hook') await fault.after?.(request)
      return faults.some(({ kind }) => kind === 'swallow') ? 'cut' : answer
    },
  }
}

/** What a fault answers in place of AWS. */
function instead(fault: Fault, request: AwsRequest): Effect | undefined {
  switch (fault.kind) {
    case 'throttle':
      return throttled(request)
    case 'deny':
      return denied(request)
    case 'error':
      return errorAnswer(request, fault.status, fault.code, fault.message ?? fault.code)
    case 'reset':
      return 'cut'
    case 'lie':
      return lie(request, fault.answer)
    default:
      return undefined
  }
}

function throttled(request: AwsRequest): Answer {
  if (request.service === 'ec2')
    return errorAnswer(request, 503, 'RequestLimitExceeded', 'Request limit exceeded.')
  if (request.service === 's3')
    return errorAnswer(request, 503, 'SlowDown', 'Please reduce your request rate.')
  const code = request.protocol === 'awsJson' ? 'ThrottlingException' : 'Throttling'
  return errorAnswer(request, 400, code, 'Rate exceeded')
}

function denied(request: AwsRequest): Answer {
  const { service, operation, account } = request
  const message =
    `You are not authorized to perform this operation. User: arn:aws:iam::${account}:user/sandbox is not ` +
    `authorized to perform: ${service}:${operation} because no identity-based policy allows the ${service}:${operation} action`
  if (service === 'ec2') return errorAnswer(request, 403, 'UnauthorizedOperation', message)
  return request.protocol === 'awsJson'
    ? errorAnswer(request, 400, 'AccessDeniedException', message)
    : errorAnswer(request, 403, 'AccessDenied', message)
}

function lie(request: AwsRequest, answer: string | Record<string, unknown> = {}): Answer {
  if (typeof answer === 'string') return ec2Answer(request, answer)
  if (request.protocol !== 'awsJson') return ec2Answer(request, '<return>true</return>')
  return jsonAnswer({ ...invented(request), ...answer })
}

/** The fields without which the SDK or its caller would notice. */
function invented({ operation, input }: AwsRequest): Record<string, unknown> {
  if (operation === 'UpdateIPSet') return { NextLockToken: randomUUID() }
  if (operation === 'SendCommand')
    return { Command: { ...input, CommandId: randomUUID(), Status: 'Pending' } }
  return {}
}
