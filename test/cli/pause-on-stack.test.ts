import { describe, expect, test } from '@jest/globals'
import { arn, openGroup } from '../engine/approval-scenes.ts'
import { AUTO, sshOpen } from '../engine/simulated-world.ts'
import { asking, callOn, memoryStack, onlyRun } from './in-memory-stack.ts'

test('pause --stack stops the deployment in the name of the caller, until resume', async () => {
  const { stack, id, world } = await asking()
  const paused = await callOn(stack, 'pause', '--reason', 'release day')
  expect(paused).toMatchObject({
    status: 0,
    document: { paused: true, by: arn('tester'), at: expect.any(String), reason: 'release day' },
  })
  const listed = await callOn(stack, 'runs')
  expect(listed.document).toMatchObject({ paused: { by: arn('tester'), reason: 'release day' } })
  expect(listed.notes).toContain('rectify resume --stack prod')

  const approved = await callOn(stack, 'approve', id)
  expect(approved.status).toBe(3)
  expect(onlyRun(approved)).toMatchObject({
    state: 'waiting',
    waitingFor: 'pause',
    heldBy: { rail: 'pause', reason: expect.stringMatching(/^paused by .*: release day$/) },
  })
  expect(world.aws.changes()).toEqual([])

  const resumed = await callOn(stack, 'resume')
  expect(resumed.document).toMatchObject({ paused: false, by: arn('tester'), reason: null })
  expect((await callOn(stack, 'runs')).document).not.toHaveProperty('paused')
})

describe('resume --stack', () => {
  test('has the functions carry on what the pause has held', async () => {
    const world = openGroup(AUTO)
    const stack = memoryStack(world)
    await callOn(stack, 'pause', '--reason', 'release day')
    const [held] = await stack.arrive([sshOpen(world, 'sg-0web')])
    expect(held).toMatchObject({ state: 'waiting', waitingFor: 'pause' })
    // The detector says it again: still one run, and no change.
    await stack.arrive([sshOpen(world, 'sg-0web')])
    expect(world.aws.changes()).toEqual([])

    const resumed = await callOn(stack, 'resume')
    expect(resumed).toMatchObject({ document: { paused: false, held: [{ run: held!.id }] } })
    expect(stack.messages).toMatchObject([{ message: { kind: 'wake', run: held!.id } }])
    expect(world.aws.groups.rulesOf('sg-0web')).toEqual([])
    expect(await world.store.list()).toMatchObject([{ outcome: 'remediated' }])
    const { document } = await callOn(stack, 'resume')
    expect(document).toMatchObject({ held: [] })
  })
})
