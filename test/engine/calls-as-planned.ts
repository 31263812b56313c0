import { expect } from '@jest/globals'
import type { Step } from '../../src/playbook/step.ts'
import type { Run } from '../../src/run/run.ts'
import type { RecordedCall } from '../support/aws-model.ts'
import type { World } from './simulated-world.ts'

/** Notes what an IP set holds right before each write to it: what the writer must have read, by the lock token. */
export function watchSetWrites({ aws }: World): Map<RecordedCall, string[]> {
  const held = new Map<RecordedCall, string[]>()
  aws.fault({
    on: 'wafv2:UpdateIPSet',
    before: (call) => {
      held.set(call, [...(aws.wafv2.sets.find(({ Id }) => Id === call.input.Id)?.Addresses ?? [])])
    },
  })
  return held
}

/** Every change on the wire is a step of this run's plan, and every call is one that the playbook declares. */
export function expectOnlyPlanned(world: World, run: Run, held: Map<RecordedCall, string[]>): void {
  const { playbook, calls } = { playbook: run.playbook, calls: world.aws.changes() }
  for (const call of calls) {
    const step = run.plan?.steps.find(({ call: { operation } }) => operation === call.operation)
    expect({ playbook, planned: step !== undefined, call }).toMatchObject({ planned: true })
    expectStep(run, step!, call, held.get(call))
    expect(call).toMatchObject({ account: run.account, region: run.region })
  }
}

function expectStep(run: Run, step: Step, { input }: RecordedCall, held: string[] = []): void {
  if (step.kind === 'merge') {
    const { add, remove, field } = step.merge
    const { [field]: written, LockToken, Description, ...rest } = input
    const expected = [...new Set([...held, ...add])].filter((entry) => !remove.includes(entry))
    expect(written).toEqual(expected)
    expect(rest).toEqual(step.call.input)
    return
  }
  if (step.kind === 'subset') {
    const { [step.subset]: planned, ...fixed } = step.call.input
    const { [step.subset]: sent, ...rest } = input
    expect(rest).toEqual(fixed)
    expect(planned).toEqual(expect.arrayContaining(sent as string[]))
    return
  }
  const mark = step.kind === 'command' ? { [step.mark.field]: `${run.id}/${run.round}/${step.id}` } : {}
  expect(input).toEqual({ ...step.call.input, ...mark })
}
