import { describe, expect, test } from '@jest/globals'
import { decideAs } from '../../src/engine/decide/decide-as.ts'
import { slackIdentity } from '../../src/run/identity.ts'
import type { Run } from '../../src/run/run.ts'
import { openGroup, terms } from '../engine/approval-scenes.ts'
import { Life } from '../engine/killed-process.ts'
import { sshOpen, type World } from '../engine/simulated-world.ts'
import { Deployment } from './simulated-deployment.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ANN = slackIdentity({ workspace: 'T0ACME', user: 'U0ANN' })
const FIVE_HOURS =
  '{ channel: C0SECOPS, approvers: [U0ANN], expiresAfter: 5h, escalate: [{ after: 1h, approvers: [S0LEADS] }, { after: 4h, approvers: [S0BOSS] }] }'

async function waiting(approval = FIVE_HOURS) {
  const world = openGroup(`${terms(approval)}slack: { workspace: T0ACME }\n`)
  const deployment = new Deployment(world)
  await deployment.findings(sshOpen(world, 'sg-0web'))
  await deployment.invoke()
  const [run] = await world.store.list()
  return { world, deployment, id: run!.id, start: world.clock.now() }
}

/** What was said of the wait, each with the minutes since it was asked. */
async function said({ world, id, start }: Awaited<ReturnType<typeof waiting>>): Promise<[number, string][]> {
  const audit = await world.store.audit(id)
  return audit
    .filter(({ event }) => event === 'reminded' || event === 'escalated' || event === 'closed')
    .map(({ at, event }) => [Math.round((Date.parse(at) - start) / MINUTE), event])
}

const stored = async ({ store }: World, id: string): Promise<Run> => (await store.get(id))!

/** In the course of time, up to the end of the wait. */
const WHOLE: [number, string][] = [
  [60, 'escalated'],
  [150, 'reminded'],
  [240, 'escalated'],
  [270, 'reminded'],
  [300, 'closed'],
]

describe('while a deployment waits for an approval', () => {
  test('it reminds at half of the time and in its last tenth, opens the levels in their time, and ends it', async () => {
    const scene = await waiting()
    await scene.deployment.settle(6 * HOUR)
    expect(await said(scene)).toEqual(WHOLE)
    expect(await stored(scene.world, scene.id)).toMatchObject({
      ...{ outcome: 'expired', round: 1, asked: { level: 2, reminded: 'lastTenth' } },
    })
    expect(scene.deployment.errors).toEqual([])
  })

  test('each is said once, wherever the invocation that says it is killed', async () => {
    const scene = await waiting()
    scene.world.clock.advance(HOUR)
    const life = new Life()
    await scene.deployment.send({ kind: 'wake', run: scene.id, why: 'timer' }, 'r', 'one')
    await scene.deployment.invoke(life)
    expect(await said(scene)).toEqual(WHOLE.slice(0, 1))
    expect(life.points.length).toBeGreaterThan(5)

    for (const point of life.points.keys()) {
      const killed = await waiting()
      killed.world.clock.advance(HOUR)
      await killed.deployment.send({ kind: 'wake', run: killed.id, why: 'timer' }, 'r', 'one')
      await killed.deployment.invoke(new Life(point))
      await killed.deployment.settle(6 * HOUR)
      const events = (await said(killed)).map(([, event]) => event)
      expect([life.points[point], events]).toEqual([life.points[point], WHOLE.map(([, event]) => event)])
    }
  })

  test('a wake-up that comes again says nothing again', async () => {
    const scene = await waiting()
    scene.world.clock.advance(HOUR)
    for (const id of ['one', 'two', 'three']) {
      await scene.deployment.send({ kind: 'wake', run: scene.id, why: 'timer' }, 'r', id)
      await scene.deployment.invoke()
    }
    expect(await said(scene)).toEqual(WHOLE.slice(0, 1))
    // Nor is it due before the next is to be said.
    const dueIn = async (ms: number) =>
      (await scene.world.store.due(scene.world.clock.now() + ms)).runs.length
    expect([await dueIn(90 * MINUTE - 1), await dueIn(90 * MINUTE)]).toEqual([0, 1])
  })

  test('what was missed is made up for at once, with the latest reminder only', async () => {
    const scene = await waiting()
    scene.deployment.timers.splice(0)
    scene.world.clock.advance(280 * MINUTE)
    await scene.deployment.sweep()
    await scene.deployment.invoke()
    expect(await said(scene)).toEqual([
      [280, 'escalated'],
      [280, 'reminded'],
    ])
    expect(await stored(scene.world, scene.id)).toMatchObject({ asked: { level: 2, reminded: 'lastTenth' } })
  })

  test('timers that never fire are made up for by the sweeper', async () => {
    const scene = await waiting()
    scene.deployment.timers.push = () => 0
    scene.deployment.timers.splice(0)
    for (let passed = 0; passed < 6 * HOUR; passed += 5 * MINUTE) {
      scene.world.clock.advance(5 * MINUTE)
      await scene.deployment.sweep()
      await scene.deployment.invoke()
    }
    expect(await said(scene)).toEqual(WHOLE)
  })

  test.each([
    ['the policy wants none', FIVE_HOURS.replace('channel', 'remind: false, channel')],
    ['nobody is asked in a channel', FIVE_HOURS.replace('channel: C0SECOPS, ', '')],
  ])('nobody is reminded where %s', async (_, approval) => {
    const scene = await waiting(approval)
    await scene.deployment.settle(6 * HOUR)
    expect(await said(scene)).toEqual(WHOLE.filter(([, event]) => event !== 'reminded'))
  })

  test('what was decided before stands: a level that opens voids nothing', async () => {
    const scene = await waiting(FIVE_HOURS.replace('channel', 'quorum: 2, channel'))
    const { world, id, deployment } = scene
    const run = await stored(world, id)
    await decideAs(world, run, { verdict: 'approve', speaker: { by: ANN }, hash: run.plan!.hash })
    await deployment.settle(HOUR + MINUTE)
    const after = await stored(world, id)
    expect(after).toMatchObject({ round: 1, asked: { level: 1 }, decisions: [{ by: ANN }] })
    const lead = slackIdentity({ workspace: 'T0ACME', user: 'U0LEAD' })
    await decideAs(world, after, {
      ...{ verdict: 'approve', speaker: { by: lead, groups: ['S0LEADS'] }, hash: run.plan!.hash },
    })
    await deployment.settle()
    expect(await stored(world, id)).toMatchObject({ outcome: 'remediated' })
  })

  test('a decision between the end and the timer that writes it comes too late', async () => {
    const { world, id } = await waiting()
    world.clock.advance(5 * HOUR)
    const run = await stored(world, id)
    const decided = await decideAs(world, run, {
      ...{ verdict: 'approve', speaker: { by: ANN }, hash: run.plan!.hash },
    })
    expect(decided.kind).toBe('late')
  })
})

describe('an undo that is asked for', () => {
  /** A group that Ann let be closed, and the run that did it. */
  async function closed() {
    const scene = await waiting(FIVE_HOURS.replace('[U0ANN]', '[U0ANN, S0ONCALL]'))
    const { world, id, deployment } = scene
    const run = await stored(world, id)
    await decideAs(world, run, { verdict: 'approve', speaker: { by: ANN }, hash: run.plan!.hash })
    await deployment.settle()
    expect(await stored(world, id)).toMatchObject({ outcome: 'remediated' })
    return scene
  }

  async function undone(by: string, groups?: string[]): Promise<Run> {
    const { world, deployment, id } = await closed()
    const { resource } = await stored(world, id)
    await deployment.send(
      { kind: 'undo', run: id, restFor: 'PT24H', by, ...(groups && { groups }) },
      resource,
      'undo',
    )
    await deployment.invoke()
    expect(deployment.errors).toEqual([])
    return (await world.store.list()).find(({ undoOf }) => undoOf === id)!
  }

  const BOB = slackIdentity({ workspace: 'T0ACME', user: 'U0BOB' })
  test.each<[string, string, string[] | undefined, object]>([
    ['by an approver is confirmed by asking', ANN, undefined, { outcome: 'undone' }],
    ['by a member of a group that is asked', BOB, ['S0ONCALL'], { outcome: 'undone' }],
    [
      'by somebody in Slack who may not decide waits for those who may',
      BOB,
      undefined,
      { waitingFor: 'approval' },
    ],
    [
      'by somebody of another workspace',
      ANN.replace('T0ACME', 'T0OTHER'),
      undefined,
      { waitingFor: 'approval' },
    ],
    [
      'by a caller who may not decide',
      'arn:aws:iam::123456789012:user/eve',
      undefined,
      { waitingFor: 'approval' },
    ],
  ])('%s', async (_, by, groups, outcome) => {
    expect(await undone(by, groups)).toMatchObject({
      ...outcome,
      requestedBy: by,
      approval: { channel: 'C0SECOPS', workspace: 'T0ACME', approvers: ['U0ANN', 'S0ONCALL'] },
    })
  })
})
