import { describe, expect, test } from '@jest/globals'
import { as, asked, openGroup, opensMeanwhile } from './approval-scenes.ts'
import { ANN, BlockingSets, BOB, EVE } from './blocking-sets.ts'
import { untilDeath } from './interrupted-work.ts'
import { Life, startMortal } from './killed-process.ts'
import { SCENES } from './scene-per-playbook.ts'
import { attack, kill, newWorld, start, unpatched } from './simulated-world.ts'

describe('what a closed run leaves to a new one', () => {
  test('is begun by whoever approved the first', async () => {
    const world = openGroup()
    const waiting = await asked(world)
    opensMeanwhile(world)
    const { runs } = await as(world, 'ann').approve(waiting.id, {})

    expect(runs).toMatchObject([
      { id: waiting.id, outcome: 'unverified', reason: expect.stringContaining('changed meanwhile') },
      { state: 'waiting', waitingFor: 'approval' },
    ])
    const again = await as(world, 'ann').approve(runs[1]!.id, {})
    expect(again.runs).toMatchObject([{ outcome: 'remediated' }])
    expect(world.aws.groups.rules.size).toBe(0)
  })

  test('is begun by the sweep that carried the first to its end', async () => {
    const world = newWorld()
    const patching = SCENES.find(({ change }) => change === 'ssm:SendCommand')!
    const finding = patching.arrange(world)
    const life = new Life('after ssm:SendCommand')
    const mortal = startMortal(world, life)
    await untilDeath(mortal.engine.handle([finding], 'apply'))
    kill(world, mortal)
    const [first] = await world.store.list()
    const resources = [{ type: 'AWS::EC2::Instance', id: 'i-00000web' }]
    await world.store.attach(first!.id, [
      { ...unpatched(world, 'i-00000web'), id: 'another rule', resources },
    ])

    const { runs } = await start(world).engine.sweep()
    expect(runs).toMatchObject([
      { id: first!.id, outcome: 'remediated' },
      { outcome: 'alreadyCompliant', findings: [{ id: 'another rule' }] },
    ])
  })

  test('is begun by whoever had to wait for the first', async () => {
    const wall = new BlockingSets([])
    const { world } = wall
    const mortal = startMortal(world, new Life('after wafv2:UpdateIPSet'))
    await untilDeath(mortal.engine.handle([attack(world, [ANN], { id: 'first' })], 'apply'))
    kill(world, mortal)
    const [first] = await world.store.list()
    world.clock.advance(1_000)
    await world.store.attach(first!.id, [attack(world, [ANN, EVE], { id: 'first' })])

    await wall.apply(attack(world, [BOB], { id: 'second' }))
    expect([...wall.v4].sort()).toEqual([ANN, BOB, EVE].map((address) => `${address}/32`).sort())
  })

  test('is all of it: what came in, and what appeared', async () => {
    const world = openGroup()
    const waiting = await asked(world)
    opensMeanwhile(world)
    world.aws.fault({
      on: 'ec2:RevokeSecurityGroupIngress',
      nth: 1,
      dryRun: false,
      before: async () => {
        const evidence = { ports: [3389] }
        const [finding] = waiting.findings
        await world.store.attach(waiting.id, [{ ...finding!, id: 'rdp', evidence }])
      },
    })
    const { runs } = await as(world, 'ann').approve(waiting.id, {})

    expect(runs.map(({ findings }) => findings.map(({ id }) => id))).toEqual([
      [waiting.findings[0]!.id],
      [waiting.findings[0]!.id, 'rdp'],
    ])
  })

  test('is nothing where an undo is closed', async () => {
    const world = openGroup()
    const run = await asked(world, () => ({ kind: 'approve' }))
    const undoing = start(world, { answer: () => ({ kind: 'leave' }) })
    const [undo] = (await undoing.engine.undo(run.id, { restFor: 'PT1H' })).runs
    const evidence = { ports: [3389] }
    await world.store.attach(undo!.id, [{ ...run.findings[0]!, id: 'rdp', evidence }])

    const { runs } = await as(world, 'ann').approve(undo!.id, {})
    expect(runs).toMatchObject([{ id: undo!.id }])
  })
})
