import type { Finding } from '../findings/finding.ts'
import { canonicalJson } from '../playbook/json.ts'
import type { Run } from '../store/run.ts'

/** What a new or updated finding does, given the newest run of its key. */
export type Disposition =
  /** Joins the run that is under way. */
  | { kind: 'attach'; run: Run }
  /** That run has already proven what this finding asks for. */
  | { kind: 'covered'; run: Run }
  /** An undo holds the key: a run that is only recorded. */
  | { kind: 'held'; run: Run }
  /** A run of its own; the same plan as a declined one stays silent until then (ms since 1970, UTC). */
  | { kind: 'new'; silenced?: { hash: string; until: number; run: Run } }

/** How long the same plan is not asked about again after somebody declined it, or nobody answered. */
const SILENCE_MS = 7 * 24 * 3600 * 1000

/** What the newest run of (playbook, key) makes of findings for that key. Pure. */
export function dispose(newest: Run | undefined, findings: readonly Finding[], now: number): Disposition {
  if (!newest) return { kind: 'new' }
  if (newest.state !== 'closed') return { kind: 'attach', run: newest }
  switch (newest.outcome) {
    case 'remediated':
    case 'alreadyCompliant': {
      const verified = newest.verifiedAt ?? ''
      const known = findings.every(
        (finding) => verified >= finding.observedAt && covers(newest.findings, finding),
      )
      return known ? { kind: 'covered', run: newest } : { kind: 'new' }
    }
    case 'declined':
    case 'expired': {
      const until = Date.parse(newest.endedAt ?? newest.startedAt) + SILENCE_MS
      if (!newest.plan || now >= until) return { kind: 'new' }
      return { kind: 'new', silenced: { hash: newest.plan.hash, until, run: newest } }
    }
    case 'undone':
      return now < Date.parse(newest.holdUntil ?? '') ? { kind: 'held', run: newest } : { kind: 'new' }
    default:
      return { kind: 'new' }
  }
}

/** Whether each port, address and resource of a finding was in these findings. */
export function covers(known: readonly Finding[], finding: Finding): boolean {
  const seen = new Set(known.flatMap(evidenceOf))
  return evidenceOf(finding).every((piece) => seen.has(piece))
}

/** What a finding is about; where it names neither port nor address, its rule or type says what. */
function evidenceOf({ type, resources, evidence }: Finding): string[] {
  const { ruleParameters } = evidence
  // Two rules of one kind may ask for different ports.
  const asked = ruleParameters ? `type ${type} with ${canonicalJson(ruleParameters)}` : `type ${type}`
  const ports = (evidence.ports ?? []).map((port) => `port ${port}`)
  const addresses = (evidence.remotes ?? []).map(({ address }) => `address ${address}`)
  const about = ports.length + addresses.length > 0 ? [...ports, ...addresses] : [asked]
  // By the last part: the same resource is named by its id at one time and by its ARN at another.
  return [...about, ...resources.map(({ type: kind, id }) => `resource ${kind} ${/[^:/]*$/.exec(id)?.[0]}`)]
}
