import { beforeEach, describe, expect, test } from '@jest/globals'
import { call } from '../../src/playbook/api.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'

const ID = 'i-00000001'
const STRANGER = 'i-00000002'
const NEVER_SENT = '00000000-0000-4000-8000-0000000000ff'

let clock: SimulatedClock
let aws: AwsModel
beforeEach(() => {
  clock = new SimulatedClock()
  aws = new AwsModel(clock)
  aws.ssm.addInstance(ID, { MissingCount: 3 })
})

const ask = (operation: string, input: Record<string, unknown>) =>
  aws.send(aws.place, { service: 'ssm', operation, input })

async function send(more: Record<string, unknown> = {}): Promise<string> {
  const install = { InstanceIds: [ID], Parameters: { Operation: ['Install'] } }
  const input = { DocumentName: 'AWS-RunPatchBaseline', ...install, ...more }
  const answer = await ask('SendCommand', input)
  return (answer.Command as { CommandId: string }).CommandId
}

async function invocations(input: Record<string, unknown>) {
  // AWS leaves an empty list out.
  const { CommandInvocations = [] } = await ask('ListCommandInvocations', input)
  return CommandInvocations as { Status: string }[]
}

async function listed(input: Record<string, unknown>) {
  // AWS leaves an empty list out.
  const { Commands = [] } = await ask('ListCommands', input)
  return (Commands as { CommandId: string }[]).map(({ CommandId }) => CommandId)
}

describe('a patch command in the model of AWS', () => {
  test('takes its time and then changes the patch state', async () => {
    const CommandId = await send()
    const status = async () => (await invocations({ CommandId }))[0]?.Status
    const state = async () =>
      (await aws.send(aws.place, call('ssm', 'DescribeInstancePatchStates', { InstanceIds: [ID] })))
        .InstancePatchStates
    expect([await status(), await state()]).toMatchObject([
      'Pending',
      [{ Operation: 'Scan', MissingCount: 3 }],
    ])
    clock.advance(30_000)
    expect(await status()).toBe('InProgress')
    clock.advance(30_000)
    expect([await status(), await state()]).toMatchObject([
      'Success',
      [{ Operation: 'Install', MissingCount: 0 }],
    ])
  })

  test('is in no list right after it was sent, and in no list of its node before it has reached it', async () => {
    aws.ssm.listLagMs = 2_000
    aws.ssm.endings.set(ID, { deliveredMs: 10_000 })
    const CommandId = await send()
    expect([await invocations({ CommandId }), await listed({})]).toEqual([[], []])
    clock.advance(2_000)
    expect([await listed({}), await listed({ InstanceId: ID })]).toEqual([[CommandId], []])
    expect(await invocations({ CommandId })).toMatchObject([{ Status: 'Pending' }])
    clock.advance(8_000)
    expect(await listed({ InstanceId: ID })).toEqual([CommandId])
  })

  test('is executing until it has ended', async () => {
    const CommandId = await send()
    const stage = (value: string) => listed({ Filters: [{ key: 'ExecutionStage', value }] })
    expect([await stage('Executing'), await stage('Complete')]).toEqual([[CommandId], []])
    clock.advance(60_000)
    expect([await stage('Executing'), await stage('Complete')]).toEqual([[], [CommandId]])
  })

  test('that fails names the step that failed, and leaves a patch state only where that is said', async () => {
    aws.ssm.endings.set(ID, { status: 'Failed' })
    const CommandId = await send()
    clock.advance(60_000)
    expect(await invocations({ CommandId, Details: true })).toMatchObject([
      {
        Status: 'Failed',
        CommandPlugins: [
          { Name: 'PatchWindows', Status: 'Success' },
          { Name: 'PatchLinux', Status: 'Failed', ResponseCode: 1 },
          { Name: 'PatchMacOS', Status: 'Success' },
        ],
      },
    ])
    expect(aws.ssm.patchStates.get(ID)).toMatchObject({ Operation: 'Scan', MissingCount: 3 })
  })

  test('has several steps: one asks about one of them', async () => {
    const CommandId = await send()
    const about = { CommandId, InstanceId: ID }
    await expect(ask('GetCommandInvocation', about)).rejects.toMatchObject({ code: 'InvalidPluginName' })
    expect(await ask('GetCommandInvocation', { ...about, PluginName: 'PatchLinux' })).toMatchObject({
      Status: 'Pending',
    })
  })
})

describe('the model of Systems Manager refuses', () => {
  test.each([
    ['SendCommand', { DocumentName: 'AWS-RunPatchBaseline', InstanceIds: [STRANGER] }],
    ['ListCommands', { InstanceId: STRANGER }],
    ['ListCommandInvocations', { CommandId: NEVER_SENT, InstanceId: STRANGER }],
  ])('%s about a node that it does not manage', async (operation, input) => {
    await expect(ask(operation, input)).rejects.toMatchObject({ code: 'InvalidInstanceId' })
  })

  test.each([
    ['SendCommand', { InstanceIds: [ID] }],
    ['SendCommand', { DocumentName: 'AWS-RunPatchBaseline', InstanceIds: ['i-1'] }],
    ['SendCommand', { DocumentName: 'AWS-RunPatchBaseline', InstanceIds: [ID], Comment: 'x'.repeat(101) }],
    ['SendCommand', { DocumentName: 'AWS-RunPatchBaseline', InstanceIds: [ID], TimeoutSeconds: 29 }],
    ['ListCommands', { InstanceId: 'i-0web' }],
    ['ListCommands', { CommandId: 'c-1' }],
    ['ListCommands', { MaxResults: 51 }],
    ['ListCommands', { Filters: [] }],
    ['ListCommands', { Filters: [{ key: 'DocumentName' }] }],
    ['ListCommandInvocations', { CommandId: 'c-1' }],
    ['GetCommandInvocation', { CommandId: NEVER_SENT }],
    ['DescribeInstanceInformation', { MaxResults: 4 }],
    ['DescribeInstanceInformation', { Filters: [{ Key: 'InstanceIds', Values: [] }] }],
    ['DescribeInstancePatchStates', {}],
    ['DescribeInstancePatchStates', { InstanceIds: [ID, 'i-1'] }],
    ['DescribeInstancePatchStates', { InstanceIds: Array.from({ length: 51 }, () => ID) }],
    ['DescribeInstancePatchStates', { InstanceIds: [ID], MaxResults: 101 }],
  ])('%s %j: what it does not take by its form', async (operation, input) => {
    await expect(ask(operation, input)).rejects.toMatchObject({ code: 'ValidationException' })
  })

  test.each([
    ['ListCommands', 'Comment'],
    ['ListCommandInvocations', 'ExecutionStage'],
  ])('%s by %s', async (operation, key) => {
    const filtered = ask(operation, { Filters: [{ key, value: 'Executing' }] })
    await expect(filtered).rejects.toMatchObject({ code: 'InvalidFilterKey' })
  })

  test.each([{}, { Operation: ['Remove'] }, { Operation: ['Install'], Reboot: ['no'] }])(
    'a patch command with %j',
    async (Parameters) => {
      await expect(send({ Parameters })).rejects.toMatchObject({ code: 'InvalidParameters' })
    },
  )
})
