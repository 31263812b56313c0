import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test } from '@jest/globals'
import { stuckRuns } from '../../src/engine/sweeping.ts'
import type { Run } from '../../src/run/run.ts'
import type { RunStore } from '../../src/run/store.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { APPROVE, AUTO, newWorld, sshOpen, type World } from '../engine/simulated-world.ts'
import { approval, aRun, aWaitingRun, commitOf } from '../store/example-commits.ts'
import { type Call, watch } from '../support/dynamo-calls.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { Deployment } from './simulated-deployment.ts'

/** What the deployed engine asks its table for does not grow with what waits, and not with what has ended. */

const endpoint = withMinistack()
const clients: DynamoDBClient[] = []
const newClient = () => {
  const client = dynamoClient(endpoint())
  clients.push(client)
  return client
}
afterEach(() => {
  for (const each of clients.splice(0)) each.destroy()
})

const FUTURE = Date.parse('2030-01-01T00:00:00.000Z')

/** A deployment whose table holds so many runs that wait for a person, and as many that have ended. */
async function deploymentBeside(waiting: number, policy = AUTO) {
  const table = await newRunTable(newClient())
  const others = dynamoStore(newClient(), table)
  for (let n = 0; n < waiting; n++) await beside(others, n)
  const client = newClient()
  const calls = watch(client)
  const world: World = { ...newWorld(policy), store: dynamoStore(client, table) }
  world.aws.groups.add('sg-0web', [{ from: 22, cidr: '0.0.0.0/0' }])
  return { world, deployment: new Deployment(world), calls }
}

async function beside(store: RunStore, n: number): Promise<void> {
  const resource = `arn:aws:ec2:eu-west-1:111122223333:security-group/sg-${n}`
  const target = { resource, id: `sg-${n}`, key: resource }
  const of = { target, resource, key: resource }
  await store.commit(commitOf(aWaitingRun(`waits-${n}`, 'hash', of), { due: FUTURE }))
  const closed = { ...of, state: 'closed' as const, outcome: 'remediated' as const }
  await store.commit(commitOf(aRun(`ended-${n}`, closed)))
}

/** Keys that were asked for, and what was called. */
function cost(calls: readonly Call[]) {
  const keys = calls.map(({ input }) => {
    const { TransactItems, RequestItems } = input as { TransactItems?: unknown[]; RequestItems?: object }
    const batch = Object.values(RequestItems ?? {}).flatMap(({ Keys }: { Keys: unknown[] }) => Keys)
    return TransactItems?.length ?? (RequestItems ? batch.length : 1)
  })
  return { keys: keys.reduce((sum, each) => sum + each, 0), calls: calls.map(({ name }) => name).sort() }
}

type Beside = Awaited<ReturnType<typeof deploymentBeside>>

const WORK: [what: string, policy: string, work: (on: Beside) => Promise<void>][] = [
  [
    'a finding, from its intake to its proof',
    AUTO,
    async ({ world, deployment }) => {
      await deployment.findings(sshOpen(world, 'sg-0web'))
      await deployment.invoke()
      expect(world.aws.changes()).toHaveLength(1)
    },
  ],
  [
    'an approval',
    APPROVE,
    async ({ world, deployment, calls }) => {
      await deployment.findings(sshOpen(world, 'sg-0web'))
      await deployment.invoke()
      const run = await newestOf(world)
      calls.length = 0
      const by = 'arn:aws:iam::123456789012:user/ann'
      const decision = { ...approval(by, run.plan!.hash), at: world.clock.iso() }
      await world.store.decide(run.id, decision, world.clock.now())
      await deployment.send({ kind: 'wake', run: run.id, why: 'decision' }, run.resource, 'decision')
      await deployment.invoke()
      expect(await newestOf(world)).toMatchObject({ id: run.id, outcome: 'remediated' })
    },
  ],
  [
    'a sweep with nothing due',
    AUTO,
    async ({ deployment, world }) => {
      await deployment.sweep()
      expect(await stuckRuns(world)).toEqual([])
    },
  ],
  [
    'the end of a command that is not ours',
    AUTO,
    async ({ world, calls }) => {
      expect(await world.store.runThatStarted('0123-4567')).toBeUndefined()
      expect(calls).toHaveLength(1)
    },
  ],
]

/** The newest run of the group. */
async function newestOf({ aws, store }: World): Promise<Run> {
  const key = `arn:aws:ec2:${aws.region}:${aws.account}:security-group/sg-0web`
  const id = await store.newest('ec2-close-open-ingress', key)
  return (await store.get(id!))!
}

test.each(WORK)(
  '%s costs the same beside 60 runs that wait and 60 that have ended',
  async (_, policy, work) => {
    const [alone, among] = [await deploymentBeside(0, policy), await deploymentBeside(60, policy)]
    for (const on of [alone, among]) {
      on.calls.length = 0
      await work(on)
    }
    expect(cost(among.calls)).toEqual(cost(alone.calls))
    expect(cost(alone.calls).keys).toBeGreaterThan(0)
  },
)

test('all that is due is woken, page by page, and each once', async () => {
  const { world, deployment } = await deploymentBeside(0)
  const wanted = 250
  for (let n = 0; n < wanted; n++) {
    const of = { resource: `arn:r-${n}`, target: { resource: `arn:r-${n}`, id: `r-${n}`, key: `arn:r-${n}` } }
    const waitingUntil = new Date(world.clock.now() - 1).toISOString()
    const run = aWaitingRun(`due-${String(n).padStart(3, '0')}`, 'hash', { ...of, waitingUntil })
    await world.store.commit(commitOf(run, { due: world.clock.now() - 1 }))
  }
  await deployment.sweep()
  const woken = deployment.queue.map(({ message }) => ('run' in message ? message.run : ''))
  expect(new Set(woken).size).toBe(wanted)
  expect(woken).toHaveLength(wanted)
})
