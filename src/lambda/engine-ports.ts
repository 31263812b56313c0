import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { skewTeller } from '../aws/attempts/clock-skew.ts'
import type { Aws, Place } from '../aws/port.ts'
import { rolesAws } from '../aws/roles.ts'
import { configRules } from '../engine/jobs/rule-facts.ts'
import type { EnginePorts, Waker } from '../engine/ports.ts'
import { changeCalendars } from '../engine/rails/calendars.ts'
import { systemClock, ulids } from '../engine/system.ts'
import { leave } from '../engine/waits/leave.ts'
import { leaseOwner } from '../engine/waits/lock-holders.ts'
import { messageOf } from '../playbook/message-of.ts'
import type { KnownPlaybook } from '../playbook/service/known-playbook.ts'
import { loadDeployedPolicy } from '../policy/file/load.ts'
import type { LoadedPolicy } from '../policy/rules.ts'
import { prompt } from '../queue/prompt.ts'
import { runsQueue, sqs, type TakenQueue } from '../queue/runs-queue.ts'
import type { Connection } from '../store/dynamodb/connection.ts'
import { connectionTo, dynamoStore } from '../store/dynamodb/dynamodb-store.ts'
import { deployedCollection } from './deployed-collection.ts'
import { endingWithInvocation, endOfInvocation } from './invoked.ts'
import { logger, policyUnusable } from './observe.ts'
import { ownFolder } from './own-modules.ts'
import { ownOfStack } from './settings/own-of-stack.ts'
import { roleFor, type Settings } from './settings/settings.ts'
import { queueWaker } from './waker.ts'

/** The engine in a function, what wakes runs that nobody stays for, and the connections that all of it shares. */
export interface DeployedEngine {
  portsFor(invocation: Invocation): Promise<EnginePorts>
  waker: Waker
  queue: TakenQueue
  sqs: SQSClient
  table: Connection
}

/** The engine's ports in a function: made once per container, and completed per invocation. */
export async function deployedEngine(settings: Settings): Promise<DeployedEngine> {
  const { collection, wrong } = await deployedCollection()
  const { playbooks, services } = collection
  const dynamo = endingWithInvocation(new DynamoDBClient(prompt()))
  const kept = { retentionDays: settings.runRetentionDays }
  const store = dynamoStore(dynamo, settings.table, kept)
  const awsOf = rolesAws({
    services,
    roleFor: (account, phase) => roleFor(settings, account, phase),
    ...(settings.externalId && { externalId: settings.externalId }),
    until: endOfInvocation,
    clockSkew: skewTeller((message) => logger.warn(message)),
  })
  const client = endingWithInvocation(sqs())
  const queue = runsQueue(settings.runsQueueUrl, client)
  const waker = queueWaker({ queue, clock: systemClock }, settings)
  const table = connectionTo(dynamo, settings.table, kept)
  const policyNow = await policyOf(settings, table, playbooks)
  const policyAt = async (): Promise<LoadedPolicy> => {
    if (wrong !== undefined) throw new Error(wrong)
    return policyNow()
  }
  // Beside the bundle it stays as it is for as long as the function: it is read once.
  const deployed = settings.policyPlace ? undefined : await usable(policyAt)
  const ids = ulids()
  const own = ownOfStack(settings)
  const rules = configRules(awsOf(), systemClock)
  const { account, region, partition } = settings
  const home = async () => ({ account, region, partition })
  const calendars = changeCalendars(awsOf(), systemClock, home)
  const organization = organizationBy(awsOf(), home)
  const portsFor: DeployedEngine['portsFor'] = async ({ id, endsAt, progress }) => ({
    aws: awsOf(),
    store,
    owners: leaseOwner(id),
    clock: systemClock,
    ids,
    playbooks,
    configRules: rules,
    calendars,
    organization,
    policy: deployed ?? (await usable(policyAt)),
    policyAt,
    own,
    patienceSeconds: settings.patienceSeconds,
    waits: leave(waker),
    ...(endsAt !== undefined && { endsAt }),
    ...(progress && { progress }),
  })
  return { portsFor, waker, queue, sqs: client, table }
}

/** Of the organisation only some policies ask: what asks for it is loaded when one does. */
function organizationBy(aws: Aws, home: () => Promise<Place>): NonNullable<EnginePorts['organization']> {
  const load = async () => {
    const { accountPlaces } = await import('../engine/account-places.ts')
    return accountPlaces(aws, home, systemClock)
  }
  let places: ReturnType<typeof load> | undefined
  return async (about, asks) => {
    places ??= load()
    return (await places)(about, asks)
  }
}

export interface Invocation {
  /** The request id: who drives the runs of this invocation. */
  id: string
  /** ms since 1970, UTC. */
  endsAt?: number
  progress?: NonNullable<EnginePorts['progress']>
}

/**
 * What gives the policy of a deployment: the one that was deployed last, wherever a container unpacked it, or what is in
 * force in S3 now.
 */
async function policyOf(
  { folder, policyPlace }: Settings,
  table: Connection,
  playbooks: readonly KnownPlaybook[],
): Promise<() => Promise<LoadedPolicy>> {
  if (policyPlace) {
    const { policyFromS3 } = await import('./policy/from-s3.ts')
    return policyFromS3(policyPlace, { table, clock: systemClock, playbooks })
  }
  let loaded: LoadedPolicy | undefined
  return async () => {
    loaded ??= await loadDeployedPolicy(join(folder, 'rectify.yaml'), playbooks, ownFolder)
    return loaded
  }
}

/** A policy that cannot be read or understood forbids every change, and raises an alarm. */
async function usable(load: () => Promise<LoadedPolicy>): Promise<LoadedPolicy> {
  try {
    return await load()
  } catch (error) {
    const message = messageOf(error)
    policyUnusable(message)
    return { kind: 'none', reason: `cannot evaluate policy: ${message}` }
  }
}
