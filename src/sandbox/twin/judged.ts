import type { Twin, TwinStatus } from '../../run/rehearsed/twin.ts'
import type { Run } from '../../run/run.ts'
import { EMULATOR_UNREACHABLE, UNKNOWN_TO_EMULATOR } from './copy.ts'

/** What was found out of a twin, before anybody says what it comes to. */
export type TwinFacts = Omit<Twin, 'status' | 'why'> & {
  /** Whether other calls were sent than the plan lists. */
  otherCalls?: boolean
  /** Whether the look at the twin read other things than that at the resource. */
  otherReads?: boolean
}

/**
 * What it comes to, and why. Pure.
 * @param last the run on the twin that went last
 */
export function judged({ otherCalls = false, otherReads = false, ...found }: TwinFacts, last: Run): Twin {
  const [status, why] = verdict({ ...found, otherCalls, otherReads }, last)
  return { status, why, ...found }
}

/** Of a twin that was not made, and why not. */
export const notMade = (why: string): Twin => ({
  status: 'notCopied',
  why,
  copied: [],
  assumed: [],
  notCopied: [],
  notShown: [],
  plan: [],
})

function verdict(found: TwinFacts, last: Run): [TwinStatus, string] {
  const { applied, undone, plan, otherCalls } = found
  if (applied === undefined) return notThere(found, last)
  const unknown = unknownCall(last)
  if (unknown !== undefined) return ['notShown', unknown]
  if (applied.outcome !== 'remediated')
    return ['disagrees', `carried out on the twin it ended ${applied.outcome}: ${applied.reason}`]
  if (otherCalls)
    return ['disagrees', `other calls were sent than the plan lists: ${applied.calls.join(', ')}`]
  if (undone === undefined) return ['agrees', 'put right there; it cannot be taken back']
  if (undone.outcome !== 'undone')
    return ['disagrees', `taking it back on the twin ended ${undone.outcome}: ${undone.reason}`]
  const [left] = undone.differs
  if (left) return ['disagrees', `taken back it is not as it was before: ${left.field}`]
  const told = plan.length === 0 ? '' : '; its impact or warnings are told otherwise there'
  return ['agrees', `put right by the plan's own calls, proven, and taken back there${told}`]
}

/** The look at the twin led to another plan, or to none. */
function notThere({ plan, notCopied, notShown, otherReads }: TwinFacts, last: Run): [TwinStatus, string] {
  const [first] = notCopied
  const seen = last.plan
    ? `the plan for the twin is another: ${fieldList(plan.map(({ field }) => field))}`
    : `the look at the twin ended ${last.outcome}: ${last.reason}`
  if (first) return ['notCopied', `${seen}; ${first.action} was not copied: ${first.why}`]
  if (notShown.length > 0)
    return ['notShown', `${seen}; the emulators answer otherwise: ${fieldList(notShown)}`]
  if (!last.plan) return ['notShown', seen]
  if (otherReads) return ['notShown', `${seen}; the look at it read other things`]
  return ['disagrees', `${seen}, though all that was read for it was answered alike`]
}

/** So many are told in a line; the report has them all. */
const MOST_LISTED = 3

function fieldList(fields: readonly string[]): string {
  const left = fields.length - MOST_LISTED
  return `${fields.slice(0, MOST_LISTED).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

/** The emulators lack a call, or did not answer it: that says nothing about the plan. */
function unknownCall({ results }: Run): string | undefined {
  for (const { step, error } of results) {
    const what = error && SAYS_NOTHING.get(error.code)
    if (what) return `the emulators ${what} ${error.action ?? step}`
  }
  return undefined
}

const SAYS_NOTHING: ReadonlyMap<string, string> = new Map([
  [UNKNOWN_TO_EMULATOR, 'do not know'],
  [EMULATOR_UNREACHABLE, 'did not answer'],
])
