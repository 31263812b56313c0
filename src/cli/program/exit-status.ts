import type { Rejection } from '../../findings/finding.ts'
import { type Outcome, type Run, WENT_WRONG } from '../../run/run.ts'
import type { InterruptedStatus } from '../terminal/interruption.ts'

/** 0 as the policy wanted it, 1 it went wrong, 2 the request or an event was wrong, 3 stopped or waiting; more: interrupted. */
export type ExitStatus = 0 | 1 | 2 | 3 | InterruptedStatus

/** What the exit status of a command is read from. */
export interface Ended {
  runs: Pick<Run, 'state' | 'outcome'>[]
  rejected: Pick<Rejection, 'code'>[]
  /** How many detectors could not be asked. */
  unread?: number
}

const STOPPED: readonly (Outcome | null)[] = ['blocked', 'declined', 'expired']
/** Commands that only show: that a run was stopped is no news for them. */
const SHOWING = ['triage', 'plan', 'rehearse', 'runs']

/** The exit status of a command over all its runs: the first that applies of 1, 2 and 3, else 0. */
export function exitStatus(command: string, { runs, rejected, unread = 0 }: Ended): ExitStatus {
  if (command === 'runs') return 0
  if (runs.some(({ outcome }) => WENT_WRONG.includes(outcome))) return 1
  if (unread > 0 || rejected.some(({ code }) => code !== 'unsupportedSource')) return 2
  if (SHOWING.includes(command)) return 0
  const asWished = (outcome: Outcome | null) => command === 'decline' && outcome === 'declined'
  const stands = runs.some(
    ({ state, outcome }) => state !== 'closed' || (STOPPED.includes(outcome) && !asWished(outcome)),
  )
  return stands ? 3 : 0
}
