import type { Run } from '../run/run.ts'
import type { Owners, RunStore } from '../run/store.ts'
import { type ToldEnd, toldName } from '../run/told-detector.ts'
import { railRows } from './rail-rows.ts'
import { runStore } from './run-store.ts'
import { byText, duePlace, type Rows, type Tables } from './tables.ts'
import { timeBoxRows } from './time-box-rows.ts'

/** A run store that ends with the process and keeps the same promises as the database: for tests and trials. */
export function memoryStore(): RunStore {
  return runStore(memoryTables())
}

/**
 * Owners that live as long as they stand in the registry.
 * @param registry the living, shared by all owners of one store; taking a name out of it kills that owner
 */
export function memoryOwners(self: string, registry: Set<string>): Owners {
  registry.add(self)
  return {
    self,
    alive: async (owner) => registry.has(owner),
    release: async () => void registry.delete(self),
  }
}

/** Writes are whole because `runStore` checks everything before its first put and no put can fail. */
function memoryTables(): Tables {
  const rows = memoryRows()
  return {
    read: (work) => work(rows),
    write: async (work) => work(rows),
    close: async () => undefined,
  }
}

/** Rows are kept as JSON text, as the database keeps them: nobody can change a stored row through a reference. */
export function memoryRows(): Rows {
  const runs = new Map<string, string>()
  const newest = new Map<string, string>()
  const locks = new Map<string, string>()
  const started = new Map<string, string>()
  const commits = new Map<string, string>()
  const attached = new Map<string, Map<string, string>>()
  const audit = new Map<string, string[]>()
  const told = new Map<string, Map<string, string>>()
  const due = rowsOfWhatIsDue((run) => parsed<Run>(runs.get(run)))
  const bookmarks = new Map<string, string>()

  return {
    run: (id) => parsed(runs.get(id)),
    standing: (id) => parsed(runs.get(id)),
    runs: ({ state, since, behind, where = () => true, limit }) =>
      [...runs.values()]
        .map((text): Run => JSON.parse(text))
        .filter((run) => !state || state.includes(run.state))
        .filter((run) => since === undefined || Date.parse(run.startedAt) >= since)
        .filter((run) => behind === undefined || newestFirst(behind, run) < 0)
        .sort(newestFirst)
        // It is asked newest first.
        .filter(where)
        .slice(0, limit),
    putRun: (run, body = JSON.stringify(run)) => void runs.set(run.id, body),
    putCommitted(run, body, at) {
      runs.set(run.id, body)
      due.putDue(run.id, at)
    },
    ...due,
    newest: (playbook, key) => newest.get(idOf(playbook, key)),
    putNewest: (run) => void newest.set(idOf(run.playbook, run.key), run.id),
    runThatStarted: (id) => started.get(id),
    putStarted: (id, run) => void started.set(id, run),
    lock: (resource) => parsed(locks.get(resource)) ?? { epoch: 0 },
    putLock: (resource, lock) => void locks.set(resource, JSON.stringify(lock)),
    commit: (id) => commits.get(id),
    putCommit: (id, digest) => void commits.set(id, digest),
    attached: (run) => [...(attached.get(run)?.values() ?? [])].map((text) => JSON.parse(text)),
    putAttached(run, finding) {
      const findings = attached.get(run) ?? new Map<string, string>()
      const id = idOf(finding.id, finding.version)
      if (!findings.has(id)) findings.set(id, JSON.stringify(finding))
      attached.set(run, findings)
    },
    audit: (run) => (audit.get(run) ?? []).map((text) => JSON.parse(text)),
    putAudit: (run, entry) => void audit.set(run, [...(audit.get(run) ?? []), JSON.stringify(entry)]),
    told: (run) =>
      [...(told.get(run)?.values() ?? [])]
        .map((text): ToldEnd => JSON.parse(text))
        .sort((a, b) => byText(toldName(a), toldName(b))),
    putTold: (run, end) => void told.set(run, new Map(told.get(run)).set(toldName(end), JSON.stringify(end))),
    ...timeBoxRows(),
    ...railRows(),
    bookmark: (name) => parsed(bookmarks.get(name)),
    putBookmark: (name, place) => void bookmarks.set(name, JSON.stringify(place)),
  }
}

type Placed = Pick<Run, 'id' | 'startedAt'>
const newestFirst = (a: Placed, b: Placed): number => byText(b.startedAt, a.startedAt) || byText(b.id, a.id)

function rowsOfWhatIsDue(
  runOf: (id: string) => Run | undefined,
): Pick<Rows, 'putDue' | 'due' | 'foundBy' | 'putFoundBy' | 'dropFoundBy'> {
  const dues = new Map<string, number>()
  const found = new Map<string, Set<string>>()
  return {
    putDue: (run, due) => void (due === undefined ? dues.delete(run) : dues.set(run, due)),
    due(now, limit, from) {
      const all = [...dues].filter(([, due]) => due <= now).sort(([a, x], [b, y]) => x - y || byText(a, b))
      const places = all.map(([run, due]) => duePlace(due, run))
      const start = from === undefined ? 0 : places.filter((place) => place <= from).length
      const page = all.slice(start, start + limit)
      const next = all.length > start + limit ? places[start + limit - 1] : undefined
      const its = page.flatMap(([run]) => runOf(run) ?? [])
      return { runs: its, ...(next !== undefined && { next }) }
    },
    foundBy: (key, limit) =>
      [...(found.get(key) ?? [])]
        .flatMap((run) => runOf(run) ?? [])
        .sort((a, b) => byText(a.startedAt, b.startedAt) || byText(a.id, b.id))
        .slice(0, limit)
        .map(({ id }) => id),
    putFoundBy: (key, run) => void found.set(key, (found.get(key) ?? new Set()).add(run)),
    dropFoundBy: (key, run) => void found.get(key)?.delete(run),
  }
}

function parsed<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : JSON.parse(text)
}

/** One key of several parts, unambiguous. */
function idOf(...parts: string[]): string {
  return JSON.stringify(parts)
}
