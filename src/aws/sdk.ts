import type { ApiCall } from '../playbook/api.ts'
import { iamAction } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { type ClientOptions, clients } from './clients.ts'
import { dryRunnable } from './dry-run.ts'
import { EndpointProblem } from './errors.ts'
import type { Aws, CallOptions, Identity, Place } from './port.ts'
import { readers } from './reader.ts'

/** Where STS answers when nothing names a region. */
const STS_REGION = 'us-east-1'

/**
 * AWS through its SDK, with the caller's own credentials. A call for another account than theirs is refused here,
 * whatever the engine thinks: it would otherwise change the caller's account. Errors are `AwsError`, among them
 * `CredentialsProblem` and `EndpointProblem`.
 */
export function sdkAws(options: ClientOptions = {}): Aws {
  const sendCall = clients(options)
  let asked: Promise<Identity> | undefined

  function identity(): Promise<Identity> {
    asked ??= whoAmI().catch((error: unknown) => {
      asked = undefined
      throw error
    })
    return asked
  }

  async function whoAmI(): Promise<Identity> {
    const call: ApiCall = { service: 'sts', operation: 'GetCallerIdentity', input: {} }
    const answer = await sendCall(undefined, call).catch((error: unknown) => {
      if (error instanceof EndpointProblem && error.code === 'RegionMissing')
        return sendCall(STS_REGION, call)
      throw error
    })
    const arn = String(answer.Arn)
    return { account: String(answer.Account), arn, partition: arn.split(':')[1] ?? 'aws' }
  }

  async function send(place: Place, call: ApiCall, { dryRun, ...how }: CallOptions = {}) {
    const caller = await identity()
    if (caller.account !== place.account) {
      const action = iamAction(call.service, call.operation)
      const message = `${action} is for account ${place.account}, the credentials are of ${caller.account}`
      throw new AwsError({ kind: 'final', code: 'WrongAccount', action, principal: caller.arn }, message)
    }
    try {
      return await (dryRun ? sendDry(place, call, how) : sendCall(place.region, call, how))
    } catch (error) {
      throw withPrincipal(error, caller)
    }
  }

  /** Resolves when AWS would carry the call out: it says so by an error. */
  async function sendDry(place: Place, call: ApiCall, how: Omit<CallOptions, 'dryRun'>) {
    const action = iamAction(call.service, call.operation)
    if (!dryRunnable(call))
      throw new AwsError({ kind: 'final', code: 'NotDryRunnable', action }, `${action} knows no dry run`)
    try {
      await sendCall(place.region, { ...call, input: { ...call.input, DryRun: true } }, how)
    } catch (error) {
      if (error instanceof AwsError && error.code === 'DryRunOperation') return {}
      throw error
    }
    throw new AwsError(
      { kind: 'final', code: 'DryRunIgnored', action, inDoubt: true },
      `the endpoint answered the dry run of ${action} as if it had carried it out`,
    )
  }

  const reading = readers(send)
  return { identity, send, dryRunnable, reader: (place, reads, warn) => reading(place, reads, warn) }
}

/** A denial names its principal, also where AWS's message does not. */
function withPrincipal(error: unknown, { arn }: Identity): unknown {
  if (!(error instanceof AwsError) || error.kind !== 'denied' || error.principal) return error
  const { kind, code, action, inDoubt, requestId, message } = error
  return new AwsError({ kind, code, action, inDoubt, requestId, principal: arn }, message, { cause: error })
}
