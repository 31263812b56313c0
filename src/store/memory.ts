import type { Run } from '../run/run.ts'
import type { Hold, Owners, RunStore } from '../run/store.ts'
import { dueAt } from './holds.ts'
import { runStore } from './run-store.ts'
import type { HoldKey, Rows, Tables } from './tables.ts'

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
  const commits = new Map<string, string>()
  const attached = new Map<string, Map<string, string>>()
  const audit = new Map<string, string[]>()
  const holds = new Map<string, Hold>()
  let control: string | undefined
  const copy = (hold: Hold) => ({ ...hold })

  return {
    run: (id) => parsed(runs.get(id)),
    runs: ({ state, limit }) =>
      [...runs.values()]
        .map((text): Run => JSON.parse(text))
        .filter((run) => !state || state.includes(run.state))
        .sort((a, b) => byText(b.startedAt, a.startedAt) || byText(b.id, a.id))
        .slice(0, limit),
    putRun: (run, body = JSON.stringify(run)) => void runs.set(run.id, body),
    newest: (playbook, key) => newest.get(idOf(playbook, key)),
    putNewest: (run) => void newest.set(idOf(run.playbook, run.key), run.id),
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
    holds: (resource, entry) =>
      [...holds.values()]
        .filter((hold) => hold.resource === resource && (entry === undefined || hold.entry === entry))
        .sort(byEntry)
        .map(copy),
    holdsOn: (entry) =>
      [...holds.values()]
        .filter((hold) => hold.entry === entry)
        .sort((a, b) => byText(a.resource, b.resource) || byEntry(a, b))
        .map(copy),
    holdsDue: (now) =>
      [...holds.values()]
        .filter((hold) => dueAt(hold) <= now)
        .sort((a, b) => a.until - b.until || byText(a.resource, b.resource) || byEntry(a, b))
        .map(copy),
    putHold: (hold) => void holds.set(holdId(hold), { ...hold }),
    dropHold: (hold) => void holds.delete(holdId(hold)),
    control: () => parsed(control),
    putControl(given) {
      control = JSON.stringify(given)
    },
  }
}

function parsed<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : JSON.parse(text)
}

/** One key of several parts, unambiguous. */
function idOf(...parts: string[]): string {
  return JSON.stringify(parts)
}

function holdId({ resource, entry, key }: HoldKey): string {
  return idOf(resource, entry, key)
}

function byEntry(a: Hold, b: Hold): number {
  return byText(a.entry, b.entry) || byText(a.key, b.key)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
