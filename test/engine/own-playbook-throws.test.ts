import { describe, expect, test } from '@jest/globals'
import { ours } from '../../playbooks/index.ts'
import { AwsError, compliant, config, definePlaybook, gone, Unplannable, z } from '../../src/contract.ts'
import { type AnyPlaybook, notApplicable } from '../../src/playbook/playbook.ts'
import { withOwn } from '../../src/playbook/service/own-collection.ts'
import { SCENES } from './scene-per-playbook.ts'
import { finding, newWorld, start } from './simulated-world.ts'

const throws = (error: unknown) => () => {
  throw error
}
const BUG = new TypeError('no x of undefined')

/** A playbook as a user's folder gives it, whose plan has a step that is to be asked about. */
function own(more: object): AnyPlaybook {
  const step = {
    kind: 'call',
    id: 'set',
    summary: 'set it',
    call: { service: 'ec2', operation: 'CreateTags', input: {} },
    undo: [],
    permissions: [],
  }
  const mine = definePlaybook({
    id: 'own',
    title: 'T',
    implements: [],
    resource: 'AWS::EC2::Instance',
    tagsOf: 'the instance',
    answers: [config('OWN')],
    suggestedMode: 'auto',
    parameters: z.strictObject({}),
    reads: ['ec2:DescribeInstances'],
    writes: [],
    inspect: async () => ({ state: {}, tags: {} }),
    plan: () => ({ kind: 'steps', steps: [step], before: 'a', after: 'b' }),
    observe: () => 'a',
    ...more,
  } as never)
  return withOwn(ours, [['own.ts', { mine }]]).playbooks.at(-1)!
}

/** How a run of it ends beside a run of one of ours, in one call. */
async function besideOurs(more: object) {
  const world = newWorld()
  const other = SCENES[0]!.arrange(world)
  const mine = finding(world, {
    source: 'config',
    type: 'OWN',
    resources: [{ type: 'AWS::EC2::Instance', id: 'i-1' }],
  })
  const { engine } = start(world, { playbooks: [...ours.playbooks, own(more)] })
  const { runs } = await engine.handle([mine, other], 'apply')
  const run = runs.find(({ playbook }) => playbook === 'own')
  const others = runs.filter(({ playbook }) => playbook !== 'own').map(({ outcome }) => outcome)
  return { outcome: run?.outcome, reason: run?.reason, others }
}

describe('a playbook of a user that throws fails its own run only', () => {
  test.each([
    ['targets', { targets: throws(BUG) }],
    ['inspect', { inspect: throws(BUG) }],
    ['inspect', { inspect: async () => throws(BUG)() }],
    ['plan', { plan: throws(BUG) }],
    ['impact', { impact: throws(BUG) }],
  ])('in %s, with its name and the error as the reason', async (name, more) => {
    expect(await besideOurs(more)).toEqual({
      outcome: 'failed',
      reason: expect.stringContaining(`playbook own: ${name} failed: TypeError: no x of undefined`),
      others: ['remediated'],
    })
  })

  test('and so one that forgets to answer', async () => {
    expect(await besideOurs({ inspect: async () => undefined })).toEqual({
      outcome: 'failed',
      reason: expect.stringContaining('playbook own: inspect failed: it gave no answer'),
      others: ['remediated'],
    })
  })

  test('while one that does what it may ends as it says', async () => {
    expect(await besideOurs({ plan: () => compliant() })).toMatchObject({ outcome: 'alreadyCompliant' })
    expect(await besideOurs({ inspect: async () => gone })).toMatchObject({ outcome: 'resourceGone' })
    expect(await besideOurs({ targets: async () => notApplicable('none') })).toMatchObject({
      outcome: 'notApplicable',
      reason: 'none',
    })
  })
})

describe('of a playbook of a user', () => {
  const settled = (run: () => unknown): Promise<unknown> =>
    Promise.resolve()
      .then(run)
      .catch((error: unknown) => error)

  test('every function is held, those about subsets and commands as well', async () => {
    const playbook = own({
      observe: throws(BUG),
      same: throws(BUG),
      status: throws(BUG),
      coveredBy: throws(BUG),
      pending: throws(BUG),
      subset: { remaining: throws(BUG), part: throws(BUG) },
      command: { settle: async () => throws(BUG)(), proof: throws(BUG) },
    })
    const { observe, same, status, coveredBy, pending, subset, command } = playbook as unknown as Record<
      string,
      object
    >
    const all = { observe, same, status, coveredBy, pending, ...subset, ...command }
    const errors = await Promise.all(Object.values(all).map((each) => settled(each as () => unknown)))
    expect(errors).toHaveLength(9)
    for (const error of errors) {
      expect(error).toBeInstanceOf(Unplannable)
      expect(error).toMatchObject({
        message: expect.stringMatching(/^playbook own: .+ failed: TypeError/),
        cause: BUG,
      })
    }
    expect(String(errors.at(-1))).toContain('own: command.proof failed')
  })

  test('what it says of the run itself comes through as it is', async () => {
    const denied = new AwsError({ kind: 'denied', code: 'X', action: 'ec2:DescribeInstances' }, 'no')
    const unplannable = new Unplannable('a shape of tomorrow')
    const playbook = own({ inspect: throws(denied), plan: throws(unplannable) }) as unknown as {
      inspect(): unknown
      plan(): unknown
    }
    expect(await settled(() => playbook.inspect())).toBe(denied)
    expect(await settled(() => playbook.plan())).toBe(unplannable)
  })

  test('whatever is thrown is told, also what has no text', async () => {
    const untold = { toString: throws(BUG) }
    for (const odd of [undefined, null, 'text', Symbol('x'), untold])
      expect(await settled(own({ observe: throws(odd) }).observe as () => unknown)).toBeInstanceOf(
        Unplannable,
      )
  })

  test('a name that it cannot read is not understood, and not looked at', () => {
    const place = { partition: 'aws', region: 'eu-west-1', account: '123456789012' }
    expect(own({ named: throws(BUG) }).named('i-1', place)).toMatchObject({
      id: 'i-1',
      notUnderstood: 'playbook own: named failed: TypeError: no x of undefined',
    })
  })

  test('a function may use its siblings by `this`', () => {
    const playbook = own({
      mine: 7,
      observe(this: { mine: number }) {
        return this.mine
      },
    })
    expect((playbook.observe as () => unknown)()).toBe(7)
  })
})
