import { expect, test } from '@jest/globals'
import { openGroup } from './approval-scenes.ts'
import { APPROVE, AUTO, sshOpen, start } from './simulated-world.ts'

const ruledBy = (mode: string) => ({ mode, reason: 'rule 1 (rectify.yaml:3)' })

test.each([
  ['auto', AUTO],
  ['approve', APPROVE],
])('a rehearsal notes that apply would be %s, though it only rehearses', async (mode, policy) => {
  const world = openGroup(policy)
  const { runs } = await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'rehearse')
  expect(runs).toMatchObject([{ mode: 'rehearse', outcome: 'rehearsed', ruling: ruledBy(mode) }])
  expect(world.aws.changes()).toEqual([])
})

test('a run that ends for another reason still knows which rule decided', async () => {
  const world = openGroup(AUTO)
  const { engine } = start(world)
  await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
  world.clock.advance(1000)
  const later = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
  expect(later.runs).toMatchObject([{ outcome: 'alreadyCompliant', ruling: ruledBy('auto') }])
  expect((await world.store.get(later.runs[0]!.id))?.ruling).toEqual({
    ...ruledBy('auto'),
    by: { kind: 'rule', number: 1, line: 3 },
  })
})

test('a run that was declined still knows which rule asked', async () => {
  const world = openGroup(APPROVE)
  const { engine } = start(world, { answer: () => ({ kind: 'decline', reason: 'needed' }) })
  const { runs } = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
  expect(runs).toMatchObject([{ outcome: 'declined', ruling: ruledBy('approve') }])
})
