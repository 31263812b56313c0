import type { Run } from '../../run/run.ts'
import { type Paint, visible } from '../paint.ts'
import { whomText } from './rehearsal.ts'

/** A run that a second policy decides otherwise. */
export interface OtherDecision {
  playbook: string
  /** ARN. */
  resource: string
  from: Decided
  to: Decided
}

/** What a policy decides, and by which rule. */
export interface Decided {
  mode: string
  reason: string
  /** Who is asked, where it asks. */
  asks?: string
}

/** What a second policy decides otherwise on the same findings. */
export interface WhatIf {
  /** Its file. */
  policy: string
  /** Runs that both have. */
  runs: number
  changes: OtherDecision[]
}

/** Compares two rehearsals of the same findings, run by run. */
export interface Comparing {
  /** A run as the first policy decides it. */
  first(run: Run): void
  /** As the second does: after all of the first. */
  second(run: Run): void
  result(): WhatIf
}

/**
 * What a second policy decides otherwise: runs of the same playbook on the same target whose mode differs, or who is
 * asked. A run that only one of them has is left out: the resource has changed between the two looks. Holds no runs.
 */
export function comparing(policy: string): Comparing {
  const decisions = new Map<string, Decided>()
  const result: WhatIf = { policy, runs: 0, changes: [] }
  const keyOf = ({ playbook, key }: Run) => `${playbook} ${key}`
  return {
    first: (run) => void decisions.set(keyOf(run), decided(run)),
    second(run) {
      const from = decisions.get(keyOf(run))
      if (!from) return
      result.runs++
      const to = decided(run)
      if (from.mode === to.mode && from.asks === to.asks) return
      result.changes.push({ playbook: run.playbook, resource: run.resource, from, to })
    },
    result: () => result,
  }
}

function decided(run: Run): Decided {
  const { mode, reason } = run.ruling ?? { mode: run.mode ?? run.outcome ?? 'undecided', reason: run.reason }
  return { mode, reason, ...(mode === 'approve' && { asks: whomText(run) }) }
}

/** So many resources are named for each way in which they are decided otherwise. */
const MOST_NAMED = 5

/** The same for people: each way in which runs are decided otherwise, with the first resources. */
export function whatIfText({ policy, runs, changes }: WhatIf, paint: Paint): string {
  const head = `${visible(policy)} decides ${changes.length} of ${runs} runs otherwise`
  const wayOf = ({ from, to }: OtherDecision) => `${saidOf(from)}  →  ${saidOf(to)}`
  const ways = [...Map.groupBy(changes, wayOf)].sort(([, a], [, b]) => b.length - a.length)
  return [
    paint.strong(head),
    ...ways.flatMap(([way, all]) => [
      `  ${all.length}  ${visible(way)}`,
      ...all.slice(0, MOST_NAMED).map(({ playbook, resource }) => `       ${playbook}  ${visible(resource)}`),
      ...(all.length > MOST_NAMED ? [paint.faint(`       and ${all.length - MOST_NAMED} more`)] : []),
    ]),
  ].join('\n')
}

const saidOf = ({ mode, reason, asks }: Decided): string =>
  `${mode}${asks === undefined ? '' : `, asks ${asks}`} (${reason})`
