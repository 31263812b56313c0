import type { Aws, CallOptions, Identity, Place } from '../../aws/port.ts'
import { readers } from '../../aws/reader.ts'
import { sdkAws } from '../../aws/sdk.ts'
import { type ApiCall, isRead } from '../../playbook/api.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { ServiceDefinition } from '../../playbook/service/service.ts'
import { clientConfig, type SandboxEnvironment } from '../client-config.ts'
import type { Renaming } from './renaming.ts'

/** Emulators on this machine: nothing else is ever spoken to. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * The emulators by the whole clients of the SDK: a copy takes calls that no playbook makes. Credentials and endpoint are
 * the sandbox's own, whatever the caller's environment says.
 * @throws TypeError for an endpoint that is not on this machine
 */
export function emulatorAws(env: SandboxEnvironment, services: readonly ServiceDefinition[]): Aws {
  const { endpoint, region, credentials } = clientConfig(env)
  const { hostname } = new URL(endpoint)
  if (!LOOPBACK.has(hostname))
    throw new TypeError(`${hostname} is no sandbox: a twin is made on loopback only`)
  return sdkAws({
    services: services.map(whole),
    endpoint,
    region,
    credentials: async () => credentials,
    // What an emulator refuses it refuses again.
    attempts: 2,
  })
}

function whole(service: ServiceDefinition): ServiceDefinition {
  const client = service.client ?? `@aws-sdk/client-${service.id}`
  const load = async () => {
    const all = import(client).catch((error: unknown) => {
      if (isNotInstalled(error, client)) return {}
      throw error
    }) as Promise<object>
    return { ...(await all), ...(await service.load()) }
  }
  return { ...service, load }
}

/**
 * A service of one's own has its client in a folder of one's own: what `client.ts` there carries is all that is called then, and
 * other calls are refused as unknown.
 */
function isNotInstalled(error: unknown, client: string): boolean {
  const { code = '', message = '' } = error as Partial<NodeJS.ErrnoException>
  return code.endsWith('MODULE_NOT_FOUND') && message.includes(`'${client}'`)
}

/** The emulators, by the ids and the account by which AWS knows what is copied there. */
export interface TwinAws extends Aws {
  /** Calls that changed something, as they were sent for the engine, in the ids of AWS. */
  readonly sent: readonly ApiCall[]
}

/**
 * AWS as the engine shall see it for a twin: each id goes to the emulators as theirs and comes back as AWS's. It has no way
 * to anywhere else.
 * @param identity whom the engine takes itself for: of the real account, which is not asked
 */
export function twinAws(emulator: Aws, renaming: Renaming, identity: Identity): TwinAws {
  const sent: ApiCall[] = []
  const { services } = emulator

  async function send(place: Place, call: ApiCall, options: CallOptions = {}) {
    if (!isRead(call.operation) && !options.dryRun) sent.push(call)
    const { session: _, ...how } = options
    try {
      const answer = await emulator.send(renaming.renamed(place), renaming.renamed(call), how)
      return renaming.renamed(answer)
    } catch (error) {
      throw renamedError(error, renaming)
    }
  }

  return {
    services,
    sent,
    identity: async () => identity,
    reaches: async () => true,
    changesAs: async () => identity.arn,
    send,
    reader: readers(send, services),
  }
}

function renamedError(error: unknown, renaming: Renaming): unknown {
  if (!(error instanceof AwsError)) return error
  const { kind, code, action, inDoubt, requestId, principal, region } = error
  const facts = { kind, code, action, inDoubt, requestId, principal, region }
  return new AwsError(facts, renaming.renamed(error.message), { cause: error })
}
