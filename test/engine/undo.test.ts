import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../../src/engine/ports.ts'
import { BadRequest } from '../../src/engine/refusals.ts'
import type { Run } from '../../src/run/run.ts'
import { rulesOf } from './arbitrary-rules.ts'
import { type Live, live, SCENES } from './scene-per-playbook.ts'
import { AUTO, newWorld, policyOf, sshOpen, start, type World } from './simulated-world.ts'

const HOUR = 3_600_000
const yes = (): Answer => ({ kind: 'approve' })
const [group, snapshot, attacker, patches] = SCENES

/** The scene put right; with what AWS held before. */
async function putRight(
  scene = group!,
  world = newWorld(),
): Promise<{ world: World; run: Run; before: Live }> {
  const about = scene.arrange(world)
  const before = live(world)
  const { runs } = await start(world).engine.handle([about], 'apply')
  const run = runs.find(({ playbook }) => playbook === scene.playbook.id)
  expect(run?.outcome).toBe('remediated')
  return { world, run: run!, before }
}

async function undo(world: World, run: Run, answer: () => Answer = yes): Promise<Run> {
  const { runs } = await start(world, { answer }).engine.undo(run.id, { restFor: 'PT24H' })
  expect(runs).toHaveLength(1)
  return runs[0]!
}

describe('an undo', () => {
  test.each([group!, snapshot!, attacker!])('brings back $name as it was', async (scene) => {
    const { world, run, before } = await putRight(scene)
    const undone = await undo(world, run)
    const after = live(world)

    expect(undone).toMatchObject({ outcome: 'undone', undoOf: run.id, mode: 'approve', state: 'closed' })
    expect({ ...after, rules: rulesOf(after), shares: sorted(after) }).toEqual({
      ...before,
      rules: rulesOf(before),
      shares: sorted(before),
    })
    expect(await world.store.get(run.id)).toMatchObject({ outcome: 'remediated', undoneBy: undone.id })
    expect(await world.store.lock(run.resource)).not.toHaveProperty('lockedBy')
  })

  test('of rules makes new ones, with the old descriptions and tags', async () => {
    const { world, run } = await putRight()
    await undo(world, run)

    const back = world.aws.groups
      .rulesOf('sg-0web')
      .find(({ CidrIpv4, FromPort }) => CidrIpv4 === '0.0.0.0/0' && FromPort === 22)
    expect(back).toMatchObject({ Description: 'anywhere', Tags: [{ Key: 'team', Value: 'web' }] })
    expect(back?.SecurityGroupRuleId).not.toBe('sgr-v4')
  })

  test('of what cannot be undone says so and changes nothing', async () => {
    const { world, run } = await putRight(patches)
    const changes = world.aws.changes().length

    expect(await undo(world, run)).toMatchObject({
      outcome: 'notApplicable',
      reason: expect.stringContaining('cannot be undone'),
    })
    expect(world.aws.changes()).toHaveLength(changes)
  })

  test('needs a person: with nobody there it waits, and changes nothing', async () => {
    const { world, run } = await putRight()
    const waiting = await undo(world, run, () => ({ kind: 'leave' }))
    const changes = world.aws.changes().length
    const { runs } = await start(world).engine.approve(waiting.id, { hash: waiting.plan!.hash })

    expect(waiting).toMatchObject({ state: 'waiting', waitingFor: 'approval', mode: 'approve' })
    expect(changes).toBe(1)
    const restUntil = new Date(world.clock.now() + 24 * HOUR).toISOString()
    expect(runs).toMatchObject([{ id: waiting.id, outcome: 'undone', restUntil }])
    expect(await world.store.get(run.id)).toMatchObject({ undoneBy: waiting.id })
  })

  test('that is declined leaves the first run the newest of its key, and not undone', async () => {
    const { world, run } = await putRight()
    const declined = await undo(world, run, () => ({ kind: 'decline' }))

    expect(declined).toMatchObject({ outcome: 'declined' })
    expect(await world.store.newest(run.playbook, run.key)).toBe(run.id)
    expect(await world.store.get(run.id)).not.toHaveProperty('undoneBy')
  })

  test('does not need a rule of the policy, but never holds it', async () => {
    const { world, run } = await putRight()
    world.policy = policyOf(`${AUTO}never: { resources: ["sg-*"] }\n`)
    const changes = world.aws.changes().length

    expect(await undo(world, run)).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('never'),
    })
    expect(world.aws.changes()).toHaveLength(changes)
  })

  test('of a run that changed nothing, or of an undo, is refused', async () => {
    const { world, run } = await putRight()
    const undone = await undo(world, run)
    const { engine } = start(world)
    world.clock.advance(25 * HOUR)
    world.aws.fault({ on: 'ec2:RevokeSecurityGroupIngress', kind: 'deny' })
    const [failed] = (await engine.handle([sshOpen(world, 'sg-0web')], 'apply')).runs

    expect(failed).toMatchObject({ outcome: 'failed' })
    await expect(engine.undo(failed!.id, { restFor: 'PT1H' })).rejects.toBeInstanceOf(BadRequest)
    await expect(engine.undo(undone.id, { restFor: 'PT1H' })).rejects.toBeInstanceOf(BadRequest)
    await expect(engine.undo('no such run', { restFor: 'PT1H' })).rejects.toBeInstanceOf(BadRequest)
  })
})

describe('an undo of something that is no longer as the run left it', () => {
  test.each<[string, (world: World) => void, string]>([
    [
      'changed since: blocked',
      ({ aws }) => aws.groups.addRule('sg-0web', { from: 22, cidr: '0.0.0.0/0', description: 'by hand' }),
      'blocked',
    ],
    [
      'as before the run: alreadyCompliant',
      ({ aws }) => {
        aws.groups.addRule('sg-0web', { from: 22, cidr6: '::/0' })
        const tags = { team: 'web' }
        aws.groups.addRule('sg-0web', { from: 22, cidr: '0.0.0.0/0', description: 'anywhere', tags })
      },
      'alreadyCompliant',
    ],
    ['gone: resourceGone', ({ aws }) => aws.groups.remove('sg-0web'), 'resourceGone'],
  ])('%s', async (_, change, outcome) => {
    const { world, run } = await putRight()
    change(world)
    const before = live(world)
    const changes = world.aws.changes().length

    expect(await undo(world, run)).toMatchObject({ outcome })
    expect(live(world)).toEqual(before)
    expect(world.aws.changes()).toHaveLength(changes)
    expect(await world.store.get(run.id)).not.toHaveProperty('undoneBy')
  })

  test('between the question and the answer: blocked', async () => {
    const { world, run } = await putRight()
    const waiting = await undo(world, run, () => ({ kind: 'leave' }))
    world.aws.groups.addRule('sg-0web', { from: 22, cidr: '0.0.0.0/0', description: 'by hand' })

    expect((await start(world).engine.approve(waiting.id, {})).runs).toMatchObject([{ outcome: 'blocked' }])
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('in other respects goes on: other rules are not its business', async () => {
    const { world, run } = await putRight()
    world.aws.groups.addRule('sg-0web', { from: 8443, cidr: '0.0.0.0/0' })

    expect(await undo(world, run)).toMatchObject({ outcome: 'undone' })
  })
})

describe('an undo of what somebody else had done in part', () => {
  const REVOKE = 'ec2:RevokeSecurityGroupIngress'
  const firstSend = { on: REVOKE, nth: 1, dryRun: false }
  const ingress = ({ aws }: World) =>
    aws.groups.rulesOf('sg-0web').map(({ CidrIpv4, CidrIpv6 }) => CidrIpv4 ?? CidrIpv6)

  /** An open group that is put right just after somebody else has begun to. */
  async function putRightAfter(others: (world: World) => void) {
    const world = newWorld()
    world.aws.fault({ ...firstSend, before: () => others(world) })
    const { run } = await putRight(group, world)
    expect(ingress(world)).toEqual(['10.0.0.0/8', '0.0.0.0/0'])
    return { world, run }
  }
  const deletes =
    (...ids: string[]) =>
    ({ aws }: World) => {
      for (const id of ids) aws.groups.rules.delete(id)
    }

  test.each([
    ['sgr-v6', ['sgr-v4'], '0.0.0.0/0'],
    ['sgr-v4', ['sgr-v6'], '::/0'],
  ])('brings back only what the run itself took: %s stays away', async (other, ours, back) => {
    const { world, run } = await putRightAfter(deletes(other))
    const undone = await undo(world, run)

    expect(run.results).toMatchObject([{ status: 'applied', detail: { ours, others: [other] } }])
    expect(undone).toMatchObject({ outcome: 'undone' })
    expect(undone.plan?.warnings.join()).toContain(`${other} stays as it is`)
    expect(ingress(world)).toEqual(['10.0.0.0/8', '0.0.0.0/0', back])
  })

  test('does so as well where the answer to what was left got lost', async () => {
    const world = newWorld()
    const finding = group!.arrange(world)
    world.aws.fault({ ...firstSend, before: () => deletes('sgr-v6')(world) })
    world.aws.fault({ ...firstSend, nth: 2, kind: 'loseAnswer' })
    const [run] = (await start(world).engine.handle([finding], 'apply')).runs

    expect(run?.results).toMatchObject([{ status: 'alreadyDone', detail: { others: ['sgr-v6'] } }])
    expect(await undo(world, run!)).toMatchObject({ outcome: 'undone' })
    expect(ingress(world)).toEqual(['10.0.0.0/8', '0.0.0.0/0', '0.0.0.0/0'])
  })

  test('is refused where somebody else had done all of it', async () => {
    const { world, run } = await putRightAfter(deletes('sgr-v4', 'sgr-v6'))

    await expect(undo(world, run)).rejects.toThrow('changed nothing')
    expect(ingress(world)).toEqual(['10.0.0.0/8', '0.0.0.0/0'])
  })

  test('brings back all of it where the answer of the run’s own call got lost', async () => {
    const world = newWorld()
    const finding = group!.arrange(world)
    const before = rulesOf(live(world))
    world.aws.fault({ ...firstSend, kind: 'loseAnswer' })
    const [run] = (await start(world).engine.handle([finding], 'apply')).runs

    expect(run?.results[0]).not.toHaveProperty('detail')
    expect(await undo(world, run!)).toMatchObject({ outcome: 'undone' })
    expect(rulesOf(live(world))).toEqual(before)
  })
})

describe('an undo that meets trouble', () => {
  const AUTHORIZE = 'ec2:AuthorizeSecurityGroupIngress'

  test('denied is failed, naming the call, and the hole stays closed', async () => {
    const { world, run } = await putRight()
    world.aws.fault({ on: AUTHORIZE, dryRun: false, kind: 'deny' })
    const failed = await undo(world, run)

    expect(failed).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(`${AUTHORIZE} denied`),
    })
    expect(await world.store.get(run.id)).not.toHaveProperty('undoneBy')
    expect(world.aws.groups.rulesOf('sg-0web')).toHaveLength(2)
  })

  test.each(['loseAnswer', 'loseAnswerThenRetry'] as const)(
    '%s is read back, and done once',
    async (kind) => {
      const { world, run, before } = await putRight()
      world.aws.fault({ on: AUTHORIZE, dryRun: false, nth: 1, kind })

      expect(await undo(world, run)).toMatchObject({ outcome: 'undone' })
      expect(rulesOf(live(world))).toEqual(rulesOf(before))
    },
  )

  test('lied to is unverified', async () => {
    const { world, run } = await putRight(snapshot)
    world.aws.fault({ on: 'ec2:ModifySnapshotAttribute', dryRun: false, kind: 'lie' })

    expect(await undo(world, run)).toMatchObject({ outcome: 'unverified' })
  })
})

describe('after an undo', () => {
  test('the key is held for 24 h, then the next finding is put right again', async () => {
    const { world, run } = await putRight()
    await undo(world, run)
    const { engine } = start(world)
    world.clock.advance(24 * HOUR - 1_000)
    const held = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')
    world.clock.advance(1_000)
    const again = await engine.handle([sshOpen(world, 'sg-0web')], 'apply')

    expect(held.runs).toMatchObject([
      { outcome: 'exempted', reason: expect.stringMatching(/^undone by arn:/) },
    ])
    expect(again.runs).toMatchObject([{ outcome: 'remediated' }])
  })
})

function sorted({ shares }: Live): string[] {
  return Object.entries(shares).map(
    ([id, permissions]) => `${id} ${permissions.map((one) => JSON.stringify(one)).sort()}`,
  )
}
