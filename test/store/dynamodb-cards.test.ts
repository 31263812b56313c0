import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { dynamoCards } from '../../src/store/dynamodb/card-items.ts'
import { connectionTo } from '../../src/store/dynamodb/dynamodb-store.ts'
import { newRunTable } from '../support/run-table.ts'
import { statementsOfRole, template } from '../template/cloudformation.ts'
import { aCard, keepsCards } from './contract/kept-cards.ts'
import { aRun, commitOf } from './example-commits.ts'
import { another, client, store, table, withRunTable } from './watched-run-table.ts'

withRunTable()
const clock = { now: () => Date.parse('2026-11-22T12:00:00.000Z') }

describe('cards in DynamoDB', () => {
  keepsCards(async () => dynamoCards(connectionTo(client, await newRunTable(client)), clock))

  test('go by themselves, longer after their last change than a run is kept', async () => {
    await dynamoCards(connectionTo(client, table), clock).put(aCard(), ['run-1'])
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }))
    expect(Items.map(({ expires }) => (Number(expires?.N) * 1000 - clock.now()) / 86_400_000)).toEqual([
      400, 400, 400,
    ])
  })

  test('are no run, commit or finding of theirs', async () => {
    await store.commit(commitOf(aRun('run-1')))
    const audit = await store.audit('run-1')
    await dynamoCards(connectionTo(client, table), clock).put(aCard(), ['run-1'])
    expect((await store.list()).map(({ id }) => id)).toEqual(['run-1'])
    expect(await store.audit('run-1')).toEqual(audit)
    expect(await store.attached('run-1')).toEqual([])
  })

  test('are written and looked for with what the role of their function grants, of which nothing is left over', async () => {
    await store.commit(commitOf(aRun('run-1')))
    await store.commit(commitOf(aRun('run-2')))
    const { calls, client: own, store: runs } = another()
    const cards = dynamoCards(connectionTo(own, table), clock)
    const stored = await cards.put(aCard(), ['run-1'])
    await cards.put({ ...stored!, ts: '1.0' }, ['run-1'])
    await cards.card(stored!.id)
    await Promise.all([runs.get('run-1'), runs.get('run-2')])
    const used = calls.flatMap(({ name, input }) =>
      name === 'TransactWriteItems'
        ? (input.TransactItems as object[]).flatMap(Object.keys).map((kind) => `dynamodb:${kind}Item`)
        : [`dynamodb:${name}`],
    )
    const granted = statementsOfRole(template('template.yaml').document, 'CardsRole')
      .flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith('dynamodb:'))
    expect([...new Set(used)].sort()).toEqual([...new Set(granted)].sort())
  })
})
