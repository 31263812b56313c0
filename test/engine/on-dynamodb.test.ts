import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { type Call, watch } from '../support/dynamo-calls.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable, removeWhatIsPast } from '../support/run-table.ts'
import { openGroup } from './approval-scenes.ts'
import { APPROVE, AUTO, attack, policyOf, sshOpen, start, type World } from './simulated-world.ts'

const endpoint = withMinistack()
let client: DynamoDBClient | undefined
let table: string
let calls: Call[]
let world: World
afterAll(() => client?.destroy())

/** A world whose runs live in a table of their own. */
async function onDynamo(policy = AUTO): Promise<World> {
  client?.destroy()
  client = dynamoClient(endpoint())
  table = await newRunTable(client)
  calls = watch(client)
  return { ...openGroup(policy), store: dynamoStore(client, table) }
}

const writes = () => calls.filter(({ name }) => name === 'TransactWriteItems').length

describe('on DynamoDB', () => {
  beforeEach(async () => {
    world = await onDynamo()
  })

  test('an automatic run costs two transactions', async () => {
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(writes()).toBe(2)
    expect([...world.aws.groups.rules.keys()]).toEqual([])
  })

  test('two processes that get the same finding at once make one run of it', async () => {
    const processes = [start(world), start(world)]
    const reports = await Promise.all(
      processes.map(({ engine }) => engine.handle([sshOpen(world, 'sg-0web')], 'apply')),
    )
    expect(reports.flatMap(({ runs }) => runs.map(({ outcome }) => outcome))).not.toContain('failed')
    expect((await world.store.list()).filter(({ outcome }) => outcome === 'remediated')).toHaveLength(1)
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('a run is taken back, and marked as undone', async () => {
    const first = (await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')).runs[0]!
    const { runs } = await start(world, { answer: () => ({ kind: 'approve' }) }).engine.undo(first.id, {
      restFor: 'PT24H',
    })
    expect(runs).toMatchObject([{ outcome: 'undone', undoOf: first.id }])
    expect(await world.store.get(first.id)).toMatchObject({ undoneBy: runs[0]?.id })
  })

  test('an attacker is blocked for a day, and the sweep takes the entry out again', async () => {
    const set = world.aws.wafv2.addSet('rectify-block-v4', ['45.9.148.1/32'])
    world.aws.wafv2.addBlockingAcl('web', set, [
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/1',
    ])
    const { engine } = start(world)
    await engine.handle([attack(world, ['45.155.205.10'])], 'apply')
    expect(world.aws.wafv2.sets[0]?.Addresses).toEqual(['45.9.148.1/32', '45.155.205.10/32'])
    world.clock.advance(25 * 3_600_000)
    await engine.sweep()
    expect(world.aws.wafv2.sets[0]?.Addresses).toEqual(['45.9.148.1/32'])
  })

  test('a block that is extended for longer than runs are kept is taken out all the same', async () => {
    const set = world.aws.wafv2.addSet('rectify-block-v4', [])
    world.aws.wafv2.addBlockingAcl('web', set, [
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/1',
    ])
    world.policy = policyOf(
      'version: 1\nrules:\n  - when: { playbook: wafv2-block-attacker-ip }\n    mode: auto\n    parameters: { expiresAfter: 30d }\n',
    )
    const block = async () =>
      (await start(world).engine.handle([attack(world, ['45.155.205.10'])], 'apply')).runs[0]!
    const first = await block()
    const days = async (count: number) => {
      world.clock.advance(count * 24 * 3_600_000)
      await removeWhatIsPast(client!, table, world.clock.now())
    }
    for (let month = 0; month < 5; month++) {
      await days(29)
      await block()
    }
    await days(30)
    const swept = (await start(world).engine.sweep()).runs

    expect(swept).toMatchObject([{ outcome: 'undone', undoOf: first.id }])
    expect(world.aws.wafv2.sets[0]?.Addresses).toEqual([])
  })

  test('a run waits for its approval and is carried on by another process', async () => {
    world = await onDynamo(APPROVE)
    const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    expect(runs).toMatchObject([{ state: 'waiting', waitingFor: 'approval' }])
    const approved = await start(world).engine.approve(runs[0]!.id, {})
    expect(approved.runs).toMatchObject([{ outcome: 'remediated' }])
  })
})
