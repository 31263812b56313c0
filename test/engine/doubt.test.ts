import { describe, expect, test } from '@jest/globals'
import { untilDeath } from './interruption.ts'
import { Life, startMortal } from './mortal.ts'
import { ANN, OTHERS, UPDATE, Wall } from './wall.ts'
import { APPROVE, AUTO, attack, kill, newWorld, sshOpen, start, unpatched, type World } from './world.ts'

const HOUR = 3_600_000
const REVOKE = 'ec2:RevokeSecurityGroupIngress'
const RULES = 'ec2:DescribeSecurityGroupRules'

/** The answer to the change is lost, and from then on a read fails: what the change did is not known. */
function blindAfter(world: World, change: string, read: string): void {
  world.aws.fault({ on: change, nth: 1, kind: 'loseAnswer', dryRun: false })
  let lost = false
  world.aws.fault({
    on: change,
    dryRun: false,
    after: () => {
      if (!lost) world.aws.fault({ on: read, kind: 'throttle' })
      lost = true
    },
  })
}

function openGroup(world: World) {
  world.aws.groups.add('sg-0web', [
    { id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' },
    { id: 'sgr-ours', from: 22, cidr: '10.0.0.0/8' },
  ])
  return sshOpen(world, 'sg-0web')
}

const sources = (world: World) => [...world.aws.groups.rules.values()].map(({ CidrIpv4 }) => CidrIpv4).sort()

describe('a change of which nobody knows whether it took effect', () => {
  test('ends failed, says so, and can be taken back all the same', async () => {
    const world = newWorld(AUTO)
    const finding = openGroup(world)
    blindAfter(world, REVOKE, RULES)
    const { runs } = await start(world).engine.handle([finding], 'apply')
    expect(runs).toMatchObject([
      {
        outcome: 'failed',
        results: [{ status: 'failed', knownBy: 'inDoubt', error: { name: 'throttled' } }],
      },
    ])
    expect(runs[0]!.reason).toContain('whether the change took effect is not known')

    world.aws.clearFaults()
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const undone = await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(undone.runs).toMatchObject([{ outcome: 'undone' }])
    expect(sources(world)).toEqual(['0.0.0.0/0', '10.0.0.0/8'])
  })

  test('is read back again, so that one throttled read is no doubt', async () => {
    const world = newWorld(AUTO)
    const finding = openGroup(world)
    world.aws.fault({ on: REVOKE, nth: 1, kind: 'loseAnswer', dryRun: false })
    // The first look at the rules is the plan's.
    world.aws.fault({ on: RULES, nth: 2, kind: 'throttle' })
    const { runs } = await start(world).engine.handle([finding], 'apply')
    expect(runs).toMatchObject([
      { outcome: 'remediated', results: [{ status: 'alreadyDone', knownBy: 'readBack' }] },
    ])
  })

  test('ends in its time where it was a block', async () => {
    const wall = new Wall()
    blindAfter(wall.world, UPDATE, 'wafv2:GetIPSet')
    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([{ outcome: 'failed' }])
    wall.world.aws.clearFaults()
    expect(wall.v4).toContain(`${ANN}/32`)
    wall.world.clock.advance(25 * HOUR)
    expect(await wall.sweep()).toMatchObject([{ outcome: 'undone' }])
    expect(wall.v4).toEqual([OTHERS])
  })

  test('is waited for where it started a command: found by its mark, it is one command and remediated', async () => {
    const world = newWorld(AUTO)
    world.aws.ec2.addInstance('i-00000web')
    world.aws.ssm.addInstance('i-00000web', { MissingCount: 3 })
    world.aws.fault({ on: 'ssm:SendCommand', nth: 1, kind: 'loseAnswer' })
    // The first list is the look's; all that the read-back asks for fail.
    for (const nth of [2, 3, 4]) world.aws.fault({ on: 'ssm:ListCommands', nth, kind: 'throttle' })
    const { runs } = await start(world).engine.handle([unpatched(world, 'i-00000web')], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated', results: [{ status: 'applied', knownBy: 'mark' }] }])
    expect(world.aws.ssm.commands).toHaveLength(1)
  })
})

describe('a change that was refused for sure', () => {
  test('is no change of ours, though nothing can be read back: an undo has nothing to open', async () => {
    const world = newWorld(AUTO)
    const finding = openGroup(world)
    // Somebody else removes the rule just before, and then nothing can be read any more.
    const before = () => {
      world.aws.groups.rules.delete('sgr-open')
      world.aws.fault({ on: RULES, kind: 'deny' })
    }
    world.aws.fault({ on: REVOKE, nth: 1, dryRun: false, before })
    const { runs } = await start(world).engine.handle([finding], 'apply')
    expect(runs).toMatchObject([{ outcome: 'failed', results: [{ status: 'failed' }] }])
    expect(runs[0]!.results[0]!.knownBy).toBeUndefined()
    world.aws.clearFaults()
    await expect(start(world).engine.undo(runs[0]!.id, { restFor: 'PT1H' })).rejects.toThrow(
      'changed nothing',
    )
    expect(sources(world)).toEqual(['10.0.0.0/8'])
  })

  test('starts nothing to wait for', async () => {
    const world = newWorld(AUTO)
    world.aws.ec2.addInstance('i-00000web')
    world.aws.ssm.addInstance('i-00000web', { MissingCount: 3 })
    world.aws.fault({ on: 'ssm:SendCommand', kind: 'throttle' })
    const before = world.clock.now()
    const { runs } = await start(world).engine.handle([unpatched(world, 'i-00000web')], 'apply')
    expect(runs).toMatchObject([{ outcome: 'failed', results: [{ status: 'failed' }] }])
    expect(world.clock.now() - before).toBeLessThan(HOUR / 2)
  })

  test('holds no address that it never wrote: a person may add it later, and it stays', async () => {
    const wall = new Wall([])
    let looks = 0
    // The look before the claim is answered; what the change itself reads is not.
    const answer = (given: Record<string, unknown>) => {
      looks += 1
      if (looks === 1) wall.world.aws.fault({ on: 'wafv2:GetIPSet', kind: 'reset' })
      return given
    }
    wall.world.aws.fault({ on: 'wafv2:GetIPSet', answer })
    expect(await wall.apply(attack(wall.world, [ANN]))).toMatchObject([{ outcome: 'failed' }])
    expect(await wall.timeBoxes()).toEqual([])
    wall.world.aws.clearFaults()
    wall.change([`${ANN}/32`])
    wall.world.clock.advance(25 * HOUR)
    await wall.sweep()
    expect(wall.v4).toEqual([`${ANN}/32`])
  })
})

test('a run that is given up after its change can be taken back, also one that was approved after a dry run', async () => {
  for (const policy of [AUTO, APPROVE]) {
    const world = newWorld(policy)
    const finding = openGroup(world)
    const whole = newWorld(policy)
    const probe = new Life()
    await startMortal(whole, probe).engine.handle([openGroup(whole)], 'apply')
    const changed = startMortal(world, new Life(probe.points.lastIndexOf(`after ${REVOKE}`)))
    await untilDeath(changed.engine.handle([finding], 'apply'))
    kill(world, changed)
    for (let times = 0; times < 5; times++) {
      const interrupted = startMortal(world, new Life(`before ${RULES}`))
      await untilDeath(interrupted.engine.sweep())
      kill(world, interrupted)
    }
    const { runs } = await startMortal(world, new Life()).engine.sweep()
    expect(runs).toMatchObject([{ outcome: 'failed', results: [{ status: 'failed', knownBy: 'inDoubt' }] }])
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const undone = await engine.undo(runs[0]!.id, { restFor: 'PT1H' })
    expect(undone.runs).toMatchObject([{ outcome: 'undone' }])
    expect(sources(world)).toEqual(['0.0.0.0/0', '10.0.0.0/8'])
  }
})

describe('a command that runs', () => {
  test('is asked about again when one question fails', async () => {
    const world = newWorld(AUTO)
    world.aws.ec2.addInstance('i-00000web')
    world.aws.ssm.addInstance('i-00000web', { MissingCount: 3 })
    world.aws.fault({ on: 'ssm:ListCommandInvocations', nth: 1, kind: 'throttle' })
    const { runs } = await start(world).engine.handle([unpatched(world, 'i-00000web')], 'apply')
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
  })

  test('and cannot be asked about is waited for, and that is told once', async () => {
    const world = newWorld(AUTO)
    world.aws.ec2.addInstance('i-00000web')
    world.aws.ssm.addInstance('i-00000web', { MissingCount: 3 })
    world.aws.fault({ on: 'ssm:ListCommandInvocations', kind: 'deny' })
    const process = start(world)
    const { runs } = await process.engine.handle([unpatched(world, 'i-00000web')], 'apply')
    expect(runs).toMatchObject([
      { outcome: 'unverified', reason: expect.stringContaining('ListCommandInvocations') },
    ])
    expect(process.progress.filter(({ kind }) => kind === 'warning')).toHaveLength(1)
  })

  test('longer than its run waits is unverified, and gets no second one beside it', async () => {
    const world = newWorld(AUTO)
    world.aws.ec2.addInstance('i-00000web')
    world.aws.ssm.addInstance('i-00000web', { MissingCount: 3 })
    world.aws.ssm.endings.set('i-00000web', { afterMs: 2 * HOUR })
    const finding = unpatched(world, 'i-00000web')
    const first = await start(world).engine.handle([finding], 'apply')
    const again = await start(world).engine.handle([{ ...finding, version: '9' }], 'apply')
    expect(first.runs).toMatchObject([
      { outcome: 'unverified', reason: expect.stringContaining('not seen to end') },
    ])
    expect(again.runs).toMatchObject([
      { outcome: 'notApplicable', reason: expect.stringContaining('are being installed by command') },
    ])
    expect(world.aws.ssm.commands).toHaveLength(1)
  })
})
