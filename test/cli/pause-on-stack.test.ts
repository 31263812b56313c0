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
    outcome: 'blocked',
    reason: expect.stringMatching(/^paused by .*: release day$/),
  })
  expect(world.aws.changes()).toEqual([])

  const resumed = await callOn(stack, 'resume')
  expect(resumed.document).toMatchObject({ paused: false, by: arn('tester'), reason: null })
  expect((await callOn(stack, 'runs')).document).not.toHaveProperty('paused')
})

describe('resume --stack', () => {
  test('hands the findings that a pause has stopped to the functions again, once somebody says so', async () => {
    const world = openGroup(AUTO)
    const stack = memoryStack(world)
    await callOn(stack, 'pause', '--reason', 'release day')
    const [blocked] = await stack.arrive([sshOpen(world, 'sg-0web')])
    expect(blocked).toMatchObject({ outcome: 'blocked' })

    const listed = await callOn(stack, 'resume')
    expect(listed).toMatchObject({ status: 0, document: { paused: false, stopped: [{ run: blocked!.id }] } })
    expect(listed.notes).toContain(`rectify resume --yes --stack prod`)
    expect(stack.messages).toEqual([])

    const again = await callOn(stack, 'resume', '--yes')
    expect(again).toMatchObject({ status: 0, document: { sent: [blocked!.id] } })
    expect(stack.messages).toMatchObject([{ message: { kind: 'job', findings: blocked!.findings } }])
    expect(world.aws.groups.rulesOf('sg-0web')).toEqual([])
    const { document } = await callOn(stack, 'resume', '--yes')
    expect(document).toMatchObject({ stopped: [] })
  })

  test('does not hand in what the detector has said again since', async () => {
    const world = openGroup(AUTO)
    const stack = memoryStack(world)
    await callOn(stack, 'pause')
    await stack.arrive([sshOpen(world, 'sg-0web')])
    await world.store.setControl({ paused: false })
    await stack.arrive([sshOpen(world, 'sg-0web')])
    const { document } = await callOn(stack, 'resume', '--yes')
    expect(document).toMatchObject({ stopped: [] })
    expect(stack.messages).toEqual([])
  })
})
