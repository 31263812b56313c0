import type { CommandInvocation, InstancePatchState } from '@aws-sdk/client-ssm'
import { describe, expect, test } from '@jest/globals'
import { patchInstance as playbook } from '../../../playbooks/ssm/patch-instance.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import type { Plan } from '../../../src/playbook/plan.ts'
import { isGoneLook, isNotApplicable, type PlannedSteps } from '../../../src/playbook/playbook.ts'
import { type CommandStep, SENT_AFTER } from '../../../src/playbook/step.ts'
import { type Answers, type FakeReader, fakeReader } from '../../support/reader.ts'

const ID = 'i-0abc1234def567890'
const ARN = `arn:aws:ec2:eu-central-1:111122223333:instance/${ID}`
const TARGET = { resource: ARN, id: ID, key: ARN }
const NOTHING = { addresses: [] }
const SENT_AT = '2026-01-01T12:00:00.000Z'
const SENT = { at: SENT_AT, details: { install: { CommandId: 'c-1' } } }

const defaults = playbook.parameters.parse({})
const rebooting = playbook.parameters.parse({ reboot: true })

function finding(id: string, type = 'AWS::SSM::PatchCompliance'): Finding {
  return {
    id: 'f1',
    version: '2026-01-01T00:00:00.000Z#0001',
    source: 'config',
    type: 'EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK',
    title: 'not patched',
    severity: 'MEDIUM',
    status: 'active',
    account: '111122223333',
    region: 'eu-central-1',
    partition: 'aws',
    resources: [{ type, id }],
    observedAt: '2026-01-01T00:00:00.000Z',
    evidence: {},
  }
}

type Counts = Partial<InstancePatchState>

interface Machine {
  power?: string
  agent?: string | null
  patches?: Counts | null
  tags?: { Key: string; Value: string }[]
}

function machine(
  { power = 'running', agent = 'Online', patches = { MissingCount: 3 }, tags = [] }: Machine = {},
  more: Answers = {},
): FakeReader {
  const ended = { OperationEndTime: new Date('2026-01-01T00:00:00Z') }
  return fakeReader({
    'ec2:DescribeInstances': () => ({
      Reservations: [{ Instances: [{ InstanceId: ID, State: { Name: power }, Tags: tags }] }],
    }),
    'ssm:DescribeInstanceInformation': () => ({
      InstanceInformationList: agent ? [{ InstanceId: ID, PingStatus: agent }] : [],
    }),
    'ssm:DescribeInstancePatchStates': () => ({
      InstancePatchStates: patches ? [{ InstanceId: ID, ...ended, ...patches }] : [],
    }),
    'ssm:ListCommands': () => ({ Commands: [] }),
    ...more,
  })
}

async function look(aws: FakeReader) {
  const seen = await playbook.inspect(TARGET, defaults, aws, { first: true, findings: [] })
  if (isGoneLook(seen)) throw new Error('gone')
  return seen
}

async function planOf(how: Machine, parameters = defaults) {
  const { state } = await look(machine(how))
  return playbook.plan(state, [], parameters, TARGET, NOTHING)
}

function steps(planned: object): PlannedSteps {
  expect(planned).toMatchObject({ kind: 'steps' })
  return planned as PlannedSteps
}

describe('the target', () => {
  test.each([ID, `AWS::SSM::ManagedInstanceInventory/${ID}`])('is the instance of %s', async (id) => {
    expect(await playbook.targets(finding(id), defaults, machine(), NOTHING)).toEqual([TARGET])
  })

  test.each([
    ['mi-0abc1234def567890', 'hybrid node'],
    ['AWS::SSM::ManagedInstanceInventory/mi-0abc1234def567890', 'hybrid node'],
  ])('is not %s: %s', async (id, why) => {
    const targets = await playbook.targets(finding(id), defaults, machine(), NOTHING)
    expect(isNotApplicable(targets) && targets.reason).toContain(why)
  })

  test('is not understood where the finding names something else', async () => {
    expect(await playbook.targets(finding('something'), defaults, machine(), NOTHING)).toMatchObject([
      {
        notUnderstood: expect.stringContaining('"something" is neither id nor ARN of an AWS::EC2::Instance'),
      },
    ])
  })

  test('can be named by id', () => {
    const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
    expect(playbook.named(ID, place)).toEqual(TARGET)
  })
})

describe('inspecting', () => {
  test.each(['terminated', 'shutting-down'])('an instance that is %s is gone', async (power) => {
    const look = { first: true, findings: [] }
    expect(isGoneLook(await playbook.inspect(TARGET, defaults, machine({ power }), look))).toBe(true)
  })

  test('an instance that is listed without a state is not gone', async () => {
    const listed = { Reservations: [{ Instances: [{ InstanceId: ID }] }] }
    const { state } = await look(machine({}, { 'ec2:DescribeInstances': () => listed }))
    expect(state).toMatchObject({ power: 'in no known state' })
  })

  test('an instance that is not listed is gone', async () => {
    const aws = machine({}, { 'ec2:DescribeInstances': () => ({ Reservations: [] }) })
    expect(isGoneLook(await playbook.inspect(TARGET, defaults, aws, { first: true, findings: [] }))).toBe(
      true,
    )
  })

  test('reads tags, asks for this instance by filter, and the state survives storage', async () => {
    const tags = [
      { Key: 'Name', Value: 'web-1' },
      { Key: 'aws:autoscaling:groupName', Value: 'web' },
    ]
    const aws = machine({ tags })
    const seen = await look(aws)
    expect(seen.tags).toEqual({ Name: 'web-1', 'aws:autoscaling:groupName': 'web' })
    expect(JSON.parse(JSON.stringify(seen.state))).toEqual(seen.state)
    expect(aws.calls[0]?.input).toEqual({ Filters: [{ Name: 'instance-id', Values: [ID] }] })
    expect(await playbook.impact(seen.state, aws, TARGET, { before: {}, after: {} }, defaults)).toMatchObject(
      {
        summary: `instance web-1 (${ID}), running, in Auto Scaling group web`,
        count: 1,
      },
    )
  })
})

describe('the plan', () => {
  test('is one patch run without a restart, which cannot be undone nor blindly repeated', async () => {
    const plan = steps(
      await planOf({ patches: { MissingCount: 3, FailedCount: 1, InstalledPendingRebootCount: 2 } }),
    )
    expect(plan.steps).toHaveLength(1)
    expect(plan.steps[0]).toMatchObject({
      call: {
        service: 'ssm',
        operation: 'SendCommand',
        input: {
          DocumentName: 'AWS-RunPatchBaseline',
          InstanceIds: [ID],
          Parameters: { Operation: ['Install'], RebootOption: ['NoReboot'] },
          TimeoutSeconds: 600,
        },
      },
      undo: { irreversible: expect.stringContaining('snapshot') },
      kind: 'command',
      mark: {
        field: 'Comment',
        // By node it would be found only once the node has it.
        find: {
          service: 'ssm',
          operation: 'ListCommands',
          input: {
            Filters: [
              { key: 'DocumentName', value: 'AWS-RunPatchBaseline' },
              { key: 'InvokedAfter', value: SENT_AFTER },
            ],
          },
        },
        items: 'Commands',
        id: 'CommandId',
      },
      settles: { timeoutSeconds: 3600 },
      permissions: [
        { action: 'ssm:SendCommand', resource: ARN },
        { action: 'ssm:SendCommand', resource: 'arn:aws:ssm:eu-central-1::document/AWS-RunPatchBaseline' },
      ],
    })
    expect(plan.before).toEqual({ missing: 3, failed: 1, pendingReboot: 2 })
    expect(plan.after).toEqual({ missing: 0, failed: 0 })
  })

  test('restarts only where the policy says so', async () => {
    const plan = steps(await planOf({ patches: { InstalledPendingRebootCount: 2 } }, rebooting))
    expect(plan.steps[0]?.call.input).toMatchObject({ Parameters: { RebootOption: ['RebootIfNeeded'] } })
    expect(plan.after).toEqual({ missing: 0, failed: 0, pendingReboot: 0 })
    expect(plan.warnings?.join()).toContain('restarts')
  })

  test('is made for an instance that was never scanned', async () => {
    const plan = steps(await planOf({ patches: null }))
    expect(plan.before).toEqual({ missing: null, failed: null, pendingReboot: null })
    expect(plan.warnings?.join()).toContain('never scanned')
  })

  test('is empty when nothing is missing, failed or pending', async () => {
    expect(await planOf({ patches: {} })).toMatchObject({ kind: 'compliant' })
  })

  test('does not restart for a pending restart alone', async () => {
    const planned = await planOf({ patches: { InstalledPendingRebootCount: 2 } })
    expect(isNotApplicable(planned) && planned.reason).toMatch(/^a reboot is pending/)
  })

  test.each([
    [{ agent: null }, 'no SSM agent'],
    [{ agent: 'ConnectionLost', power: 'stopped' }, 'ConnectionLost (the instance is stopped)'],
  ])('is not made when the agent is not online: %j', async (how, why) => {
    const planned = await planOf(how)
    expect(isNotApplicable(planned) && planned.reason).toContain(why)
  })

  test('takes as long as the policy allows', async () => {
    const patient = playbook.parameters.parse({ timeout: '90m' })
    expect(steps(await planOf({}, patient)).steps[0]).toMatchObject({ settles: { timeoutSeconds: 5400 } })
  })
})

describe('the command', () => {
  const step = async () => steps(await planOf({})).steps[0] as CommandStep
  const settle = async (answer: () => unknown, details = SENT.details) => {
    const aws = machine({}, { 'ssm:ListCommandInvocations': answer })
    const settled = await playbook.command!.settle(await step(), TARGET, { at: SENT_AT, details }, aws)
    return { settled, asked: aws.calls.at(-1)?.input }
  }
  const stands = (invocation: Partial<CommandInvocation>) => () => ({
    CommandInvocations: [
      { InstanceId: 'i-0another0000000000', Status: 'Success' },
      { InstanceId: ID, ...invocation },
    ],
  })
  const refused = (code: string, kind: 'gone' | 'denied') => () => {
    throw new AwsError({ kind, code, action: 'ssm:ListCommandInvocations' }, code)
  }

  test.each(['Pending', 'InProgress', 'Delayed', 'Cancelling'] as const)(
    'runs while it is %s',
    async (Status) => {
      expect((await settle(stands({ Status }))).settled).toEqual({ kind: 'running' })
    },
  )

  test('has ended when it succeeded on the instance, and is asked for by its id, as a whole', async () => {
    expect(await settle(stands({ Status: 'Success' }))).toEqual({
      settled: { kind: 'ended' },
      asked: { CommandId: 'c-1', Details: true },
    })
  })

  test.each(['Failed', 'TimedOut', 'Cancelled'] as const)(
    'has ended badly when it is %s, with the details',
    async (Status) => {
      expect((await settle(stands({ Status, StatusDetails: 'ExecutionTimedOut' }))).settled).toEqual({
        kind: 'ended',
        fault: 'command c-1: ExecutionTimedOut',
      })
    },
  )

  test('that failed names the steps that did, with their exit status', async () => {
    const CommandPlugins: CommandInvocation['CommandPlugins'] = [
      { Name: 'PatchWindows', Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 },
      { Name: 'PatchLinux', Status: 'Failed', StatusDetails: 'Failed', ResponseCode: 156 },
      { Name: 'PatchMacOS', Status: 'Pending', ResponseCode: -1 },
    ]
    expect(
      (await settle(stands({ Status: 'Failed', StatusDetails: 'Failed', CommandPlugins }))).settled,
    ).toEqual({
      kind: 'ended',
      fault: 'command c-1: Failed, step PatchLinux ended with exit status 156',
    })
  })

  test('is still coming while no list has it, or its id is not known yet', async () => {
    expect((await settle(() => ({ CommandInvocations: [] }))).settled).toEqual({ kind: 'running' })
    expect((await settle(() => ({}))).settled).toEqual({ kind: 'running' })
    expect((await settle(refused('InvalidCommandId', 'gone'))).settled).toEqual({ kind: 'running' })
  })

  test('of which the state cannot be read is an error, not running', async () => {
    await expect(settle(refused('AccessDenied', 'denied'))).rejects.toThrow('AccessDenied')
  })

  test('accepted without an id may run still: nobody can be asked', async () => {
    const { settled } = await settle(() => ({}), {} as typeof SENT.details)
    expect(settled.kind).toBe('running')
  })
})

describe('a command that patches the instance already', () => {
  const planBeside = async (Status: string, Operation: string) => {
    const about = { Status, InstanceIds: [ID], Parameters: { Operation: [Operation] } }
    const others = { ...about, CommandId: 'c-8', InstanceIds: ['i-0another0000000000'] }
    const Commands = [others, { ...about, CommandId: 'c-9' }]
    const { state } = await look(machine({}, { 'ssm:ListCommands': () => ({ Commands }) }))
    return playbook.plan(state, [], defaults, TARGET, NOTHING)
  }

  test.each(['Pending', 'InProgress', 'Cancelling'])(
    'is waited for while it is %s, never doubled',
    async (status) => {
      expect(await planBeside(status, 'Install')).toEqual({
        kind: 'notApplicable',
        reason: 'patches are being installed by command c-9: look again when it has ended',
      })
    },
  )

  test.each([
    ['Success', 'Install'],
    ['Failed', 'Install'],
    ['InProgress', 'Scan'],
  ])('does not hinder when it is %s, or only looks: %s', async (status, operation) => {
    expect(await planBeside(status, operation)).toMatchObject({ kind: 'steps' })
  })
})

describe('a command that was sent to tags', () => {
  const install = { CommandId: 'c-9', Status: 'InProgress', Parameters: { Operation: ['Install'] } }
  const planOver = async (own: unknown[]) => {
    const commands = ({ InstanceId }: Record<string, unknown>) => ({ Commands: InstanceId ? own : [install] })
    const { state } = await look(machine({}, { 'ssm:ListCommands': commands }))
    return playbook.plan(state, [], defaults, TARGET, NOTHING)
  }

  test('is waited for where it has reached the instance', async () => {
    expect(await planOver([install])).toMatchObject({ kind: 'notApplicable' })
  })

  test('does not hinder where it has not', async () => {
    expect(await planOver([])).toMatchObject({ kind: 'steps' })
  })
})

describe('a node that Systems Manager does not know', () => {
  const unknown = (action: string) => () => {
    throw new AwsError({ kind: 'gone', code: 'InvalidInstanceId', action }, 'not in a valid state')
  }

  test.each(['ssm:ListCommands', 'ssm:DescribeInstanceInformation', 'ssm:DescribeInstancePatchStates'])(
    'has nothing that %s could give',
    async (read) => {
      const { state } = await look(machine({ agent: null, patches: null }, { [read]: unknown(read) }))
      const planned = playbook.plan(state, [], defaults, TARGET, NOTHING)
      expect(isNotApplicable(planned) && planned.reason).toContain('no SSM agent')
    },
  )

  test('is not one about which a read is denied', async () => {
    const action = 'ssm:ListCommands'
    const denied = () => {
      throw new AwsError({ kind: 'denied', code: 'AccessDenied', action }, 'no')
    }
    await expect(look(machine({}, { [action]: denied }))).rejects.toThrow('no')
  })
})

describe('the proof', () => {
  const proof = async (counts: Counts | null, faults?: Record<string, string>) => {
    const { state } = await look(machine({ patches: counts }))
    return playbook.command!.proof!(state, { region: 'eu-central-1' } as Plan, {
      ...SENT,
      ...(faults && { faults }),
    })
  }
  const after = { OperationEndTime: new Date('2026-01-01T12:04:00Z') }
  const output = '`aws ssm list-command-invocations --command-id c-1 --details --region eu-central-1`'
  const faults = { install: 'command c-1: Failed' }

  test('is a patch state of after the request with nothing left, whatever the command says of itself', async () => {
    expect(await proof(after)).toEqual({ kind: 'proven' })
    expect(await proof(after, faults)).toEqual({ kind: 'proven' })
  })

  test('does not take an older patch state, however good', async () => {
    expect(await proof({ OperationEndTime: new Date(SENT_AT) })).toEqual({ kind: 'notYet' })
    expect(await proof(null)).toEqual({ kind: 'notYet' })
  })

  test('fails with the counts when patches are left, and says where the output is', async () => {
    expect(await proof({ ...after, MissingCount: 2, FailedCount: 1 })).toEqual({
      kind: 'failed',
      reason: `after the patch run 2 patches are missing and 1 failed (its output: ${output})`,
    })
    expect(await proof({ ...after, MissingCount: 1 })).toMatchObject({
      reason: expect.stringContaining('1 patch is missing and 0 failed'),
    })
  })

  test('is open while a restart is pending', async () => {
    expect(await proof({ ...after, InstalledPendingRebootCount: 1 }, faults)).toEqual({
      kind: 'unverified',
      reason: 'reboot pending',
    })
  })

  test('is open where AWS counts something else against the instance', async () => {
    expect(await proof({ ...after, InstalledRejectedCount: 2 })).toEqual({
      kind: 'unverified',
      reason: '2 installed patches are on the rejected list',
    })
  })

  test('of a command that failed and wrote no patch state is, in the end, what the state before it says', async () => {
    const before = { OperationEndTime: new Date('2026-01-01T11:00:00Z') }
    const asOf = 'no patch state was written since; as of 2026-01-01T11:00:00.000Z'
    expect(await proof({ ...before, MissingCount: 3 }, faults)).toEqual({
      kind: 'notYet',
      otherwise: { kind: 'failed', reason: `${asOf} 3 patches are missing and 0 failed` },
    })
    expect(await proof(before, faults)).toMatchObject({ otherwise: { kind: 'unverified' } })
    expect(await proof(null, faults)).toEqual({
      kind: 'notYet',
      otherwise: { kind: 'unverified', reason: 'the instance has no patch state' },
    })
  })
})

describe('what AWS counts against an instance and no installation changes', () => {
  test.each<[string, Counts]>([
    [
      '2 installed patches are on the rejected list',
      { InstalledRejectedCount: 2, SecurityNonCompliantCount: 2 },
    ],
    ['1 installed patch is on the rejected list', { InstalledRejectedCount: 1 }],
    [
      '4 security updates are available that the baseline does not approve yet',
      { AvailableSecurityUpdateCount: 4 },
    ],
    [
      '4 security updates are available that the baseline does not approve yet',
      { AvailableSecurityUpdateCount: 4, CriticalNonCompliantCount: 1, OtherNonCompliantCount: 3 },
    ],
    [
      '3 further patches are non-compliant, AWS says',
      { CriticalNonCompliantCount: 1, OtherNonCompliantCount: 2 },
    ],
    [
      'a reboot is pending for 2 installed patches; parameters.reboot allows it, or restart it yourself; 1 installed patch is on the rejected list',
      { InstalledPendingRebootCount: 2, InstalledRejectedCount: 1, SecurityNonCompliantCount: 3 },
    ],
  ])('is no compliance: %s', async (reason, patches) => {
    expect(await planOf({ patches })).toEqual({ kind: 'notApplicable', reason })
  })

  test('is not what the baseline lets pass: AWS then counts nothing as non-compliant', async () => {
    const passed = { CriticalNonCompliantCount: 0, SecurityNonCompliantCount: 0, OtherNonCompliantCount: 0 }
    expect(await planOf({ patches: { ...passed, AvailableSecurityUpdateCount: 4 } })).toMatchObject({
      kind: 'compliant',
    })
  })

  test('is told beside an installation', async () => {
    const { warnings } = steps(await planOf({ patches: { MissingCount: 3, InstalledRejectedCount: 2 } }))
    expect(warnings).toContain(
      '2 installed patches are on the rejected list: an installation does not change that',
    )
  })
})

test('a step is done when nothing that it was to change is left', async () => {
  const left = { MissingCount: 1 }
  const pending = { InstalledPendingRebootCount: 1 }
  for (const [parameters, patches, status] of [
    [defaults, left, 'todo'],
    [defaults, { FailedCount: 1 }, 'todo'],
    [defaults, pending, 'done'],
    [rebooting, pending, 'todo'],
    [rebooting, {}, 'done'],
  ] as const) {
    const plan = steps(await planOf({}, parameters)) as unknown as Plan
    const { state } = await look(machine({ patches }))
    expect(playbook.status(plan.steps[0]!, state, plan)).toBe(status)
  }
})
