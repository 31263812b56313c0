import { type Command, InvalidArgumentError, Option } from 'commander'
import { wildcard } from '../../playbook/matchers.ts'
import { BadDuration, durationMs, parseDuration } from '../../policy/written-durations.ts'
import type { Outcome, Run } from '../../run/run.ts'
import type { RunFilter } from '../../run/store.ts'
import { listOf } from './list-of.ts'

/** Which runs are wanted; what is left out is no condition. */
export interface RunConditions {
  /** Outcomes, and `waiting`, `held` or `open` for runs that have none yet. */
  outcome?: string[]
  playbook?: string
  account?: string
  /** Id or ARN, `*` for any characters. */
  resource?: string
  /** ms since 1970, UTC. */
  since?: number
  limit?: number
}

const OUTCOMES = {
  ...{ remediated: 1, alreadyCompliant: 1, resourceGone: 1, notApplicable: 1, planned: 1, rehearsed: 1 },
  ...{ notified: 1, off: 1, exempted: 1, blocked: 1, declined: 1, expired: 1, unverified: 1, failed: 1 },
  ...{ rolledBack: 1, undone: 1 },
} satisfies Record<Outcome, 1>
const STATES: Run['state'][] = ['waiting', 'open']
/** Those of the runs that wait which a guard rail holds. */
const HELD = 'held'
const ENDS = [...Object.keys(OUTCOMES), ...STATES, HELD]

/** Declares the conditions for a list of runs. */
export function addRunConditions(command: Command): Command {
  return command
    .addOption(
      new Option('--outcome <list>', 'only these, with commas; also waiting, held, open').argParser((text) =>
        listOf('outcome', text, ENDS),
      ),
    )
    .addOption(new Option('--playbook <id>', 'only runs of this playbook'))
    .addOption(new Option('--account <id>', 'only runs in this account'))
    .addOption(new Option('--resource <id>', 'only runs on this, by id or ARN; * for any characters'))
    .addOption(new Option('--since <when>', 'only runs started since: 24h, 7d, 2026-11-20').argParser(timeOf))
    .addOption(new Option('--limit <number>', 'at most so many, the newest').argParser(numberOf))
}

const endsOf = ({ outcome, state, heldBy }: Run): string[] => [outcome ?? state, ...(heldBy ? [HELD] : [])]
const stateOf = (end: string): Run['state'] =>
  end === HELD ? 'waiting' : (STATES.find((state) => state === end) ?? 'closed')

/** Whether a run is wanted, but for when it started. */
function isWanted(run: Run, { outcome, playbook, account, resource }: RunConditions): boolean {
  return (
    (outcome === undefined || endsOf(run).some((end) => outcome.includes(end))) &&
    (playbook === undefined || run.playbook === playbook) &&
    (account === undefined || run.account === account) &&
    (resource === undefined || wildcard(resource, run.target.id) || wildcard(resource, run.resource))
  )
}

/** The same as a store takes it. */
export function filterOf(conditions: RunConditions): RunFilter {
  const { since, limit, outcome } = conditions
  const states = outcome && [...new Set(outcome.map(stateOf))]
  return {
    where: (run) => isWanted(run, conditions),
    ...(states && { state: states }),
    ...(since !== undefined && { since }),
    ...(limit !== undefined && { limit }),
  }
}

/** A time that a person writes, or so long ago; ms since 1970, UTC. */
export const timeOf = (text: string): number => momentIn(text)(Date.now())

/** A moment as people write it, `24h`, `7d` or `2026-11-20`: ms since 1970, UTC, once it is known when now is. */
export function momentIn(text: string): (now: number) => number {
  const at = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(at)) return () => at
  try {
    const before = durationMs(parseDuration(text))
    return (now) => now - before
  } catch (error) {
    if (!(error instanceof BadDuration)) throw error
    throw new InvalidArgumentError('give a time, such as 24h, 7d or 2026-11-20.')
  }
}

/** So long as people write it, `24h`, `7d`: ms, more than none. */
export function spanOf(text: string): number {
  try {
    const ms = durationMs(parseDuration(text))
    if (ms > 0) return ms
  } catch (error) {
    if (!(error instanceof BadDuration)) throw error
  }
  throw new InvalidArgumentError('give a time, such as 24h or 7d.')
}

/** A whole number above 0. */
export function numberOf(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('give a number, such as 20.')
}
