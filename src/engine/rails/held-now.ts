import { SEVERITIES, type Severity, severestOf } from '../../findings/finding.ts'
import { heldBy, heldByLimit } from '../../run/found-by.ts'
import type { Hold, Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'

/** Runs that one and the same thing holds. */
export interface HeldTogether {
  /** What holds them: another pause is another one, a limit stays the same. */
  key: string
  rail: Hold['rail']
  reason: string
  /** As `Hold.scope`. */
  scope?: string
  /** ISO 8601 UTC: when the last of them goes on by itself, of a limit the first; absent where nobody knows. */
  until?: string
  runs: number
  /** Whether there may be more: so many are looked at and no more. */
  isCut: boolean
  severities: Partial<Record<Severity, number>>
  playbooks: Record<string, number>
}

/** How many runs are looked at that are found by one key. */
const MOST_LOOKED_AT = 500
const KEYS = [
  ...(['pause', 'freeze', 'breaker'] as const).map(heldBy),
  ...SEVERITIES.toReversed().map(heldByLimit),
]

/**
 * What is held now, by what holds it; most runs first. A run whose hold is over, and that was only not woken yet, is
 * not counted.
 * @param now ms since 1970, UTC
 * @param woken ids of runs that were let go just now
 */
export async function heldNow(
  store: Pick<RunStore, 'foundBy' | 'get'>,
  now: number,
  woken: ReadonlySet<string> = new Set(),
): Promise<HeldTogether[]> {
  const groups = new Map<string, HeldTogether>()
  for (const key of KEYS) {
    const ids = await store.foundBy(key, { limit: MOST_LOOKED_AT + 1 })
    const isCut = ids.length > MOST_LOOKED_AT
    const looked = ids.slice(0, MOST_LOOKED_AT).filter((id) => !woken.has(id))
    for (const run of await Promise.all(looked.map((id) => store.get(id))))
      if (run?.heldBy && isStill(run.heldBy, now)) count(groups, run, run.heldBy, isCut)
  }
  return [...groups.values()].sort((a, b) => b.runs - a.runs)
}

/** A limit has room for some of those that it holds when the first of its changes is an hour old. */
const isStill = ({ rail, until }: Hold, now: number): boolean =>
  rail === 'limit' || until === undefined || Date.parse(until) > now

function count(groups: Map<string, HeldTogether>, run: Run, hold: Hold, isCut: boolean): void {
  const { rail, reason, scope, until } = hold
  // A pause is told from the next one by who made it and when.
  const key = `${rail} ${rail === 'pause' ? reason : (scope ?? reason)}`
  const none = { key, rail, reason, runs: 0, isCut: false, severities: {}, playbooks: {} }
  const group: HeldTogether = groups.get(key) ?? { ...none, ...(scope !== undefined && { scope }) }
  groups.set(key, group)
  group.runs += 1
  group.isCut ||= isCut
  const severity = severestOf(run.findings)
  group.severities[severity] = (group.severities[severity] ?? 0) + 1
  group.playbooks[run.playbook] = (group.playbooks[run.playbook] ?? 0) + 1
  if (until === undefined) return
  const isNearer = group.until === undefined || (rail === 'limit' ? until < group.until : until > group.until)
  if (isNearer) group.until = until
}
