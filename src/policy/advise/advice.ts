import type { Mode } from '../../playbook/playbook.ts'
import type { Policy } from '../rules.ts'
import type { AdviseCriteria } from './criteria.ts'
import {
  type Evidence,
  type EvidenceFor,
  type Gathered,
  noEvidence,
  type ShownByRule,
} from './gathered-evidence.ts'
import { type Reserved, WRONG, type Wrong } from './told-by-run.ts'

/**
 * What is proposed for a rule and a playbook that it decides. Its `accounts` are, where more is let go, those in which it was
 * seen to go well.
 */
export interface Advice extends ShownByRule {
  /** Its mode now. */
  mode: Mode
  /** Another mode; absent: as it is. */
  advised?: 'rehearse' | 'approve' | 'auto'
  /** Phrases: what speaks for the mode that is proposed, or what is missing for the next. */
  why: string[]
}

/** What is known of one rule and playbook, and of the playbook as a whole. */
interface Known {
  shown: EvidenceFor
  wentWell: ShownByRule['wentWell']
  unplaced: EvidenceFor
  reserved: ReadonlySet<Reserved>
  criteria: AdviseCriteria
}

/**
 * What the evidence comes to, in the order of the rules. Without evidence nothing is proposed. Pure.
 * @param isCut not all runs of the time were read: what is missing may speak against letting go
 */
export function adviceOn(
  policy: Policy,
  gathered: Gathered,
  criteria: AdviseCriteria,
  isCut = false,
): Advice[] {
  const all = gathered.shown.map((each): Advice => {
    const mode = each.rule === 'none' ? 'rehearse' : policy.rules[each.rule]!.mode
    const known: Known = {
      shown: each.evidence,
      wentWell: each.wentWell,
      unplaced: gathered.unplaced.get(each.playbook) ?? noEvidence(),
      reserved: gathered.reserved.get(each.playbook) ?? new Set(),
      criteria,
    }
    return { ...each, mode, ...proposed(mode, known, isCut) }
  })
  return all.sort((a, b) => placeOf(a) - placeOf(b) || (a.playbook < b.playbook ? -1 : 1))
}

const placeOf = ({ rule }: Pick<Advice, 'rule'>): number =>
  rule === 'none' ? Number.POSITIVE_INFINITY : rule

type Proposed = Pick<Advice, 'advised' | 'why'> & Partial<Pick<Advice, 'accounts'>>

function proposed(mode: Mode, known: Known, isCut: boolean): Proposed {
  switch (mode) {
    case 'auto':
      return loweredFrom('auto', known)
    case 'approve': {
      const lower = loweredFrom('approve', known)
      return lower.advised === undefined ? raisedFrom('approve', known, isCut) : lower
    }
    case 'rehearse':
      return raisedFrom('rehearse', known, isCut)
    default:
      return { why: [`${mode} is a person's word`] }
  }
}

/** Each mode is answerable for what went wrong in it. */
function loweredFrom(mode: 'auto' | 'approve', { shown, criteria }: Known): Proposed {
  const beyond = beyondIn(mode, shown.back, criteria)
  if (beyond.length === 0) return { why: mode === 'auto' ? ['nothing speaks against it'] : [] }
  if (mode === 'approve') return { advised: 'rehearse', why: beyond }
  const further = beyondIn('approve', shown.back, criteria)
  return { advised: further.length > 0 ? 'rehearse' : 'approve', why: [...beyond, ...further] }
}

function raisedFrom(mode: 'rehearse' | 'approve', known: Known, isCut: boolean): Proposed {
  const cut = isCut ? ['not all runs of the time were read'] : []
  const toApprove = [...lackingForApprove(known), ...cut]
  const toAuto = [...lackingForAuto(known), ...cut]
  if (mode === 'rehearse' && toApprove.length > 0) return { why: toApprove }
  const { wentWell } = known
  if (toAuto.length === 0) return { advised: 'auto', why: speakingForAuto(known), accounts: wentWell.auto }
  if (mode === 'approve') return { why: toAuto }
  return { advised: 'approve', why: speakingForApprove(known), accounts: wentWell.approve }
}

function lackingForApprove({ shown, unplaced, criteria }: Known): string[] {
  const { approveAfter } = criteria
  return [
    ...tooFew('rehearsals', shown.approve.counts.rehearsed, approveAfter.rehearsals, shown.approve),
    ...beyondIn('approve', shown.back, criteria, unplaced.back),
  ]
}

function lackingForAuto({ shown, unplaced, reserved, criteria }: Known): string[] {
  const { rehearsals, approvals, undone, declined } = criteria.autoAfter
  const { counts } = shown.auto
  const against = (what: 'undone' | 'declined') => counts[what] + unplaced.auto.counts[what]
  return [
    ...(reserved.has('irreversible') ? ['never beyond approve: it has steps that cannot be undone'] : []),
    ...(reserved.has('cautions') ? ['never beyond approve: plans of it ask for a look by a person'] : []),
    ...tooFew('rehearsals', rehearsedFor(shown.auto), rehearsals, shown.auto),
    ...tooFew('approvals', counts.approved, approvals),
    ...tooMany('undone', against('undone'), undone),
    ...tooMany('declined', against('declined'), declined),
    ...beyondIn('auto', shown.back, criteria, unplaced.back),
    ...beyondIn('approve', shown.back, criteria, unplaced.back),
  ].filter((phrase, at, all) => all.indexOf(phrase) === at)
}

/** Of what was approved and done AWS has taken the calls themselves. */
const rehearsedFor = ({ counts }: Evidence): number => counts.rehearsed + counts.approved

const speakingForApprove = ({ shown }: Known): string[] => [
  number(shown.approve.counts.rehearsed, 'rehearsals'),
]

const speakingForAuto = ({ shown }: Known): string[] => [
  number(rehearsedFor(shown.auto), 'rehearsals'),
  number(shown.auto.counts.approved, 'approvals'),
  number(shown.auto.counts.undone, 'undone'),
]

const number = (count: number, what: string): string => `${count} ${what}`

function tooFew(what: string, count: number, needed: number, among?: Evidence): string[] {
  if (count >= needed) return []
  const { notChecked = 0, denied = 0 } = among?.counts ?? {}
  const others = [
    ...(notChecked > 0 ? [`${notChecked} could not be checked`] : []),
    ...(denied > 0 ? [`${denied} were denied`] : []),
  ]
  return [`${count} of ${needed} ${what}${others.length > 0 ? ` (${others.join(', ')})` : ''}`]
}

const tooMany = (what: string, count: number, most: number): string[] =>
  count > most ? [`${count} ${what} (at most ${most})`] : []

/** What went wrong in a mode more often than it may. */
function beyondIn(
  mode: 'auto' | 'approve',
  { wrongIn }: Evidence,
  { backBeyond }: AdviseCriteria,
  unplaced?: Evidence,
): string[] {
  const countOf = (what: Wrong) => wrongIn[mode][what] + (unplaced?.wrongIn[mode][what] ?? 0)
  return WRONG.flatMap((what) => tooMany(WORDS[what], countOf(what), backBeyond[what]))
}

const WORDS: Record<Wrong, string> = {
  undone: 'undone',
  declined: 'declined',
  unverified: 'unverified',
  rolledBack: 'rolled back',
  failed: 'failed',
}
