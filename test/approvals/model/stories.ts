import { expect } from '@jest/globals'
import fc from 'fast-check'
import type { SlackFaults } from '../../../src/sandbox/slack/slack-faults.ts'
import { sshOpen } from '../../engine/simulated-world.ts'
import { type Actor, GROUPS } from './actors.ts'
import { FOR_EVER, HAPPENS, type Happening, type Its, opens, type Story } from './happenings.ts'
import { CALLERS, CLICKERS, POLICIES } from './people-and-policies.ts'
import type { SlackStack } from './slack-stack.ts'

class Step implements fc.AsyncCommand<object, Story> {
  readonly #happening: Happening
  /** Whether all that can be done is done afterwards. */
  readonly #drains: boolean

  constructor(happening: Happening, drains: boolean) {
    this.#happening = happening
    this.#drains = drains
  }

  check = () => true

  async run(_: object, story: Story): Promise<void> {
    const { stack, seen } = story
    await HAPPENS[this.#happening.kind](story, this.#happening as never)
    if (this.#drains) await stack.drain()
    seen.look(stack, await stack.world.store.list())
    expect(stack.ledger.violations).toEqual([])
    expect(stack.failures).toEqual([])
    expect(stack.cards.failures).toEqual([])
    expect(stack.deployment.errors.filter((error) => (error as Error).name !== 'TakenOver')).toEqual([])
  }

  toString = () => `${JSON.stringify(this.#happening)}${this.#drains ? ' drains' : ''}`
}

const group = fc.constantFrom(0, 0, 0, 1, 2)
const dies = fc.oneof({ weight: 4, arbitrary: fc.constant(FOR_EVER) }, { weight: 1, arbitrary: fc.nat(40) })
const age = fc.constantFrom(0, 0, 0, 1, 2)
const click: fc.Arbitrary<Actor> = fc.record({
  does: fc.constant('click' as const),
  user: fc.constantFrom(...CLICKERS, 'ann', 'ben', 'cho', 'ann', 'ben', 'cho'),
  action: fc.constantFrom('approve', 'approve', 'approve', 'approve', 'decline', 'undo', 'approve_all'),
  group,
  age,
})
const cli: fc.Arbitrary<Actor> = fc.record({
  does: fc.constant('cli' as const),
  who: fc.constantFrom(...CALLERS),
  verdict: fc.constantFrom('approve', 'approve', 'decline'),
  group,
})
const work = fc.constantFrom<Actor>(
  { does: 'runner' },
  { does: 'notifier' },
  { does: 'sender', group: 'post' },
  { does: 'sender', group: 'update' },
  { does: 'sweeper' },
)
const actor = fc.oneof(click, cli, work)
const fault = fc.constantFrom<Partial<SlackFaults>>(
  { down: 'reset' },
  { down: 'unavailable' },
  { down: 'page' },
  { loseAnswers: 1 },
  { loseAnswers: 1, methods: ['chat.postMessage'] },
  { loseAnswers: 2, methods: ['chat.postMessage'], lostBy: 'cut' },
  { limit: 2, retryAfter: 2 },
  { limit: 1, retryAfter: 40 },
  { down: undefined, limit: 0, loseAnswers: 0, methods: [] },
  { down: undefined, limit: 0, loseAnswers: 0, methods: [] },
)

const of = <K extends Happening['kind']>(
  kind: K,
  rest: { [F in Exclude<keyof Its<K>, 'kind'>]: fc.Arbitrary<Its<K>[F]> },
) => fc.record({ kind: fc.constant(kind), ...rest }) as fc.Arbitrary<Happening>

const happenings: fc.Arbitrary<Happening>[] = [
  of('finding', { group }),
  of('finding', { group }),
  of('drift', { group }),
  of('askAgain', { group, user: fc.constantFrom(...CLICKERS) }),
  of('one', { actor: click, dies }),
  of('one', { actor: click, dies }),
  of('one', { actor: cli, dies }),
  of('one', { actor: work, dies }),
  of('together', {
    minutes: fc.constantFrom(0, 0, 61, 91, 121, 151),
    actors: fc.array(fc.record({ actor, dies }), { minLength: 1, maxLength: 4 }),
    order: fc.array(fc.nat(3), { maxLength: 60 }),
  }),
  of('drain', {}),
  of('drain', {}),
  of('drain', {}),
  of('time', { minutes: fc.constantFrom(1, 30, 61, 125, 245) }),
  of('end', { group, ms: fc.constantFrom(0, 1) }),
  of('policy', { index: fc.nat(POLICIES.length - 1) }),
  of('slack', { faults: fault }),
  of('delete', { which: fc.nat(5) }),
  of('again', { queue: fc.constantFrom('runs', 'cards'), which: fc.nat(60) }),
  of('exempt', { user: fc.constantFrom(...CLICKERS), group, age }),
]

const drains = fc.constantFrom(true, true, false)
export const commands = happenings.map((one) =>
  fc
    .tuple(one, drains)
    // What is late must be so before anybody wrote that it is.
    .map(
      ([happening, isDrained]) => new Step(happening, isDrained && !['time', 'end'].includes(happening.kind)),
    ),
)

/** Where stories begin: each group is open, and people were asked. */
export async function asked(stack: SlackStack): Promise<void> {
  for (const group of GROUPS.keys()) {
    opens(stack, group)
    await stack.deployment.findings(sshOpen(stack.world, GROUPS[group]!))
  }
  await stack.drain()
}
