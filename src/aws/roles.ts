import { isRead } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { canonicalJson } from '../playbook/json.ts'
import { Turns } from './attempts/turns.ts'
import {
  type ClientOptions,
  type Credentials,
  clients,
  connectionsOf,
  MOST_UNDER_WAY,
  type SendCall,
} from './clients.ts'
import type { Aws, RoleSession } from './port.ts'
import { awsOver, type Credentialed, identityOf } from './sdk.ts'
import { Services } from './services.ts'

export interface RoleOptions extends ClientOptions {
  /** ARN of the role to assume in an account for looking or for changing; undefined: none is configured. */
  roleFor(account: string, phase: 'read' | 'change'): string | undefined
  /** What the roles of member accounts ask for. */
  externalId?: string
}

/** Sessions that are kept with their clients; the oldest goes when there are more. */
const MOST_SESSIONS = 50
const SESSION_SECONDS = 900

/** The name of the session in which runs look: whoever reads for several at once reads for none of them. */
const LOOKING = 'rectify'

/**
 * AWS with assumed roles. Runs look in one session of an account, so that their reads can be joined; what changes
 * something has a session per run, named after it, that may do what the role may, and of that only the actions and
 * resources of the run's plan (session policy).
 * @returns makes a port whose reads remember what the port was told (`Reader.optional`) and nothing from before; all
 *   share sessions, connections and turns
 */
export function rolesAws(given: RoleOptions): () => Aws {
  const options = {
    ...given,
    // A throttled account is throttled for every session in it.
    turns: given.turns ?? new Turns(given.concurrency ?? MOST_UNDER_WAY),
    connections: given.connections ?? connectionsOf(given),
  }
  const own = clients(options)
  const identity = identityOf(own)
  const senders = new Map<string, SendCall>()

  function senderOf(role: string, session: string, policy?: object): SendCall {
    const key = canonicalJson([role, session, policy])
    const known = senders.get(key)
    if (known) {
      // Used last, it goes last.
      senders.delete(key)
      senders.set(key, known)
      return known
    }
    const oldest = senders.keys().next()
    const account = role.split(':')[4]
    if (senders.size >= MOST_SESSIONS && !oldest.done) senders.delete(oldest.value)
    const made = clients({
      ...options,
      ...(account !== undefined && { account }),
      credentials: () => assume(role, session, policy),
    })
    senders.set(key, made)
    return made
  }

  async function assume(RoleArn: string, RoleSessionName: string, policy: object | undefined) {
    const answer = await own(undefined, {
      service: 'sts',
      operation: 'AssumeRole',
      input: {
        RoleArn,
        RoleSessionName,
        DurationSeconds: SESSION_SECONDS,
        ...(policy && { Policy: JSON.stringify(policy) }),
        ...(options.externalId && { ExternalId: options.externalId }),
      },
    })
    return credentialsOf(answer.Credentials as Record<string, unknown>)
  }

  const services = new Services(options.services)
  const credentialed: Credentialed = {
    services,
    identity,
    reaches: async (account) => options.roleFor(account, 'read') !== undefined,
    changesAs: async (account) => options.roleFor(account, 'change') ?? noRole(account, 'sts:AssumeRole'),
    async senderFor(place, call, session = { name: LOOKING }) {
      const phase = isRead(call.operation) ? 'read' : 'change'
      const role = options.roleFor(place.account, phase) ?? noRole(place.account, services.iamAction(call))
      return phase === 'read' ? senderOf(role, LOOKING) : senderOf(role, session.name, sessionPolicy(session))
    },
  }
  return () => awsOver(credentialed)
}

function noRole(account: string, action: string): never {
  throw new AwsError(
    { kind: 'final', code: 'NoRole', action },
    `no role is configured for account ${account}`,
  )
}

/**
 * The caller's own account by the caller's own credentials, and these others by roles in them.
 * @param caller the account of `own`
 * @param members reaches the others
 */
export function withMembers(own: Aws, caller: string, members: Aws, accounts: readonly string[]): Aws {
  const others = new Set(accounts.filter((account) => account !== caller))
  const of = (account: string): Aws => (others.has(account) ? members : own)
  return {
    services: own.services,
    identity: () => own.identity(),
    reaches: async (account) => others.has(account) || own.reaches(account),
    changesAs: (account) => of(account).changesAs(account),
    reader: (place, reads, warn) => of(place.account).reader(place, reads, warn),
    send: (place, call, options) => of(place.account).send(place, call, options),
  }
}

/**
 * Exactly what the plan's steps need: nothing else can be done with the session, whatever the role may. One statement
 * per resource, because STS takes 2,048 characters (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 */
function sessionPolicy({ permissions = [] }: RoleSession): object {
  const byResource = Map.groupBy(permissions, ({ resource }) => resource)
  const Statement = [...byResource].map(([resource, needs]) => ({
    Effect: 'Allow',
    Action: [...new Set(needs.map(({ action }) => action))],
    Resource: resource,
  }))
  // A policy needs a statement; a session without permissions may do nothing.
  const nothing = [{ Effect: 'Deny', Action: '*', Resource: '*' }]
  return { Version: '2012-10-17', Statement: Statement.length > 0 ? Statement : nothing }
}

function credentialsOf(credentials: Record<string, unknown>): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials
  return {
    accessKeyId: String(AccessKeyId),
    secretAccessKey: String(SecretAccessKey),
    sessionToken: String(SessionToken),
    ...(Expiration instanceof Date && { expiration: Expiration }),
  }
}
