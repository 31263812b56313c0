import type { Ignored } from '../../engine/ports.ts'
import type { Run } from '../../run/run.ts'
import { deniedIn } from './rehearsal.ts'
import { cutText } from './traffic/traffic-words.ts'

/** What a rehearsal may be failed on: `--fail-on`. */
export const GATES = [
  'missing-permission',
  'irreversible',
  'unanswered',
  'unverified',
  'traffic',
  'unknown-traffic',
  'twin-disagrees',
] as const
export type Gate = (typeof GATES)[number]

/** Why a run does not pass a gate, one line. */
export interface Stopped {
  gate: Gate
  why: string
}

/** What of a run does not pass. */
export function stoppedRun({ results, plan, outcome, reason, traffic, twin }: Run): Stopped[] {
  return [
    ...deniedIn({ results }).map(({ step, error }) => ({
      gate: 'missing-permission' as const,
      why: `${error?.action ?? step} is denied`,
    })),
    ...(plan?.steps ?? []).flatMap(({ undo }) =>
      Array.isArray(undo) ? [] : [{ gate: 'irreversible' as const, why: undo.irreversible }],
    ),
    ...(plan?.unproven === undefined ? [] : [{ gate: 'unverified' as const, why: plan.unproven }]),
    ...(outcome === 'unverified' || outcome === 'failed'
      ? [{ gate: 'unverified' as const, why: reason }]
      : []),
    ...(traffic?.cuts ?? []).flatMap((cut) => [
      ...((cut.flows ?? 0) > 0 ? [{ gate: 'traffic' as const, why: cutText(cut) }] : []),
      ...(cut.unknown.length > 0 ? [{ gate: 'unknown-traffic' as const, why: cutText(cut) }] : []),
    ]),
    ...(twin?.status === 'disagrees' ? [{ gate: 'twin-disagrees' as const, why: twin.why }] : []),
  ]
}

/** What of a finding without a run does not pass. */
export function stoppedFinding({ reason, unanswered }: Ignored): Stopped[] {
  return unanswered ? [{ gate: 'unanswered', why: reason }] : []
}
