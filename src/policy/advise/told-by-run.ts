import { isLimitCaution } from '../../run/limit-caution.ts'
import { type Run, type StepResult, WENT_WRONG } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'

/** What a run can tell about letting go. */
export const TOLD = [
  'rehearsed',
  'notChecked',
  'denied',
  'approved',
  'drifted',
  'automatic',
  'expired',
  'declined',
  'undone',
  'unverified',
  'rolledBack',
  'failed',
  'fought',
  'limited',
] as const
export type Told = (typeof TOLD)[number]

/** Of these what speaks against the mode in which it happened. */
export const WRONG = ['undone', 'declined', 'unverified', 'rolledBack', 'failed'] as const
export type Wrong = (typeof WRONG)[number]

export const isWrong = (told: Told): told is Wrong => (WRONG as readonly Told[]).includes(told)

/** What became of a run's change later. */
export interface Afterwards {
  /** Somebody took it back. */
  isUndone: boolean
  /** It had to be made again. */
  isFought: boolean
}

/** What a run tells, undo runs nothing. Pure. */
export function toldBy(run: Run, { isUndone, isFought }: Afterwards): Told[] {
  if (run.undoOf !== undefined) return []
  return [
    ...endTold(run, isUndone),
    ...when(isDrifted(run), 'drifted'),
    ...when(isUndone, 'undone'),
    ...when(isFought, 'fought'),
    ...when(isLimited(run), 'limited'),
  ]
}

const when = (holds: boolean, told: Told): Told[] => (holds ? [told] : [])

function endTold(run: Run, isUndone: boolean): Told[] {
  const { outcome, mode } = run
  switch (outcome) {
    case 'rehearsed':
      return [rehearsalTold(run)]
    case 'remediated':
      if (isUndone) return []
      if (mode === 'auto') return ['automatic']
      return when(isApproved(run), 'approved')
    case 'declined':
    case 'expired':
      return [outcome]
    case 'exempted':
      // A person who was asked said to leave it alone.
      return when(tally(run).declined !== undefined, 'declined')
    default:
      return outcome !== null && WENT_WRONG.includes(outcome) ? [outcome as Told] : []
  }
}

const MAY: readonly string[] = ['dryRunOk', 'simulatedOk']
const MAY_NOT: readonly string[] = ['dryRunDenied', 'simulatedDenied']

/**
 * What a rehearsal said: all that was asked about every step of its plan says that it may be done, or it counts for nothing.
 * One check that cannot tell is enough for that, as of a resource with a policy of its own, whatever IAM allows.
 */
function rehearsalTold({ plan, results }: Pick<Run, 'plan' | 'results'>): Told {
  const among = (answers: readonly string[]) => (result: StepResult) => answers.includes(result.status)
  if (results.some(among(MAY_NOT))) return 'denied'
  const steps = plan?.steps ?? []
  const mayAll = steps.every(({ id }) => results.some((each) => each.step === id && among(MAY)(each)))
  return steps.length > 0 && mayAll && results.every(among(MAY)) ? 'rehearsed' : 'notChecked'
}

/** What was approved is what was done. */
const isApproved = (run: Run): boolean =>
  run.mode === 'approve' && tally(run).full !== undefined && !isDrifted(run)

/** An approval was void in the end: by then the resource, or what was found of it, was another. */
const isDrifted = ({ decisions, round }: Run): boolean =>
  decisions.some((made) => made.verdict === 'approve' && (made.round ?? round) !== round)

/** A limit or a breaker of the policy holds it, or made a person look. */
const isLimited = ({ heldBy, plan }: Run): boolean =>
  heldBy?.rail === 'limit' || heldBy?.rail === 'breaker' || (plan?.cautions?.some(isLimitCaution) ?? false)

/** Why a playbook is not let go further than `approve`, as far as a run shows it. */
export type Reserved = 'irreversible' | 'cautions'

/** What of a run's plan a person should have a look at, whatever has gone well so far. */
export function reservedBy({ plan, undoOf }: Pick<Run, 'plan' | 'undoOf'>): Reserved[] {
  if (plan === null || undoOf !== undefined) return []
  const isIrreversible = plan.steps.some(({ undo }) => !Array.isArray(undo))
  const hasCautions = (plan.cautions ?? []).length > 0
  return [...(isIrreversible ? ['irreversible' as const] : []), ...(hasCautions ? ['cautions' as const] : [])]
}
