import { describe, expect, test } from '@jest/globals'
import { decideAs } from '../../src/engine/decide/decide-as.ts'
import type { Run } from '../../src/run/run.ts'
import { openGroup, terms } from '../engine/approval-scenes.ts'
import { policyOf, sshOpen, type World } from '../engine/simulated-world.ts'
import { Deployment } from './simulated-deployment.ts'

const JUNIOR = 'arn:aws:iam::123456789012:user/junior'
const SENIOR = 'arn:aws:iam::123456789012:user/senior'
const approvedBy = (...arns: string[]) =>
  terms(`{ approvers: [${arns.map((arn) => `"${arn}"`).join(', ')}] }`)

/** A run that the junior approved, and that is undone by somebody after the policy became another. */
async function undoneBy(by: string, policy: string): Promise<{ undo: Run; world: World }> {
  const world = openGroup(approvedBy(JUNIOR))
  const deployment = new Deployment(world)
  await deployment.findings(sshOpen(world, 'sg-0web'))
  await deployment.settle(60_000)
  const [run] = await world.store.list()
  await decideAs(world, run!, { verdict: 'approve', speaker: { by: JUNIOR }, hash: run!.plan!.hash })
  await deployment.settle(600_000)
  expect(await world.store.get(run!.id)).toMatchObject({ outcome: 'remediated' })

  world.policy = policyOf(policy)
  await deployment.send({ kind: 'undo', run: run!.id, restFor: 'PT24H', by }, run!.resource, 'undo')
  await deployment.settle(60_000)
  const [undo] = (await world.store.list()).filter(({ undoOf }) => undoOf === run!.id)
  return { undo: undo!, world }
}

describe('an undo', () => {
  test('is confirmed by whoever asks for it and may decide', async () => {
    const { undo } = await undoneBy(JUNIOR, approvedBy(JUNIOR))
    expect(undo).toMatchObject({ outcome: 'undone', decisions: [{ by: JUNIOR }] })
  })

  test('waits for those whom the policy names now where whoever asks for it is no longer one of them', async () => {
    const { undo } = await undoneBy(JUNIOR, approvedBy(SENIOR))
    expect(undo).toMatchObject({ state: 'waiting', decisions: [], approval: { approvers: [SENIOR] } })
  })

  test('is confirmed by one whom the policy names now, though the run did not', async () => {
    const { undo } = await undoneBy(SENIOR, approvedBy(SENIOR))
    expect(undo).toMatchObject({ outcome: 'undone', decisions: [{ by: SENIOR }] })
  })

  test('asks those whom its run asked where no rule asks anybody any more', async () => {
    const { undo } = await undoneBy(SENIOR, 'version: 1\nrules:\n  - mode: auto\n')
    expect(undo).toMatchObject({ state: 'waiting', decisions: [], approval: { approvers: [JUNIOR] } })
  })
})
