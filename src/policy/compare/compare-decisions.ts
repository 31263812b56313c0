import { sameJson } from '../../playbook/json.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { DEFAULT_APPROVAL } from '../approvers.ts'
import { decide, STRICTNESS } from '../decide.ts'
import type { PolicyFromFile, Ruling, Subject } from '../rules.ts'
import { askedBy } from './asked-of-resource.ts'
import { type BothPolicies, type Guards, guardsOf } from './one-sided-guards.ts'
import { type Reading, readingsOf } from './readings.ts'

/** What a policy says; `unanswered`: by it no playbook takes the finding on. */
export type Outcome = Omit<Ruling, 'mode'> & { mode: Ruling['mode'] | 'unanswered' }
type Mode = Outcome['mode']

/** What two policies say that is not the same. */
export interface DecidedOtherwise {
  from: Outcome
  to: Outcome
  /** Under which readings of the resource, where not under all: a sentence. */
  possible?: string
  /** From when on, where not now: ISO 8601 UTC. */
  since?: string
}

/** What is compared: a playbook on a target. */
export interface Compared {
  subject: Subject
  /** What each policy takes the finding's type to be (`configRules`); undefined where the playbook does not answer that. */
  types: readonly [from: string | undefined, to: string | undefined]
  /** Whether the finding names the target; else only a look tells which resource it is. */
  isNamed: boolean
  playbook: Pick<PlaybookHead, 'tagsOf' | 'nameOf'>
}

/** From the strictest to the most permissive. */
const MODES: readonly Mode[] = ['unanswered', ...STRICTNESS]

/** Whether one mode lets more be done than another. */
export function isRaised(from: Mode, to: Mode): boolean {
  return MODES.indexOf(to) > MODES.indexOf(from)
}

/**
 * Compares two policies: gives what tells of one target what the second decides otherwise than the first, each way once.
 * What only a look tells (tags, a name, which resource it is) is tried in every way that either of them can tell apart. Pure.
 * @param now ms since 1970, UTC; what the end of an exemption brings that only one of them has is told with its time
 */
export function comparing(
  from: PolicyFromFile,
  to: PolicyFromFile,
  now: number,
): (compared: Compared) => DecidedOtherwise[] {
  const both: BothPolicies = [from, to]
  const guards = guardsOf(both)
  const ends = guards.ends.filter((end) => end >= now)
  return (compared) => {
    const later = ends.flatMap((end) => {
      const since = new Date(end + 1).toISOString()
      return waysAt(both, guards, compared, end + 1).map((each) => ({ ...each, since }))
    })
    const all = new Map<string, DecidedOtherwise>()
    for (const each of [...waysAt(both, guards, compared, now), ...later]) {
      const key = wayOf(each)
      if (!all.has(key)) all.set(key, each)
    }
    return [...all.values()]
  }
}

/** The way in which something is decided otherwise, to tell it from others. */
export function wayOf({ from, to }: Pick<DecidedOtherwise, 'from' | 'to'>): string {
  return JSON.stringify([from.mode, from.reason, to.mode, to.reason])
}

function waysAt(both: BothPolicies, guards: Guards, compared: Compared, now: number): DecidedOtherwise[] {
  const { subject, isNamed, playbook } = compared
  const decided = decidedBy(both, compared, subject, now)
  if (isNamed && decided.every(({ mode }) => mode !== 'undecided')) return differing(...decided)
  const told = isNamed ? guards.nameless : guards.bare
  const readings = readingsOf(askedBy(told, guards.ofOne, compared, now), subject, playbook)
  return (readings && waysUnder(readings, told, compared, now)) ?? waysInDoubt(...decided)
}

function decidedBy(
  both: BothPolicies,
  { types }: Compared,
  subject: Subject,
  now: number,
): [from: Outcome, to: Outcome] {
  const outcome = (side: 0 | 1): Outcome => {
    const type = types[side]
    return type === undefined ? UNANSWERED : decide(both[side], { ...subject, type }, now)
  }
  return [outcome(0), outcome(1)]
}

const UNANSWERED: Outcome = {
  mode: 'unanswered',
  reason: 'by what it says that the rule of AWS Config is',
  parameters: {},
  approval: { ...DEFAULT_APPROVAL },
}

/** @returns undefined where a reading leaves something open that is not tried here */
function waysUnder(
  readings: readonly Reading[],
  both: BothPolicies,
  compared: Compared,
  now: number,
): DecidedOtherwise[] | undefined {
  const ways = new Map<string, { each: DecidedOtherwise; words: string; count: number }>()
  for (const { subject, words, unread } of readings) {
    const decided = decidedBy(both, compared, subject, now)
    if (decided.some(isOpen)) return undefined
    // What cannot be read leads to no change: it is news only where it may from now on.
    if (unread && !mayChange(decided[1].mode)) continue
    for (const each of differing(...decided)) {
      const key = wayOf(each)
      const known = ways.get(key)
      if (known) known.count++
      else ways.set(key, { each, words, count: 1 })
    }
  }
  const tried = readings.filter(({ unread }) => !unread).length
  return [...ways.values()].map(({ each, words, count }) =>
    count >= tried ? each : { ...each, possible: `if ${words}` },
  )
}

const mayChange = (mode: Mode): boolean => mode === 'auto' || mode === 'approve'

/** Whether something else than tags and the name is asked for and was not read. */
function isOpen({ unread = [] }: Outcome): boolean {
  return unread.some((what) => what !== 'tags' && what !== 'name')
}

function differing(from: Outcome, to: Outcome): DecidedOtherwise[] {
  const isSame =
    from.mode === to.mode &&
    sameJson(from.parameters, to.parameters) &&
    (!mayChange(from.mode) || sameJson(from.approval, to.approval))
  return isSame ? [] : [{ from, to }]
}

/** Where not every reading is tried: each pair of what either may say, of which the worst is told. */
function waysInDoubt(from: Outcome, to: Outcome): DecidedOtherwise[] {
  if (sameJson(wordsOf(from), wordsOf(to))) return []
  const [lowest = from.mode] = modesOf(from).toSorted((a, b) => MODES.indexOf(a) - MODES.indexOf(b))
  const [highest = to.mode] = modesOf(to).toSorted((a, b) => MODES.indexOf(b) - MODES.indexOf(a))
  const possible = 'by what only a look at the resource tells'
  return [{ from: { ...from, mode: lowest }, to: { ...to, mode: highest }, possible }]
}

/** What nothing tells may be anything. */
function modesOf({ mode, between = [] }: Outcome): Mode[] {
  if (mode !== 'undecided') return [mode]
  return between.length > 0 ? between.map((each) => each.mode) : [...STRICTNESS]
}

/** What may be decided, without the places of the rules. */
function wordsOf({ mode, between = [] }: Outcome): string[] {
  const words = between.map(({ mode, by, where, text }) =>
    by?.kind === 'rule' ? `${mode} where ${where ?? 'it matches'}` : text,
  )
  return [mode, ...words]
}
