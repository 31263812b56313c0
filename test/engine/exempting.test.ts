import { describe, expect, test } from '@jest/globals'
import { decideAs } from '../../src/engine/decide/decide-as.ts'
import { slackIdentity } from '../../src/run/identity.ts'
import { as, asked, openGroup, terms } from './approval-scenes.ts'
import { commonPortsOpen, sshOpen, start } from './simulated-world.ts'

const DAY = 24 * 3_600_000
const ANN = slackIdentity({ workspace: 'T0ACME', user: 'U0ANN' })
const POLICY = `${terms('{ approvers: [U0ANN] }')}slack: { workspace: T0ACME }\n`

/** A run that Ann exempted for 30 days. */
async function exempted() {
  const world = openGroup(POLICY)
  const run = await asked(world)
  const until = new Date(world.clock.now() + 30 * DAY).toISOString()
  const decided = await decideAs(world, run, {
    ...{ verdict: 'exempt', speaker: { by: ANN }, hash: run.plan!.hash, reason: 'public bastion', until },
  })
  expect(decided.kind).toBe('recorded')
  const { runs } = await as(world, 'ops').sweep()
  return { world, run: runs[0]!, until }
}

const again = async (world: Awaited<ReturnType<typeof exempted>>['world']) =>
  (await start(world).engine.handle([sshOpen(world, 'sg-0web')], 'apply')).runs[0]!

describe('what somebody exempts', () => {
  test('ends exempted, with who, until when and why, and nothing is changed', async () => {
    const { world, run, until } = await exempted()
    expect(run).toMatchObject({
      ...{ state: 'closed', outcome: 'exempted' },
      reason: `exempted by ${ANN} until ${until}: public bastion`,
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('is left alone until then, whatever reports it next', async () => {
    const { world, run, until } = await exempted()
    expect(await world.store.exemptions()).toEqual([
      {
        ...{ id: run.id, resource: run.resource, playbook: run.playbook, until, origin: 'slack' },
        ...{ owner: ANN, by: ANN, at: run.decisions[0]!.at, reason: 'public bastion' },
      },
    ])
    world.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    world.clock.advance(30 * DAY - 1)
    for (const about of [sshOpen(world, 'sg-0web'), commonPortsOpen(world, 'sg-0web')]) {
      const { runs } = await start(world).engine.handle([about], 'apply')
      expect(runs).toMatchObject([{ outcome: 'exempted' }])
      expect(runs[0]!.reason).toBe(`exempted by ${ANN} until ${until}: public bastion`)
    }
    expect(world.aws.changes()).toEqual([])
  })

  test('is asked about again from then on', async () => {
    const { world } = await exempted()
    world.clock.advance(30 * DAY)
    expect(await again(world)).toMatchObject({ state: 'waiting', waitingFor: 'approval' })
  })

  test('is asked about again once somebody ends the exemption', async () => {
    const { world, run } = await exempted()
    await world.store.endExemption(run.id, { by: 'bob', at: world.clock.iso() })
    expect(await again(world)).toMatchObject({ state: 'waiting', waitingFor: 'approval' })
  })

  test('is exempted once, also when the process dies between the exemption and the end of the run', async () => {
    const world = openGroup(POLICY)
    const run = await asked(world)
    const until = new Date(world.clock.now() + 30 * DAY).toISOString()
    const speaker = { by: ANN }
    await decideAs(world, run, { verdict: 'exempt', speaker, hash: run.plan!.hash, reason: 'bastion', until })
    const dying = { ...world.store, commit: () => Promise.reject(new Error('killed')) }
    await expect(start(world, { store: dying }).engine.sweep()).rejects.toThrow('killed')
    expect(await world.store.exemptions()).toMatchObject([{ id: run.id }])

    world.clock.advance(3_600_000)
    expect(await as(world, 'ops').sweep()).toMatchObject({ runs: [{ id: run.id, outcome: 'exempted' }] })
    expect(await world.store.exemptions()).toHaveLength(1)
  })

  test('is not done with while it cannot be stored', async () => {
    const world = openGroup(POLICY)
    const run = await asked(world)
    const until = new Date(world.clock.now() + DAY).toISOString()
    const speaker = { by: ANN }
    await decideAs(world, run, { verdict: 'exempt', speaker, hash: run.plan!.hash, reason: 'bastion', until })
    const full = { ...world.store, putExemption: () => Promise.reject(new Error('no table')) }
    await expect(start(world, { store: full }).engine.sweep()).rejects.toThrow('no table')

    expect(await world.store.get(run.id)).toMatchObject({ waitingFor: 'approval', outcome: null })
    expect(world.aws.changes()).toEqual([])
  })

  test('by the policy does not rest: the policy is asked about each finding', async () => {
    const exemption =
      'exemptions:\n  - { resource: "arn:aws:ec2:*:*:security-group/sg-0*", owner: netops, reason: bastion, until: 2099-12-31 }\n'
    const world = openGroup(POLICY + exemption)
    const first = await again(world)
    expect(first).toMatchObject({ outcome: 'exempted' })
    expect(first).not.toHaveProperty('restUntil')
    const second = await again(world)
    expect(second.reason).not.toContain('(run ')
  })
})
