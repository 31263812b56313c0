import { describe, expect, test } from '@jest/globals'
import { patchInstance as playbook } from '../../../playbooks/ssm/patch-instance.ts'
import type { Plan } from '../../../src/playbook/plan.ts'
import { steps } from '../planned.ts'
import { type Counts, look, machine, planOf, SENT, SENT_AT } from './patched-machine.ts'

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
