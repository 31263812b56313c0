import { afterEach, describe, expect, test } from '@jest/globals'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { Run, StepResult } from '../../src/run/run.ts'
import type { Fault, RecordedCall } from '../support/aws-model.ts'
import { expectOnlyPlanned, watchSetWrites } from './calls-as-planned.ts'
import { live, SCENES, type Scene } from './scene-per-playbook.ts'
import { APPROVE, newWorld, start, type World } from './simulated-world.ts'

type Trouble = Omit<Fault, 'on'>
type Seen = Pick<StepResult, 'status'> & { knownBy?: string; error?: object }
interface Row {
  trouble: string
  fault: Trouble
  outcome: Run['outcome']
  result: Seen
  /** What AWS holds afterwards. */
  state: 'as before' | 'as wanted'
}

let checks: (() => void)[] = []
afterEach(() => {
  for (const check of checks) check()
  checks = []
})

/** A scene in a world of its own; whatever happens, only planned changes and declared calls are on the wire. */
function arranged({ arrange, playbook }: Scene, policy?: string) {
  const world = newWorld(policy)
  const finding = arrange(world)
  const held = watchSetWrites(world)
  const run = async (intent: 'apply' | 'rehearse' = 'apply') => {
    const { runs } = await start(world).engine.handle([finding], intent)
    const mine = runs.filter((one) => one.playbook === playbook.id)
    expect(mine).toHaveLength(1)
    expect(await world.store.list({ state: ['open', 'waiting'] })).toEqual([])
    checks.push(() => {
      expectOnlyPlanned(world, mine[0]!, held)
      const declared = [...playbook.reads, ...playbook.writes.map(({ action }) => action)]
      expect(declared).toEqual(expect.arrayContaining(world.aws.calls.map(({ action }) => action)))
    })
    return mine[0]!
  }
  return { world, run, before: live(world) }
}

function tester({ aws }: World): string {
  return aws.caller.arn
}

function throttledInDoubt({ action }: RecordedCall): never {
  throw new AwsError({ kind: 'throttled', code: 'Throttling', action, inDoubt: true }, 'Rate exceeded')
}

function troubles({ change, playbook }: Scene): Row[] {
  const patching = playbook.id === 'ssm-patch-instance'
  const merging = playbook.id === 'wafv2-block-attacker-ip'
  const principal = expect.stringContaining(':user/tester')
  const failed = (name: string, more: object = {}): Seen => ({
    status: 'failed',
    error: { name, action: change, ...more },
  })
  const answered: Seen = { status: 'applied', knownBy: 'answer' }
  const readBack: Seen = { status: 'alreadyDone', knownBy: patching ? 'mark' : 'readBack' }
  // A snapshot's second removal succeeds as the first did; EC2's rules and WAF's lock tell that there was a first.
  const retried = playbook.id === 'ec2-unshare-public-snapshot' ? answered : readBack
  const rows: Row[] = [
    {
      trouble: 'throttled for good',
      fault: { kind: 'throttle' },
      outcome: 'failed',
      result: failed('throttled', { principal }),
      state: 'as before',
    },
    {
      trouble: 'denied',
      fault: { kind: 'deny' },
      outcome: 'failed',
      result: failed('denied', { principal }),
      state: 'as before',
    },
    {
      trouble: 'reset before the effect each time',
      fault: { kind: 'reset' },
      outcome: 'failed',
      result: failed('retryable', { code: 'ECONNRESET' }),
      state: 'as before',
    },
    {
      trouble: 'reset before the effect once',
      fault: { kind: 'reset', nth: 1 },
      outcome: 'remediated',
      result: answered,
      state: 'as wanted',
    },
    {
      trouble: 'without its answer, after the effect',
      fault: { kind: 'loseAnswer', nth: 1 },
      outcome: 'remediated',
      result: readBack,
      state: 'as wanted',
    },
    {
      trouble: 'sent again by the SDK after a lost answer',
      fault: { kind: 'loseAnswerThenRetry', nth: 1 },
      outcome: 'remediated',
      result: patching ? readBack : retried,
      state: 'as wanted',
    },
    {
      trouble: 'throttled when the SDK sends it again after a lost answer',
      fault: { nth: 1, after: throttledInDoubt },
      outcome: 'remediated',
      result: readBack,
      state: 'as wanted',
    },
    {
      trouble: 'answered as if it were done',
      fault: { kind: 'lie' },
      outcome: 'unverified',
      result: answered,
      state: 'as before',
    },
    {
      trouble: 'slow by 20 s',
      fault: { delayMs: 20_000 },
      outcome: 'remediated',
      result: answered,
      state: 'as wanted',
    },
  ]
  const stale: Row = {
    trouble: 'refused once for a stale lock token',
    fault: { kind: { code: 'WAFOptimisticLockException' }, nth: 1 },
    outcome: 'remediated',
    result: answered,
    state: 'as wanted',
  }
  return merging ? [...rows, stale] : rows
}

describe.each(SCENES)('$name', (scene) => {
  test.each(troubles(scene))('ends $outcome, $state, when the change is $trouble', async (row) => {
    const { world, run, before } = arranged(scene)
    world.aws.fault({ ...row.fault, on: scene.change })
    const { outcome, results, verifiedAt } = await run()

    // What belongs together is taken back together.
    const ended = row.outcome === 'failed' && scene.isTogether ? 'rolledBack' : row.outcome
    expect({ outcome, results }).toMatchObject({ outcome: ended, results: [row.result] })
    expect(live(world)).toEqual(row.state === 'as wanted' ? scene.wanted(before) : before)
    expect(verifiedAt !== undefined).toBe(row.outcome === 'remediated')
  })

  describe.each([...scene.required, ...(scene.targeting ?? [])])('whose required read %s', (read) => {
    test.each(['deny', 'throttle', 'reset'] as const)('meets %s, fails naming it', async (kind) => {
      const { world, run, before } = arranged(scene)
      world.aws.fault({ on: read, kind })
      const { outcome, reason, results } = await run()

      expect({ outcome, results }).toEqual({ outcome: 'failed', results: [] })
      expect(reason).toContain(read)
      if (kind === 'deny') expect(reason).toContain(tester(world))
      expect(live(world)).toEqual(before)
    })
  })

  test.each(scene.required)('is changed on a look of 5 s at most, though %s took 6 s', async (read) => {
    const { world, run, before } = arranged(scene)
    // Where the attackers' targets are found, our own addresses are read once before the look.
    const nth = scene.targeting && read.startsWith('ec2:') ? 2 : 1
    world.aws.fault({ on: read, nth, delayMs: 6_000 })

    expect(await run()).toMatchObject({ outcome: 'remediated' })
    expect(live(world)).toEqual(scene.wanted(before))
    const change = world.aws.calls.findIndex(({ action }) => action === scene.change)
    const looked = world.aws.calls.slice(0, change).findLast(({ action }) => action === read)
    expect(world.aws.calls[change]!.at - looked!.at).toBeLessThanOrEqual(5_000)
  })

  test('whose proof cannot be read is failed, though the change stands', async () => {
    const { world, run, before } = arranged(scene)
    const proof = scene.required.find((action) =>
      /Rules|Attribute|GetIPSet|PatchStates|NetworkAcls/.test(action),
    )!
    world.aws.fault({ on: scene.change, after: () => world.aws.fault({ on: proof, kind: 'deny' }) })
    const { outcome, reason, results } = await run()

    expect({ outcome, results }).toMatchObject({ outcome: 'failed', results: [{ status: 'applied' }] })
    expect(reason).toContain(proof)
    expect(reason).toContain(tester(world))
    expect(live(world)).toEqual(scene.wanted(before))
  })

  test('is rehearsed without a change, whatever the dry run can tell', async () => {
    const { world, run, before } = arranged(scene)
    const { outcome, results } = await run('rehearse')

    const dryRunnable = scene.change.startsWith('ec2:')
    expect({ outcome, results }).toMatchObject({
      outcome: 'rehearsed',
      results: [{ status: dryRunnable ? 'dryRunOk' : 'notCheckable' }],
    })
    expect(live(world)).toEqual(before)
  })
})

describe.each(SCENES.filter(({ change }) => change.startsWith('ec2:')))('the dry run of $name', (scene) => {
  const denied = { status: 'dryRunDenied', error: { name: 'denied', action: scene.change } }

  test('that is denied ends a rehearsal rehearsed, with the denial in its results', async () => {
    const { world, run, before } = arranged(scene)
    world.aws.fault({ on: scene.change, dryRun: true, kind: 'deny' })

    expect(await run('rehearse')).toMatchObject({ outcome: 'rehearsed', results: [denied] })
    expect(live(world)).toEqual(before)
  })

  test('that is denied ends a run failed before anybody is asked', async () => {
    const { world, run, before } = arranged(scene, APPROVE)
    world.aws.fault({ on: scene.change, dryRun: true, kind: 'deny' })
    const { outcome, reason, results, round } = await run()

    expect({ outcome, results, round }).toMatchObject({ outcome: 'failed', results: [denied], round: 0 })
    expect(reason).toContain(`${scene.change} for ${tester(world)}`)
    expect(live(world)).toEqual(before)
  })

  test.each(['throttle', 'reset'] as const)('that meets %s fails the run, naming the call', async (kind) => {
    const { world, run, before } = arranged(scene, APPROVE)
    world.aws.fault({ on: scene.change, dryRun: true, kind })
    const { outcome, reason } = await run()

    expect(outcome).toBe('failed')
    expect(reason).toContain(scene.change)
    expect(live(world)).toEqual(before)
  })
})
