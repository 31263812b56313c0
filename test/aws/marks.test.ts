import { beforeEach, describe, expect, test } from '@jest/globals'
import { findMark } from '../../src/aws/marks.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'

const find: ApiCall = { service: 'ssm', operation: 'ListCommands', input: { InstanceId: 'i-1' } }
const mark = { field: 'Comment', find, items: 'Commands', id: 'CommandId' }

let clock: SimulatedClock
let aws: AwsModel
const send = (Comment: string) =>
  aws.send(aws.place, {
    service: 'ssm',
    operation: 'SendCommand',
    input: { InstanceIds: ['i-1'], DocumentName: 'AWS-RunPatchBaseline', Comment },
  })
const look = (value: string, patienceMs = 10_000) =>
  findMark(aws, aws.place, mark, value, { clock, patienceMs })

beforeEach(() => {
  clock = new SimulatedClock()
  aws = new AwsModel(clock)
  aws.ssm.addInstance('i-1')
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
})
