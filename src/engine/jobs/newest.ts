import type { Finding } from '../../findings/finding.ts'
import { canonicalJson, type Json } from '../../playbook/json.ts'
import type { Run } from '../../run/run.ts'

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

/** Whether each piece of a finding (see `piecesOf`) was in these findings. */
export function covers(known: readonly Finding[], finding: Finding): boolean {
  const seen = new Set(known.flatMap(piecesOf))
  return piecesOf(finding).every((piece) => seen.has(piece))
}

/**
 * What a finding is about, as texts to compare. Whatever a source puts into its evidence counts, so that no kind of
 * evidence (a principal, a key, a package, an image, an object) can be new and pass for known. Of a list each item is
 * a piece as it stands: an address that was seen on port 22 and now on port 443 is new. All that is no list goes with
 * each of them, and the type, because they say what an item means: the same address as a target and as an actor.
 * The name of the rule alone is left out: another rule of the same type and parameters asks for the same.
 */
function piecesOf({
  type,
  resources,
  evidence: { ruleName: _, ruleUnread: __, ...evidence },
}: Finding): string[] {
  const said = Object.entries({
    ...evidence,
    resources: resources.map(({ type, id }) => ({ type, id: lastPart(id) })),
  })
  const isList = ([, value]: (typeof said)[number]): boolean => Array.isArray(value)
  const about = canonicalJson({ type, ...Object.fromEntries(said.filter((each) => !isList(each))) })
  const items = said
    .filter(isList)
    .flatMap(([name, list]) => (list as Json[]).map((item) => `${about} ${name} ${canonicalJson(item)}`))
  return [about, ...items]
}

/** The same resource is named by its id at one time and by its ARN at another. */
function lastPart(id: string): string {
  return /[^:/]*$/.exec(id)?.[0] || id
}
