import type { CommandInvocation } from '@aws-sdk/client-ssm'
import { describe, expect, test } from '@jest/globals'
import { patchInstance as playbook } from '../../../playbooks/ssm/patch-instance.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import type { CommandStep } from '../../../src/playbook/step.ts'
import { steps } from '../planned.ts'
import { defaults, ID, look, machine, NOTHING, planOf, SENT, SENT_AT, TARGET } from './patched-machine.ts'

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
