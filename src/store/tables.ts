import type { Finding } from '../findings/finding.ts'
import type { Json } from '../playbook/json.ts'
import type { AuditEntry, Run } from '../run/run.ts'
import type {
  Control,
  DuePage,
  Lock,
  PauseScope,
  RunFilter,
  StoredExemption,
  TimeBox,
  Token,
} from '../run/store.ts'
import type { ToldEnd } from '../run/told-detector.ts'

/** The scope of the kill switch. */
export const ALL = 'all'

/** What identifies a hold. */
export type TimeBoxKey = Pick<TimeBox, 'resource' | 'entry' | 'key'>

/** The rows of a run store: no conditions, no rules. What is read is the caller's own copy. */
export interface Rows {
  run(id: string): Run | undefined
  /** What the conditions of a commit ask of a run, without the rest of it. */
  standing(id: string): Pick<Run, 'revision' | 'decisions'> | undefined
  /** Newest first: by start, then by id. */
  runs(filter: RunFilter): Run[]
  /** @param body the run as JSON text, where the caller has it already */
  putRun(run: Run, body?: string): void
  /** When a run is due, ms since 1970, UTC; undefined: never. */
  putDue(run: string, due: number | undefined): void
  /** A run as it is committed: `putRun` and `putDue` at once. */
  putCommitted(run: Run, body: string, due: number | undefined): void
  /** The longest due first, then by id. `from` is the `next` of the page before. */
  due(now: number, limit: number, from: string | undefined): DuePage
  /** The run that started first first. */
  foundBy(key: string, limit?: number): string[]
  putFoundBy(key: string, run: string): void
  dropFoundBy(key: string, run: string): void
  newest(playbook: string, key: string): string | undefined
  putNewest(run: Pick<Run, 'id' | 'playbook' | 'key'>): void
  /** The run whose step started this. */
  runThatStarted(id: string): string | undefined
  putStarted(id: string, run: string): void
  lock(resource: string): Lock
  putLock(resource: string, lock: Lock): void
  /** Digest of the commit with this id. */
  commit(id: string): string | undefined
  putCommit(id: string, digest: string): void
  /** In the order in which they came. */
  attached(run: string): Finding[]
  /** Does nothing for an id and version that are there. */
  putAttached(run: string, finding: Finding): void
  audit(run: string): AuditEntry[]
  putAudit(run: string, entry: AuditEntry): void
  /** By `toldName`. */
  told(run: string): ToldEnd[]
  putTold(run: string, told: ToldEnd): void
  /** By entry, then by key; of one entry, where it is named. */
  timeBoxes(resource: string, entry?: string): TimeBox[]
  /** Of an entry in all sets, by set, then by key. */
  timeBoxesOn(entry: string): TimeBox[]
  /** Those with `until` and `notBefore` at or before `now`, the oldest first. */
  timeBoxesDue(now: number): TimeBox[]
  putTimeBox(timeBox: TimeBox): void
  dropTimeBox(timeBox: TimeBoxKey): void
  control(scope: PauseScope): Control | undefined
  /** By scope. */
  controls(): { scope: PauseScope; control: Control }[]
  putControl(scope: PauseScope, control: Control): void
  /** In no order, also those that have ended. */
  tokens(scope: string): Token[]
  putToken(scope: string, token: Token): void
  dropToken(scope: string, key: string): void
  exemption(id: string): StoredExemption | undefined
  /** By id; of one resource, where it is named. */
  exemptions(resource?: string): StoredExemption[]
  putExemption(exemption: StoredExemption): void
  bookmark(name: string): Json | undefined
  putBookmark(name: string, place: Json): void
}

/** A database of such rows. */
export interface Tables {
  /** Sees what is stored now, never half a write. */
  read<T>(work: (rows: Rows) => T): T
  /** A transaction: nobody writes in between, and all of it is stored or, when `work` throws, nothing. */
  write<T>(work: (rows: Rows) => T): Promise<T>
  close(): Promise<void>
}

/** Runs of a page of those that are due, unless the caller says how many. */
export const DUE_PAGE = 100

/** Orders texts by their code units, as every database here does. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Where a page of due runs ends, as text that sorts like the time and tells runs of one time apart. */
export function duePlace(due: number, run: string): string {
  return `${String(due).padStart(15, '0')}#${run}`
}

/** By id, which sorts as text like the time at which they were made. */
export function byId(exemptions: readonly StoredExemption[]): StoredExemption[] {
  return exemptions.toSorted((a, b) => byText(a.id, b.id))
}
