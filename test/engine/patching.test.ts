import { describe, expect, test } from '@jest/globals'
import type { Run } from '../../src/run/run.ts'
import type { Ending } from '../support/aws-model/ssm.ts'
import { newWorld, type Process, start, unpatched, type World } from './world.ts'

const ID = 'i-00000web'
const SEND = 'ssm:SendCommand'
const MINUTE = 60_000
const PATCHED = { MissingCount: 0, FailedCount: 0, InstalledPendingRebootCount: 0 }

/** An instance that lacks three patches, and what comes of a patch command there. */
function unpatchedWorld(ending: Partial<Ending> = {}): World {
  const world = newWorld()
  world.aws.ec2.addInstance(ID)
  world.aws.ssm.addInstance(ID, { MissingCount: 3 })
  world.aws.ssm.endings.set(ID, ending)
  return world
}

async function patched(world: World, process: Process = start(world)): Promise<Run> {
  const { runs } = await process.engine.handle([unpatched(world, ID)], 'apply')
  expect(runs).toHaveLength(1)
  return runs[0]!
}

describe('a patch command that ends badly', () => {
  test('is outranked by a patch state that it left and that is right: remediated, with a warning', async () => {
    const world = unpatchedWorld({ status: 'Failed', patch: PATCHED })
    const process = start(world)
    const run = await patched(world, process)
    const warning = expect.stringMatching(
      /^command .*: Failed, step PatchLinux .*; yet the live resource shows/,
    )
    expect(run).toMatchObject({
      outcome: 'remediated',
      results: [{ status: 'applied' }],
      warnings: [warning],
    })
    expect(process.progress).toContainEqual(expect.objectContaining({ kind: 'warning', message: warning }))
  })

  test('is unverified where a reboot is pending', async () => {
    const world = unpatchedWorld({
      status: 'TimedOut',
      patch: { ...PATCHED, InstalledPendingRebootCount: 3 },
    })
    expect(await patched(world)).toMatchObject({
      outcome: 'unverified',
      reason: expect.stringMatching(/^reboot pending; command .*: TimedOut/),
    })
  })

  test('is failed with what is left, how it ended and where its output is', async () => {
    const world = unpatchedWorld({ status: 'Failed', patch: { ...PATCHED, MissingCount: 1, FailedCount: 2 } })
    const { outcome, reason, results } = await patched(world)
    const id = world.aws.ssm.commands[0]!.CommandId
    expect(outcome).toBe('failed')
    expect(reason).toContain('1 patch is missing and 2 failed')
    expect(reason).toContain(
      `aws ssm list-command-invocations --command-id ${id} --details --region eu-west-1`,
    )
    expect(reason).toContain('step PatchLinux ended with exit status 1')
    expect(results).toMatchObject([{ status: 'failed', error: { name: 'settled' } }])
  })

  test('and left nothing is failed with what the patch state said before it, after a while', async () => {
    const world = unpatchedWorld({ status: 'TimedOut' })
    const before = world.clock.now()
    expect(await patched(world)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^no patch state was written since; as of .* 3 patches are missing/),
    })
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(2 * MINUTE)
  })

  test('where there was never a patch state is unverified: nobody knows what is left', async () => {
    const world = unpatchedWorld({ status: 'Failed' })
    world.aws.ssm.patchStates.delete(ID)
    expect(await patched(world)).toMatchObject({
      outcome: 'unverified',
      reason: expect.stringContaining('has no patch state'),
    })
  })
})

test('a patch command that no list shows yet is waited for', async () => {
  const world = unpatchedWorld()
  world.aws.ssm.listLagMs = 30_000
  expect(await patched(world)).toMatchObject({ outcome: 'remediated', results: [{ knownBy: 'answer' }] })
})

test('installed patches on the rejected list are no compliance', async () => {
  const world = unpatchedWorld()
  world.aws.ssm.addInstance(ID, { InstalledRejectedCount: 2 })
  expect(await patched(world)).toMatchObject({
    outcome: 'notApplicable',
    reason: '2 installed patches are on the rejected list',
  })
})

test('a node without an agent is not applicable, with that reason', async () => {
  const world = newWorld()
  world.aws.ec2.addInstance(ID)
  expect(await patched(world)).toMatchObject({
    outcome: 'notApplicable',
    reason: expect.stringContaining('no SSM agent'),
  })
})

test('a node whose agent went away after the look is failed at once: nothing was sent, nothing is looked for', async () => {
  const world = unpatchedWorld()
  world.aws.fault({ on: SEND, before: () => void world.aws.ssm.managed.delete(ID) })
  const before = world.clock.now()
  expect(await patched(world)).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('InvalidInstanceId'),
  })
  expect(world.clock.now()).toBe(before)
  expect(world.aws.changes()).toHaveLength(1)
})

test('a node that is terminated after the look is gone, not failed', async () => {
  const world = unpatchedWorld()
  const terminate = () => {
    world.aws.ssm.managed.delete(ID)
    world.aws.ec2.instances.splice(0)
  }
  world.aws.fault({ on: SEND, before: terminate })
  expect(await patched(world)).toMatchObject({ outcome: 'resourceGone', results: [{ status: 'skipped' }] })
})

describe('a patch command whose answer is lost', () => {
  test('is found though its node is slow to take it, and is not sent again', async () => {
    const world = unpatchedWorld({ deliveredMs: 5 * MINUTE, afterMs: 10 * MINUTE })
    world.aws.fault({ on: SEND, nth: 1, kind: 'loseAnswer' })
    expect(await patched(world)).toMatchObject({ outcome: 'remediated', results: [{ knownBy: 'mark' }] })
    expect(world.aws.ssm.commands).toHaveLength(1)
  })

  test('is found though lists are slow to show it, and is not sent again', async () => {
    const world = unpatchedWorld()
    world.aws.ssm.listLagMs = 45_000
    world.aws.fault({ on: SEND, nth: 1, kind: 'loseAnswer' })
    expect(await patched(world)).toMatchObject({ outcome: 'remediated', results: [{ knownBy: 'mark' }] })
    expect(world.aws.ssm.commands).toHaveLength(1)
  })

  test('and that no list gives is never sent again: unverified, which says so', async () => {
    const world = unpatchedWorld()
    const unreadable = () => world.aws.fault({ on: 'ssm:ListCommands', kind: 'throttle' })
    world.aws.fault({ on: SEND, nth: 1, kind: 'loseAnswer', before: unreadable })
    const run = await patched(world)
    expect(run).toMatchObject({ outcome: 'unverified', results: [{ knownBy: 'inDoubt' }] })
    expect(run.reason).toContain('the answer to its call was lost and it was not sent again')
    expect(run.reason).toContain(`Comment ${run.id}/0/install`)
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('is one that a second run waits for, though its node does not have it yet', async () => {
    const world = unpatchedWorld({ deliveredMs: 5 * MINUTE, afterMs: 2 * 3_600_000 })
    await patched(world)
    world.aws.ssm.endings.set(ID, { deliveredMs: 24 * 3_600_000, afterMs: 25 * 3_600_000 })
    const again = await start(world).engine.handle([{ ...unpatched(world, ID), version: '9' }], 'apply')
    expect(again.runs).toMatchObject([
      { outcome: 'notApplicable', reason: expect.stringContaining('are being installed by command') },
    ])
    expect(world.aws.ssm.commands).toHaveLength(1)
  })
})
