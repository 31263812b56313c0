import {
  type CommandFilterKey,
  DescribeInstanceInformationCommand,
  type DescribeInstanceInformationCommandInput,
  DescribeInstancePatchStatesCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  type ListCommandsCommandInput,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const sandbox = withSandbox()
let ssm: SSMClient
/** ms since 1970: the sandbox's clock in these tests. */
let now: number
beforeAll(() => {
  ssm = new SSMClient(clientConfig(sandbox()))
})
beforeEach(async () => {
  await sandbox().reset()
  now = Date.parse('2026-11-22T10:00:00Z')
  Object.assign(sandbox().control, { commandMs: 10_000, now: () => now })
})

const send = (name: string, more: Partial<SendCommandCommandInput> = {}) =>
  ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunPatchBaseline',
      InstanceIds: [sandbox().seeds[name]!],
      Parameters: { Operation: ['Install'], RebootOption: ['NoReboot'] },
      ...more,
    }),
  )
/** How the step of Linux of a command stands on an instance. */
const invocation = (
  CommandId: string | undefined,
  name: string,
  PluginName: string | undefined = 'PatchLinux',
) => ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: sandbox().seeds[name], PluginName }))
const list = async (input: ListCommandsCommandInput) =>
  (await ssm.send(new ListCommandsCommand(input))).Commands?.map(({ Comment }) => Comment)
const patchStates = async (...names: string[]) =>
  (
    await ssm.send(
      new DescribeInstancePatchStatesCommand({
        InstanceIds: names.map((name) => sandbox().seeds[name] ?? name),
      }),
    )
  ).InstancePatchStates

describe('a patch command', () => {
  test('is pending, then in progress, then successful, and only then changes the patch state', async () => {
    const { Command } = await send('patch-me')
    expect(Command?.Status).toBe('Pending')
    now += 5_000
    expect(await invocation(Command?.CommandId, 'patch-me')).toMatchObject({
      Status: 'InProgress',
      ResponseCode: -1,
    })
    expect((await patchStates('patch-me'))?.[0]).toMatchObject({ MissingCount: 3, Operation: 'Scan' })
    now += 5_000
    expect(await invocation(Command?.CommandId, 'patch-me')).toMatchObject({
      Status: 'Success',
      ResponseCode: 0,
    })
    expect((await patchStates('patch-me'))?.[0]).toMatchObject({
      Operation: 'Install',
      MissingCount: 0,
      InstalledCount: 44,
      OperationEndTime: new Date('2026-11-22T10:00:10Z'),
      RebootOption: 'NoReboot',
    })
  })

  test('fails where the patches fail', async () => {
    const { Command } = await send('patch-fails')
    now += 10_000
    expect(await invocation(Command?.CommandId, 'patch-fails')).toMatchObject({
      Status: 'Failed',
      ResponseCode: 1,
    })
    expect((await patchStates('patch-fails'))?.[0]).toMatchObject({ MissingCount: 0, FailedCount: 3 })
  })

  test('leaves patches pending a reboot unless it may reboot', async () => {
    await send('patch-needs-reboot')
    now += 10_000
    expect((await patchStates('patch-needs-reboot'))?.[0]).toMatchObject({ InstalledPendingRebootCount: 3 })
    await send('patch-needs-reboot', {
      Parameters: { Operation: ['Install'], RebootOption: ['RebootIfNeeded'] },
    })
    now += 10_000
    expect((await patchStates('patch-needs-reboot'))?.[0]).toMatchObject({
      InstalledPendingRebootCount: 0,
      InstalledCount: 44,
    })
  })

  test('to an instance that is offline waits until its delivery times out', async () => {
    const { Command } = await send('patch-offline', { TimeoutSeconds: 60 })
    now += 30_000
    expect(await invocation(Command?.CommandId, 'patch-offline')).toMatchObject({ Status: 'Pending' })
    now += 30_000
    expect(await invocation(Command?.CommandId, 'patch-offline')).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'DeliveryTimedOut',
    })
    expect((await patchStates('patch-offline'))?.[0]).toMatchObject({ MissingCount: 3 })
  })

  test('is listed with its comment, newest first, after the delay that lists have', async () => {
    sandbox().control.listDelayMs = 2_000
    await send('patch-me', { Comment: '01RUN/1/install' })
    expect(await list({})).toEqual([])
    now += 2_000
    expect(await list({})).toEqual(['01RUN/1/install'])
    await send('patch-me', { Comment: '01RUN/2/install' })
    now += 2_000
    expect(await list({})).toEqual(['01RUN/2/install', '01RUN/1/install'])
  })

  test('is found by document, time and stage; by its instance only once it has been delivered', async () => {
    await send('patch-me', { Comment: '01RUN/1/install' })
    const by = (key: CommandFilterKey, value: string) => list({ Filters: [{ key, value }] })
    expect(await by('DocumentName', 'AWS-RunPatchBaseline')).toHaveLength(1)
    expect(await by('DocumentName', 'AWS-RunShellScript')).toEqual([])
    expect(await by('InvokedAfter', '2026-11-22T10:00:00Z')).toHaveLength(1)
    expect(await by('InvokedAfter', '2026-11-22T10:00:01Z')).toEqual([])
    const InstanceId = sandbox().seeds['patch-me']
    expect([await by('ExecutionStage', 'Executing'), await list({ InstanceId })]).toEqual([
      ['01RUN/1/install'],
      [],
    ])
    now += 5_000
    expect(await list({ InstanceId })).toEqual(['01RUN/1/install'])
    now += 5_000
    expect(await by('ExecutionStage', 'Executing')).toEqual([])
    expect(await by('ExecutionStage', 'Complete')).toHaveLength(1)
  })

  test('stands on each of its instances as a whole, with the steps of its document', async () => {
    const { Command } = await send('patch-fails')
    const stands = async () =>
      (await ssm.send(new ListCommandInvocationsCommand({ CommandId: Command?.CommandId, Details: true })))
        .CommandInvocations
    expect(await stands()).toMatchObject([{ Status: 'Pending' }])
    now += 10_000
    expect(await stands()).toMatchObject([
      {
        InstanceId: sandbox().seeds['patch-fails'],
        Status: 'Failed',
        CommandPlugins: [
          { Name: 'PatchWindows', Status: 'Success' },
          { Name: 'PatchLinux', Status: 'Failed', ResponseCode: 1 },
          { Name: 'PatchMacOS', Status: 'Success' },
        ],
      },
    ])
  })

  test('has several steps: who asks about one must name it', async () => {
    const { Command } = await send('patch-me')
    const whole = new GetCommandInvocationCommand({
      CommandId: Command?.CommandId,
      InstanceId: sandbox().seeds['patch-me'],
    })
    await expect(ssm.send(whole)).rejects.toMatchObject({ name: 'InvalidPluginName' })
  })

  test('may say that it failed, and have installed all', async () => {
    const instance = sandbox().control.instances.get(sandbox().seeds['patch-me']!)!
    Object.assign(instance, { patching: 'complains', patches: { ...instance.patches, rejected: 2 } })
    const { Command } = await send('patch-me')
    now += 10_000
    expect(await invocation(Command?.CommandId, 'patch-me')).toMatchObject({ Status: 'Failed' })
    expect(await patchStates('patch-me')).toMatchObject([
      { MissingCount: 0, FailedCount: 0, InstalledRejectedCount: 2, SecurityNonCompliantCount: 2 },
    ])
  })

  test.each<[string, string, Partial<SendCommandCommandInput>, string]>([
    ['an instance that Systems Manager does not know', 'web-server', {}, 'InvalidInstanceId'],
    ['an unknown document', 'patch-me', { DocumentName: 'AWS-RunNothing' }, 'InvalidDocument'],
    ['an unknown operation', 'patch-me', { Parameters: { Operation: ['Remove'] } }, 'InvalidParameters'],
    ['an unknown parameter', 'patch-me', { Parameters: { Reboot: ['no'] } }, 'InvalidParameters'],
    ['an id of another form', 'patch-me', { InstanceIds: ['i-0web'] }, 'ValidationException'],
    ['too long a comment', 'patch-me', { Comment: 'x'.repeat(101) }, 'ValidationException'],
    ['too short a time', 'patch-me', { TimeoutSeconds: 29 }, 'ValidationException'],
  ])('is refused for %s', async (_what, name, more, error) => {
    await expect(send(name, more)).rejects.toMatchObject({ name: error, $metadata: { httpStatusCode: 400 } })
  })

  test.each([
    ['ListCommands', ListCommandsCommand],
    ['ListCommandInvocations', ListCommandInvocationsCommand],
  ])(
    'of an instance that Systems Manager does not manage cannot be asked for by %s',
    async (_operation, Lists) => {
      const InstanceId = sandbox().seeds['web-server']
      await expect(ssm.send(new Lists({ InstanceId }) as ListCommandsCommand)).rejects.toMatchObject({
        name: 'InvalidInstanceId',
      })
    },
  )

  test('that was never sent, or not to this instance, has no invocation', async () => {
    const { Command } = await send('patch-me')
    await expect(invocation(Command?.CommandId, 'patch-fails')).rejects.toMatchObject({
      name: 'InvocationDoesNotExist',
    })
  })
})

describe('instances', () => {
  const information = (input: DescribeInstanceInformationCommandInput) =>
    ssm.send(new DescribeInstanceInformationCommand(input))

  test('are found by id, online or not; those without an agent are not there', async () => {
    const { 'patch-me': on, 'patch-offline': off, 'web-server': none } = sandbox().seeds
    const Filters = [{ Key: 'InstanceIds', Values: [on!, off!, none!] }]
    const { InstanceInformationList } = await information({ Filters })
    expect(InstanceInformationList?.map(({ InstanceId, PingStatus }) => [InstanceId, PingStatus])).toEqual([
      [on, 'Online'],
      [off, 'ConnectionLost'],
    ])
  })

  test('come in pages', async () => {
    for (let n = 0; n < 4; n++) {
      const like = sandbox().control.instances.get(sandbox().seeds['patch-me']!)!
      sandbox().control.instances.set(`i-0000000000000000${n}`, like)
    }
    const first = await information({ MaxResults: 5 })
    expect(first.InstanceInformationList).toHaveLength(5)
    const second = await information({ MaxResults: 5, NextToken: first.NextToken! })
    expect(second.InstanceInformationList).toHaveLength(3)
    expect(second.NextToken).toBeUndefined()
  })

  test('without a scan have no patch state, and at most 50 are answered at once', async () => {
    expect(await patchStates('web-server')).toEqual([])
    const many = Array.from({ length: 51 }, (_, n) => `i-${String(n).padStart(17, '0')}`)
    await expect(patchStates(...many)).rejects.toMatchObject({ name: 'ValidationException' })
  })
})
