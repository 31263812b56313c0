import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Finding } from '../../findings/finding.ts'
import type { AuditEntry, Run } from '../../run/run.ts'
import type { Lock, TimeBox } from '../../run/store.ts'
import { storedRun } from '../../run/stored-run.ts'
import { type ToldEnd, toldName } from '../../run/told-detector.ts'
import { duePlace, type Rows } from '../tables.ts'
import { rowsOfRails } from './rail-tables.ts'
import { body, type Prepare, theBody } from './row-body.ts'

type Row = Record<string, SQLOutputValue>

/** The rows of a run store in SQLite, by the schema of `migrations.ts`. */
export function sqliteRows(database: DatabaseSync): Rows {
  const prepare = statements(database)
  return {
    ...rowsOfRuns(prepare),
    ...rowsOfPointers(prepare),
    ...rowsOfWhatIsDue(prepare),
    ...rowsBesideRuns(prepare),
    ...rowsOfCommits(prepare),
    ...rowsOfTimeBoxes(prepare),
    ...rowsOfRails(prepare),
  }
}

/** A lock as it is stored. */
interface LockRow {
  epoch: number
  held?: Lock['lockedBy']
}

/** Runs. */
function rowsOfRuns(prepare: Prepare): Pick<Rows, 'run' | 'standing' | 'runs' | 'putRun' | 'putCommitted'> {
  return {
    run(id) {
      const row = prepare('SELECT body FROM runs WHERE id = ?').get(id)
      return row && storedRun(String(row.body))
    },
    standing(id) {
      const row = prepare(`
        SELECT json_extract(body, '$.revision') AS revision, json_extract(body, '$.decisions') AS decisions
        FROM runs WHERE id = ?`).get(id)
      return row && { revision: Number(row.revision), decisions: JSON.parse(String(row.decisions)) }
    },
    runs({ state, since, behind, where = () => true, limit = Number.POSITIVE_INFINITY }) {
      const rows = prepare(`
        SELECT body FROM runs
        WHERE (?1 IS NULL OR state IN (SELECT value FROM json_each(?1))) AND started_at >= ?2
          AND (?3 IS NULL OR (started_at, id) < (?3, ?4))
        ORDER BY started_at DESC, id DESC`)
      const states = state ? JSON.stringify(state) : null
      const from = since === undefined ? '' : new Date(since).toISOString()
      const runs: Run[] = []
      for (const row of rows.iterate(states, from, behind?.startedAt ?? null, behind?.id ?? null)) {
        if (runs.length >= limit) break
        const run = storedRun(String(row.body))
        if (where(run)) runs.push(run)
      }
      return runs
    },
    putRun: (run, body = JSON.stringify(run)) =>
      void prepare(`
        INSERT INTO runs (id, state, started_at, body) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`).run(
        run.id,
        run.state,
        run.startedAt,
        body,
      ),
    putCommitted: (run, body, due) =>
      void prepare(`
        INSERT INTO runs (id, state, started_at, body, due) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body, due = excluded.due`).run(
        run.id,
        run.state,
        run.startedAt,
        body,
        due ?? null,
      ),
  }
}

/** Which run is the newest for a resource, or has started something. */
function rowsOfPointers(
  prepare: Prepare,
): Pick<Rows, 'newest' | 'putNewest' | 'runThatStarted' | 'putStarted'> {
  return {
    newest(playbook, key) {
      const row = prepare('SELECT run FROM newest WHERE playbook = ? AND target_key = ?').get(playbook, key)
      return row && String(row.run)
    },
    putNewest: (run) =>
      void prepare('INSERT OR REPLACE INTO newest (playbook, target_key, run) VALUES (?, ?, ?)').run(
        run.playbook,
        run.key,
        run.id,
      ),
    runThatStarted(id) {
      const row = prepare('SELECT run FROM started WHERE id = ?').get(id)
      return row && String(row.run)
    },
    putStarted: (id, run) =>
      void prepare('INSERT OR REPLACE INTO started (id, run) VALUES (?, ?)').run(id, run),
  }
}

/** When somebody has to see to a run, and the keys by which one is found. */
function rowsOfWhatIsDue(
  prepare: Prepare,
): Pick<Rows, 'putDue' | 'due' | 'foundBy' | 'putFoundBy' | 'dropFoundBy'> {
  return {
    putDue: (run, due) => void prepare('UPDATE runs SET due = ? WHERE id = ?').run(due ?? null, run),
    due(now, limit, from) {
      const [time, id = ''] = (from ?? '-1').split('#')
      const rows = prepare(`
        SELECT body, due, id FROM runs WHERE due <= ? AND (due, id) > (?, ?) ORDER BY due, id LIMIT ?`).all(
        now,
        Number(time),
        id,
        limit + 1,
      )
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const runs = page.map((row) => storedRun(String(row.body)))
      const more = rows.length > limit && last !== undefined
      return { runs, ...(more && { next: duePlace(Number(last.due), String(last.id)) }) }
    },
    foundBy: (key, limit) =>
      prepare(`
        SELECT run FROM found JOIN runs ON runs.id = found.run WHERE key = ? ORDER BY started_at, runs.id
        LIMIT ?`)
        .all(key, limit ?? -1)
        .map(({ run }) => String(run)),
    putFoundBy: (key, run) =>
      void prepare('INSERT OR IGNORE INTO found (key, run) VALUES (?, ?)').run(key, run),
    dropFoundBy: (key, run) => void prepare('DELETE FROM found WHERE key = ? AND run = ?').run(key, run),
  }
}

/** What is kept of a run beside it: findings that joined it, its audit, and what detectors were told of its end. */
function rowsBesideRuns(
  prepare: Prepare,
): Pick<Rows, 'attached' | 'putAttached' | 'audit' | 'putAudit' | 'told' | 'putTold'> {
  return {
    told: (run) =>
      prepare('SELECT body FROM told WHERE run = ? ORDER BY detector')
        .all(run)
        .map(theBody<ToldEnd>),
    putTold: (run, told) =>
      void prepare('INSERT OR REPLACE INTO told (run, detector, body) VALUES (?, ?, ?)').run(
        run,
        toldName(told),
        JSON.stringify(told),
      ),
    attached: (run) =>
      prepare('SELECT body FROM attached WHERE run = ? ORDER BY place')
        .all(run)
        .map(theBody<Finding>),
    putAttached: (run, finding) =>
      void prepare('INSERT OR IGNORE INTO attached (run, finding, version, body) VALUES (?, ?, ?, ?)').run(
        run,
        finding.id,
        finding.version,
        JSON.stringify(finding),
      ),
    audit: (run) =>
      prepare('SELECT body FROM audit WHERE run = ? ORDER BY place')
        .all(run)
        .map(theBody<AuditEntry>),
    putAudit: (run, entry) =>
      void prepare('INSERT INTO audit (run, body) VALUES (?, ?)').run(run, JSON.stringify(entry)),
  }
}

/** Locks, what was committed, and how far one has read. */
function rowsOfCommits(
  prepare: Prepare,
): Pick<Rows, 'lock' | 'putLock' | 'commit' | 'putCommit' | 'bookmark' | 'putBookmark'> {
  return {
    // Who has it is called `held` in the row, as in version 0.1: its processes may be at work on the same file.
    lock(resource) {
      const row = prepare('SELECT body FROM locks WHERE resource = ?').get(resource)
      const { epoch, held } = body<LockRow>(row) ?? { epoch: 0 }
      return { epoch, ...(held && { lockedBy: held }) }
    },
    putLock: (resource, { epoch, lockedBy: held }) =>
      void prepare('INSERT OR REPLACE INTO locks (resource, body) VALUES (?, ?)').run(
        resource,
        JSON.stringify({ epoch, held } satisfies LockRow),
      ),
    commit(id) {
      const row = prepare('SELECT digest FROM commits WHERE id = ?').get(id)
      return row && String(row.digest)
    },
    putCommit: (id, digest) => void prepare('INSERT INTO commits (id, digest) VALUES (?, ?)').run(id, digest),
    bookmark: (name) => body(prepare('SELECT body FROM bookmarks WHERE name = ?').get(name)),
    putBookmark: (name, place) =>
      void prepare('INSERT OR REPLACE INTO bookmarks (name, body) VALUES (?, ?)').run(
        name,
        JSON.stringify(place),
      ),
  }
}

/** Time-boxed entries of sets. */
function rowsOfTimeBoxes(
  prepare: Prepare,
): Pick<Rows, 'timeBoxes' | 'timeBoxesOn' | 'timeBoxesDue' | 'putTimeBox' | 'dropTimeBox'> {
  return {
    timeBoxes: (resource, entry) =>
      (entry === undefined
        ? prepare('SELECT * FROM holds WHERE resource = ? ORDER BY entry, holder').all(resource)
        : prepare('SELECT * FROM holds WHERE resource = ? AND entry = ? ORDER BY holder').all(resource, entry)
      ).map(timeBox),
    timeBoxesOn: (entry) =>
      prepare('SELECT * FROM holds WHERE entry = ? ORDER BY resource, holder').all(entry).map(timeBox),
    timeBoxesDue: (now) =>
      prepare(`
        SELECT * FROM holds WHERE until <= ? AND coalesce(not_before, until) <= ?
        ORDER BY until, resource, entry, holder`)
        .all(now, now)
        .map(timeBox),
    putTimeBox: ({ resource, entry, key, run, until, madeBy, notBefore = null }) =>
      void prepare(`
        INSERT OR REPLACE INTO holds (resource, entry, holder, run, until, made_by, not_before)
        VALUES (?, ?, ?, ?, ?, ?, ?)`).run(resource, entry, key, run, until, madeBy, notBefore),
    dropTimeBox: ({ resource, entry, key }) =>
      void prepare('DELETE FROM holds WHERE resource = ? AND entry = ? AND holder = ?').run(
        resource,
        entry,
        key,
      ),
  }
}

/** Each statement is prepared once. */
function statements(database: DatabaseSync): Prepare {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  return (sql) => {
    const known = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, known)
    return known
  }
}

function timeBox(row: Row): TimeBox {
  return {
    resource: String(row.resource),
    entry: String(row.entry),
    key: String(row.holder),
    run: String(row.run),
    until: Number(row.until),
    madeBy: String(row.made_by),
    ...(row.not_before !== null && { notBefore: Number(row.not_before) }),
  }
}
