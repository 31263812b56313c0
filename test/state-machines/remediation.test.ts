import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  begin,
  type Happening,
  next,
  type Position,
  restore,
  stored,
  UnknownMachine,
} from '../../src/engine/drive/machine.ts'
import {
  type EffectName,
  MAX_DRIFTS,
  type Outcome,
  type Planned,
  type RemediationInput,
  remediation,
} from '../../state-machines/remediation.ts'
import { ANSWERS, completionsOf, EVENTS, everyPath, type Path, PERMITS } from './every-path.ts'

const INPUTS: readonly RemediationInput[] = [
  { intent: 'plan', undo: false },
  { intent: 'rehearse', undo: false },
  { intent: 'apply', undo: false },
  { intent: 'apply', undo: true },
]
const PATHS = INPUTS.flatMap(everyPath)
const EFFECTS = Object.keys(ANSWERS) as EffectName[]

/** Where a path has been, its end last; every happening on it must have meant something. */
function walk({ input, happenings }: Path): Position[] {
  const positions = [begin(input)]
  for (const happening of happenings) {
    const to = next(positions.at(-1)!, happening)
    if (!to) throw new Error(`${happening.type} means nothing in ${positions.at(-1)?.state}`)
    positions.push(to)
  }
  return positions
}

const WALKS = PATHS.map((path) => {
  const positions = walk(path)
  return { path, positions, end: positions.at(-1)! }
})

const throughStorage = (position: Position) => restore(JSON.parse(JSON.stringify(stored(position))))

/** Tells positions apart by all that decides how a run goes on. */
const nameOf = ({ state, context }: Position) => JSON.stringify([state, { ...context, reason: '' }])

describe('every path through the machine', () => {
  test('leads where the graph says, and can be stored and taken up again at every state', () => {
    expect(PATHS.length).toBeGreaterThan(1_000)
    for (const { path, positions, end } of WALKS) {
      expect({ state: end.state, context: end.context }).toEqual({
        state: path.to.value,
        context: path.to.context,
      })
      for (const position of positions) expect(throughStorage(position)).toEqual(position)
    }
  })

  test('together they visit every state; only the deciding itself is passed through', () => {
    const visited = new Set(WALKS.flatMap(({ positions }) => positions.map(({ state }) => state)))
    expect([...visited, 'deciding'].sort()).toEqual(Object.keys(remediation.states).sort())
  })

  test('ends closed with a named outcome, and from everywhere there is a way to the end', () => {
    const closable = new Set<string>()
    const steps = WALKS.map(({ positions }) => positions.slice(-2) as [Position, Position])
    for (let known = -1; known < closable.size; ) {
      known = closable.size
      for (const [from, to] of steps) if (to.done || closable.has(nameOf(to))) closable.add(nameOf(from))
    }
    for (const [from, to] of steps) {
      expect(closable).toContain(nameOf(from))
      expect(to.done).toBe(to.state === 'closed')
      if (to.done) expect(Object.keys(OUTCOMES)).toContain(to.context.outcome)
      else expect({ waits: to.waiting, effect: to.effect }).not.toEqual({ waits: false, effect: undefined })
    }
  })

  test('changes something in `applying` only, and holds the lock from there to the end', () => {
    for (const { positions } of WALKS) {
      for (const { state, effect, locked } of positions) {
        expect(effect === 'change').toBe(state === 'applying')
        expect(locked).toBe(['applying', 'stopped', 'settling', 'checking', 'verifying'].includes(state))
      }
    }
  })
})

describe('a change', () => {
  const changing = WALKS.flatMap(({ path, positions }) =>
    positions.map((position, index) => ({ path, position, index })),
  ).filter(({ position }) => position.effect === 'change')

  test('is out of reach of a plan and of a rehearsal, whatever the policy would allow', () => {
    const intents = new Set(changing.map(({ path }) => path.input.intent))
    expect([...intents]).toEqual(['apply'])
  })

  test('is out of reach where the policy says off, notify, rehearse, exempted or blocked', () => {
    const permits = new Set(changing.map(({ position }) => position.context.permit))
    expect([...permits].sort()).toEqual(['approve', 'auto'])
  })

  test('of a run that must ask follows on an approval of the very plan that was asked about', () => {
    const asked = changing.filter(({ position }) => position.context.permit === 'approve')
    expect(asked.length).toBeGreaterThan(0)
    for (const { path, index } of asked) {
      const before = path.happenings.slice(0, index)
      const isPlan = (happening: Happening) =>
        happening.type === 'effectDone' && 'kind' in happening.output && happening.output.kind === 'planned'
      const approved = before.findLastIndex(({ type }) => type === 'approved')
      expect(approved).toBeGreaterThan(before.findLastIndex(isPlan))
    }
  })
})

describe('a rehearsal', () => {
  test('asks nobody and claims nothing', () => {
    const rehearsed = WALKS.filter(({ path }) => path.input.intent === 'rehearse')
    const states = new Set(rehearsed.flatMap(({ positions }) => positions.map(({ state }) => state)))
    expect([...states].sort()).toEqual(['closed', 'looking', 'rehearsing'])
  })

  test.each(PERMITS)(
    'of what the policy sets to %s dry-runs what could be changed, and only that',
    (permit) => {
      const looked = next(begin({ intent: 'rehearse', undo: false }), lookSays(permit))
      expect(looked?.state).toBe(['rehearse', 'approve', 'auto'].includes(permit) ? 'rehearsing' : 'closed')
    },
  )
})

describe('what comes late or twice', () => {
  const positions = [...new Map(WALKS.map(({ end }) => [nameOf(end), end])).values()]

  test('is dropped: an effect that is not under way neither changes nor breaks the machine', () => {
    for (const position of positions) {
      const stale = EFFECTS.filter((effect) => effect !== position.effect).flatMap(completionsOf)
      for (const happening of stale) expect(next(position, happening)).toBeUndefined()
    }
  })

  test('is dropped: a timer of another state', () => {
    const timers = new Set(positions.flatMap(({ timer }) => timer?.event ?? []))
    expect(timers.size).toBe(4)
    for (const position of positions) {
      for (const event of timers) {
        if (event !== position.timer?.event) expect(next(position, { type: 'timer', event })).toBeUndefined()
      }
    }
  })

  test('is dropped when the run is over, whatever it is', () => {
    const everything = [...EFFECTS.flatMap(completionsOf), ...EVENTS]
    for (const position of positions.filter(({ done }) => done)) {
      for (const happening of everything) expect(next(position, happening)).toBeUndefined()
    }
  })

  test('in any order and number leaves the machine in a state from which it can be stored and taken up', () => {
    const happening = fc.oneof(
      fc.constantFrom(...EFFECTS.flatMap(completionsOf)),
      fc.constantFrom(...EVENTS),
      fc
        .constantFrom('xstate.after.poll.remediation.settling', 'no such timer')
        .map((event): Happening => ({ type: 'timer', event })),
    )
    const walks = fc.property(
      fc.constantFrom(...INPUTS),
      fc.array(happening, { maxLength: 60 }),
      (input, all) => {
        let position = begin(input)
        for (const one of all) position = next(position, one) ?? position
        expect(throughStorage(position)).toEqual(position)
        expect(position.done).toBe(position.context.outcome !== null)
      },
    )
    fc.assert(walks, { numRuns: 300 })
  })
})

describe('a resource that changes under its plan', () => {
  const again = (permit: Planned['permit']): Happening => ({
    type: 'effectDone',
    effect: 'recheck',
    output: lookSays(permit).output,
  })

  test('is planned again three times in an auto run, which then gives up', () => {
    let position = next(begin({ intent: 'apply', undo: false }), lookSays('auto'))!
    for (let drift = 0; drift < MAX_DRIFTS; drift++) {
      position = next(position, again('auto'))!
      expect(position.state).toBe('rechecking')
    }
    position = next(position, again('auto'))!
    expect(position.context).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^keeps changing/),
    })
  })

  test('is asked about again each time where a person decides', () => {
    let position = next(begin({ intent: 'apply', undo: false }), lookSays('approve'))!
    for (let drift = 0; drift < 10; drift++) {
      position = next(position, {
        type: 'effectDone',
        effect: 'dryRun',
        output: { denied: false, reason: '' },
      })!
      expect(position.state).toBe('asking')
      position = next(next(position, { type: 'approved' })!, again('approve'))!
    }
    expect(position.done).toBe(false)
  })
})

describe('a stored run that this version does not know', () => {
  const known = stored(begin({ intent: 'apply', undo: false }))
  test.each([
    ['another machine', { ...known, id: 'another' }],
    ['a later version', { ...known, version: known.version + 1 }],
    ['a state that does not exist', { ...known, snapshot: { state: 'pondering', context: {} } }],
    ['no state at all', { ...known, snapshot: {} }],
  ])('is refused, never guessed at: %s', (_, machine) => {
    expect(() => restore(machine)).toThrow(UnknownMachine)
  })
})

function lookSays(permit: Planned['permit']) {
  const output: Planned = {
    kind: 'planned',
    permit,
    reason: `the policy says ${permit}`,
    dryRunFirst: permit === 'approve',
    expiresInMs: 3_600_000,
  }
  return { type: 'effectDone', effect: 'look', output } as const
}

/** Complete by its type: an outcome that is added to the machine is missing here until it is named. */
const OUTCOMES: Record<Outcome, true> = {
  remediated: true,
  alreadyCompliant: true,
  resourceGone: true,
  notApplicable: true,
  planned: true,
  rehearsed: true,
  notified: true,
  off: true,
  exempted: true,
  blocked: true,
  declined: true,
  expired: true,
  unverified: true,
  failed: true,
  rolledBack: true,
  undone: true,
}
