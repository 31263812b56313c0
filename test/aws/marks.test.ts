import { beforeEach, describe, expect, test } from '@jest/globals'
import { findMark } from '../../src/aws/marks.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { SENT_AFTER } from '../../src/playbook/step.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'

const DAY = 86_400_000
const ID = 'i-00000001'
const DOCUMENT = 'AWS-RunPatchBaseline'
const find: ApiCall = {
  service: 'ssm',
  operation: 'ListCommands',
  input: {
    Filters: [
      { key: 'DocumentName', value: DOCUMENT },
      { key: 'InvokedAfter', value: SENT_AFTER },
    ],
  },
}
const mark = { field: 'Comment', find, items: 'Commands', id: 'CommandId' }

let clock: SimulatedClock
/** When the first call may have been sent. */
let sentAfter: number
let aws: AwsModel
const send = (Comment: string) =>
  aws.send(aws.place, {
    service: 'ssm',
    operation: 'SendCommand',
    input: {
      InstanceIds: [ID],
      DocumentName: DOCUMENT,
      Parameters: { Operation: ['Install'] },
      Comment,
    },
  })
const look = (value: string, patienceMs = 10_000) =>
  findMark(aws, aws.place, mark, value, { clock, patienceMs, sentAfter })

beforeEach(() => {
  clock = new SimulatedClock()
  sentAfter = clock.now()
  aws = new AwsModel(clock)
  aws.ssm.addInstance(ID)
})

describe('the mark of a call that was sent', () => {
  test('is found, however many other calls there are', async () => {
    await send('run-1/1/patch')
    for (let n = 0; n < 60; n++) await send(`other-${n}`)
    expect(await look('run-1/1/patch')).toBe(aws.ssm.commands[0]?.CommandId)
  })

  test('is waited for while the list may lag behind', async () => {
    aws.ssm.listLagMs = 4_000
    await send('run-1/1/patch')
    expect(await look('run-1/1/patch')).toBe(aws.ssm.commands[0]?.CommandId)
  })

  test('that was never sent is undefined when patience ends, not before', async () => {
    const start = clock.now()
    expect(await look('run-1/1/patch', 10_000)).toBeUndefined()
    expect(clock.now() - start).toBe(10_000)
  })

  test('is the whole text, not its beginning', async () => {
    await send('run-1/1/patch-2')
    expect(await look('run-1/1/patch', 0)).toBeUndefined()
  })

  test('is found before the call has reached its node', async () => {
    aws.ssm.endings.set(ID, { deliveredMs: 600_000 })
    await send('run-1/1/patch')
    expect(await look('run-1/1/patch', 0)).toBe(aws.ssm.commands[0]?.CommandId)
  })

  test('is found by a clock that is hours ahead of the one of AWS', async () => {
    await send('run-1/1/patch')
    sentAfter += 14 * 3_600_000
    expect(await look('run-1/1/patch', 0)).toBe(aws.ssm.commands[0]?.CommandId)
  })

  test('is not looked for among all that was ever sent', async () => {
    await send('run-1/1/patch')
    clock.advance(2 * DAY)
    sentAfter = clock.now()
    expect(await look('run-1/1/patch', 0)).toBeUndefined()
  })
})
