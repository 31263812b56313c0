import { DEFAULT_APPROVAL, elapsed, groundsOf, groupsAsked, type Speaker } from '../../policy/approvers.ts'
import { slackUserOf } from '../../run/identity.ts'
import { countedAs, personOf } from '../../run/people.ts'
import type { Decision, Run } from '../../run/run.ts'
import type { DecisionResult } from '../../run/store.ts'
import { iso } from '../drive/facts.ts'
import type { EnginePorts } from '../ports.ts'

/** A decision that somebody wants to make. */
export interface Wanted {
  verdict: Decision['verdict']
  speaker: Speaker
  /** The hash of the plan that is decided about. */
  hash: string
  reason?: string | undefined
  /** Of an exemption: ISO 8601 UTC. */
  until?: string | undefined
  /** Whoever asked for the run may approve it: at a terminal, and of what was asked for as a run of its own. */
  requesterMayApprove?: boolean
}

/** What became of a decision. */
export type Decided =
  /** `run` has all decisions now; `afterDecisions` says what they come to. */
  | { kind: 'recorded'; run: Run }
  /** Another decision stands; `stored` is the run with it. */
  | { kind: 'decided'; decision: Decision; stored: Run | undefined }
  /** `groups`: user groups of Slack that are asked, and of which nobody can tell whether the speaker is in them. */
  | { kind: 'notApprover'; groups: string[] }
  | { kind: 'ownRequest' }
  /** An undo opens again what was closed: there is nothing to leave alone. */
  | { kind: 'noExemption' }
  /** `changed`: the run is no longer as it was read: read it again, and ask again. */
  | Extract<DecisionResult, { kind: 'notWaiting' | 'late' | 'otherHash' | 'changed' }>

/**
 * Records a decision about a run, if whoever speaks may decide about it: the only place that does, whoever decides and by
 * whatever way. What is checked here are the terms of the run that is written: one that was stored anew since it was read
 * is `changed`.
 */
export async function decideAs(
  { store, clock }: Pick<EnginePorts, 'store' | 'clock'>,
  run: Run,
  wanted: Wanted,
): Promise<Decided> {
  if (run.waitingFor !== 'approval') return { kind: 'notWaiting' }
  const { verdict, speaker } = wanted
  const now = clock.now()
  const terms = run.approval ?? DEFAULT_APPROVAL
  const passed = elapsed(run, now)
  const grounds = groundsOf(terms, speaker, passed)
  if (grounds === undefined) {
    const isInSlack = slackUserOf(speaker.by) !== undefined
    return { kind: 'notApprover', groups: isInSlack ? [] : groupsAsked(terms, passed) }
  }
  if (verdict === 'exempt' && run.undoOf !== undefined) return { kind: 'noExemption' }
  if (!wanted.requesterMayApprove && isOwnRequest(run, wanted)) return { kind: 'ownRequest' }
  const result = await store.decide(run.id, decisionOf(run, wanted, grounds, now), now, {
    revision: run.revision,
  })
  switch (result.kind) {
    case 'recorded':
      return { kind: 'recorded', run: { ...run, decisions: result.decisions } }
    case 'decided':
      return { ...result, stored: await store.get(run.id) }
    default:
      return result
  }
}

/** A decline by another session of the requester's role may be another person's. */
function isOwnRequest(run: Run, { verdict, speaker: { by } }: Wanted): boolean {
  const { requestedBy } = run
  if (requestedBy === undefined) return false
  if (verdict !== 'approve') return requestedBy === by
  return countedAs(run, { by: requestedBy }) === countedAs(run, { by })
}

function decisionOf(run: Run, wanted: Wanted, grounds: string[], now: number): Decision {
  const { verdict, speaker, hash, reason, until } = wanted
  if (verdict === 'exempt' && !(Date.parse(until ?? '') > now))
    throw new TypeError(`an exemption ends later: ${until}`)
  const person = personOf(run.approval?.people, speaker.by)
  return {
    verdict,
    by: speaker.by,
    at: iso(now),
    hash,
    ...(person !== undefined && { person }),
    ...(slackUserOf(speaker.by) && { as: grounds }),
    ...(reason && { reason }),
    ...(verdict === 'exempt' && until !== undefined && { until }),
  }
}
