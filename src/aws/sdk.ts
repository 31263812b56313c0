import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { type ClientOptions, clients, type SendCall } from './clients.ts'
import { EndpointProblem, knownMore } from './errors.ts'
import { withoutFailures } from './failures-in-answers.ts'
import type { Aws, CallOptions, Identity, Place, RoleSession } from './port.ts'
import { readers } from './reader.ts'
import { Services } from './services.ts'

export interface SdkOptions extends ClientOptions {
  /** A region of the findings or runs in hand: asked for where nothing else says in which partition STS is. */
  about?: () => Promise<string | undefined>
}

/**
 * AWS through its SDK, with the caller's own credentials. A call for another account than theirs is refused here,
 * whatever the engine thinks: it would otherwise change the caller's account. Errors are `AwsError`, among them
 * `CredentialsProblem` and `EndpointProblem`.
 */
export function sdkAws({ about, ...options }: SdkOptions): Aws {
  const { profile } = options
  const services = new Services(options.services)
  const sendCall = clients(options)
  const identity = identityOf(sendCall, async () => {
    const region = await about?.()
    const { stsRegion } = await import('./sts-region.ts')
    return stsRegion({
      ...(profile !== undefined && { profile }),
      ...(region !== undefined && { about: region }),
    })
  })
  return awsOver({
    services,
    identity,
    reaches: async (account) => (await identity()).account === account,
    changesAs: async () => (await identity()).arn,
    async senderFor(place, call) {
      const caller = await identity()
      if (caller.account === place.account) return sendCall
      const action = services.iamAction(call)
      const message = `${action} is for account ${place.account}, the credentials are of ${caller.account}`
      throw new AwsError({ kind: 'final', code: 'WrongAccount', action, principal: caller.arn }, message)
    },
  })
}

/**
 * `sts:GetCallerIdentity`, once; a failure is not kept.
 * @param fallback where to ask when no region is configured
 */
export function identityOf(
  sendCall: SendCall,
  // Loaded when it is needed: a function always has a region.
  fallback: () => Promise<string> = async () => (await import('./sts-region.ts')).stsRegion({}),
): () => Promise<Identity> {
  let asked: Promise<Identity> | undefined

  async function whoAmI(): Promise<Identity> {
    const call: ApiCall = { service: 'sts', operation: 'GetCallerIdentity', input: {} }
    const answer = await sendCall(undefined, call).catch(async (error: unknown) => {
      if (error instanceof EndpointProblem && error.code === 'RegionMissing')
        return sendCall(await fallback(), call)
      throw error
    })
    const arn = String(answer.Arn)
    return { account: String(answer.Account), arn, partition: arn.split(':')[1] ?? 'aws' }
  }

  return () => {
    asked ??= whoAmI().catch((error: unknown) => {
      asked = undefined
      throw error
    })
    return asked
  }
}

/** With whose credentials a call is sent. */
export interface Credentialed {
  services: Services
  identity: Aws['identity']
  reaches: Aws['reaches']
  changesAs: Aws['changesAs']
  senderFor(place: Place, call: ApiCall, session: RoleSession | undefined): Promise<SendCall>
}

/** The port over the SDK, whoever's credentials are used. */
export function awsOver({ services, identity, reaches, changesAs, senderFor }: Credentialed): Aws {
  async function send(place: Place, call: ApiCall, { dryRun, session, ...how }: CallOptions = {}) {
    const sendCall = await senderFor(place, call, session)
    try {
      return await (dryRun
        ? sendDry(services, sendCall, place, call, how)
        : withoutFailures(services, call, await sendCall(place.region, call, how)))
    } catch (error) {
      throw withPrincipal(error, await identity())
    }
  }

  return { services, identity, reaches, changesAs, send, reader: readers(send, services) }
}

type How = Omit<CallOptions, 'dryRun' | 'session'>

/** Resolves when AWS would carry the call out: it says so by an error. */
async function sendDry(services: Services, sendCall: SendCall, place: Place, call: ApiCall, how: How) {
  const action = services.iamAction(call)
  if (!services.dryRunnable(call))
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

/** A denial names its principal, also where AWS's message does not. */
function withPrincipal(error: unknown, { arn }: Identity): unknown {
  if (!(error instanceof AwsError) || error.kind !== 'denied' || error.principal) return error
  return knownMore(error, { principal: arn })
}
