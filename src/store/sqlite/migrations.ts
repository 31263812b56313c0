/**
 * The schema of the local run store, as the steps that lead to it: the first makes version 1 (`PRAGMA user_version`),
 * each further one takes the version before it to the next. A released step is never edited.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    started_at TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_age ON runs (started_at DESC, id DESC);
  CREATE INDEX runs_by_state ON runs (state, started_at DESC, id DESC);

  CREATE TABLE newest (
    playbook TEXT NOT NULL,
    target_key TEXT NOT NULL,
    run TEXT NOT NULL,
    PRIMARY KEY (playbook, target_key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE locks (resource TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;

  CREATE TABLE commits (id TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE attached (
    place INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    finding TEXT NOT NULL,
    version TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (run, finding, version)
  ) STRICT;

  CREATE TABLE audit (place INTEGER PRIMARY KEY, run TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX audit_by_run ON audit (run, place);

  CREATE TABLE holds (
    resource TEXT NOT NULL,
    entry TEXT NOT NULL,
    run TEXT NOT NULL,
    until INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (resource, entry, run)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX holds_by_end ON holds (until);
  `,
  `
  CREATE TABLE control (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL) STRICT;
  `,
  `
  ALTER TABLE holds ADD COLUMN not_before INTEGER;
  `,
  // One hold per entry and key instead of one per entry and run: of the runs of one key the hold stays that ends last.
  `
  CREATE TABLE keyed_holds (
    resource TEXT NOT NULL,
    entry TEXT NOT NULL,
    holder TEXT NOT NULL,
    run TEXT NOT NULL,
    until INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    not_before INTEGER,
    PRIMARY KEY (resource, entry, holder)
  ) STRICT, WITHOUT ROWID;
  INSERT OR REPLACE INTO keyed_holds (resource, entry, holder, run, until, made_by, not_before)
    SELECT holds.resource, holds.entry, coalesce(json_extract(runs.body, '$.key'), holds.run), holds.run, holds.until,
      holds.made_by, holds.not_before
    FROM holds LEFT JOIN runs ON runs.id = holds.run
    ORDER BY holds.until;
  DROP TABLE holds;
  ALTER TABLE keyed_holds RENAME TO holds;
  CREATE INDEX holds_by_end ON holds (until);
  CREATE INDEX holds_by_entry ON holds (entry);
  `,
  `
  CREATE TABLE started (id TEXT PRIMARY KEY, run TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // What is due, and what finds a run that has not ended: all such runs of before are looked at once, at the next sweep.
  `
  ALTER TABLE runs ADD COLUMN due INTEGER;
  CREATE INDEX runs_by_due ON runs (due, id) WHERE due IS NOT NULL;
  CREATE TABLE found (key TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (key, run)) STRICT, WITHOUT ROWID;
  UPDATE runs SET due = 0 WHERE state <> 'closed';
  INSERT OR IGNORE INTO found (key, run)
    SELECT 'lock ' || json_extract(body, '$.resource'), id FROM runs
      WHERE state = 'waiting' AND json_extract(body, '$.waitingFor') = 'lock';
  INSERT OR IGNORE INTO found (key, run)
    SELECT 'undo ' || json_extract(body, '$.undoOf'), id FROM runs
      WHERE state <> 'closed' AND json_extract(body, '$.undoOf') IS NOT NULL
        AND json_extract(body, '$.expiry') IS NULL AND json_extract(body, '$.unblocks') IS NULL;
  INSERT OR IGNORE INTO found (key, run)
    SELECT 'unblock ' || json_extract(body, '$.resource') || ' ' || entry.value, runs.id
      FROM runs, json_each(body, '$.unblocks') AS entry WHERE state <> 'closed';
  INSERT OR IGNORE INTO found (key, run)
    SELECT 'finding ' || json_extract(body, '$.playbook') || ' ' || json_extract(finding.value, '$.id'), runs.id
      FROM runs, json_each(body, '$.findings') AS finding
      WHERE state <> 'closed' AND json_extract(body, '$.undoOf') IS NULL;
  `,
  `
  CREATE TABLE bookmarks (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // What detectors were told of a run's end.
  `
  CREATE TABLE told (run TEXT NOT NULL, detector TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, detector))
    STRICT, WITHOUT ROWID;
  `,
  // What guard rails keep. The kill switch of everything stays where it was.
  `
  CREATE TABLE pauses (scope TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tokens (scope TEXT NOT NULL, key TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (scope, key))
    STRICT, WITHOUT ROWID;
  CREATE TABLE exemptions (id TEXT PRIMARY KEY, resource TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX exemptions_by_resource ON exemptions (resource, id);
  `,
]
