import { describe, expect, test } from '@jest/globals'
import { decideAs } from '../../src/engine/decide/decide-as.ts'
import { slackIdentity } from '../../src/run/identity.ts'
import { as, asked, openGroup, terms } from './approval-scenes.ts'
import { sshOpen, start } from './simulated-world.ts'

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
      ...{ state: 'closed', outcome: 'exempted', restUntil: until },
      reason: `exempted by ${ANN} until ${until}: public bastion`,
    })
    expect(world.aws.changes()).toEqual([])
  })

  test('rests until then: its findings are recorded and nobody is asked', async () => {
    const { world, run, until } = await exempted()
    world.clock.advance(30 * DAY - 1)
    const resting = await again(world)
    expect(resting).toMatchObject({ outcome: 'exempted', plan: null })
    expect(resting.reason).toBe(`exempted by ${ANN} until ${until}: public bastion (run ${run.id})`)
    expect(resting).not.toHaveProperty('restUntil')
    expect(await again(world)).toMatchObject({ outcome: 'exempted' })
  })

  test('is asked about again from then on', async () => {
    const { world } = await exempted()
    world.clock.advance(30 * DAY)
    expect(await again(world)).toMatchObject({ state: 'waiting', waitingFor: 'approval' })
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
