import type { StoredExemption } from '../../run/store.ts'
import type { RailRows } from '../rail-rows.ts'
import { ALL } from '../tables.ts'
import { body, type Prepare, theBody } from './row-body.ts'

/** Pauses, tokens and exemptions. */
export function rowsOfRails(prepare: Prepare): RailRows {
  return {
    control: (scope) =>
      scope === ALL
        ? body(prepare('SELECT body FROM control').get())
        : body(prepare('SELECT body FROM pauses WHERE scope = ?').get(scope)),
    controls: () =>
      prepare('SELECT ? AS scope, body FROM control UNION ALL SELECT scope, body FROM pauses ORDER BY scope')
        .all(ALL)
        .map((row) => ({ scope: String(row.scope), control: theBody(row) })),
    putControl: (scope, control) =>
      void (scope === ALL
        ? prepare('INSERT OR REPLACE INTO control (id, body) VALUES (1, ?)').run(JSON.stringify(control))
        : prepare('INSERT OR REPLACE INTO pauses (scope, body) VALUES (?, ?)').run(
            scope,
            JSON.stringify(control),
          )),
    tokens: (scope) =>
      prepare('SELECT key, until FROM tokens WHERE scope = ?')
        .all(scope)
        .map(({ key, until }) => ({ key: String(key), until: Number(until) })),
    putToken: (scope, { key, until }) =>
      void prepare('INSERT OR REPLACE INTO tokens (scope, key, until) VALUES (?, ?, ?)').run(
        scope,
        key,
        until,
      ),
    dropToken: (scope, key) => void prepare('DELETE FROM tokens WHERE scope = ? AND key = ?').run(scope, key),
    exemption: (id) => body(prepare('SELECT body FROM exemptions WHERE id = ?').get(id)),
    exemptions: (resource) =>
      (resource === undefined
        ? prepare('SELECT body FROM exemptions ORDER BY id').all()
        : prepare('SELECT body FROM exemptions WHERE resource = ? ORDER BY id').all(resource)
      ).map(theBody<StoredExemption>),
    putExemption: (exemption) =>
      void prepare('INSERT OR REPLACE INTO exemptions (id, resource, body) VALUES (?, ?, ?)').run(
        exemption.id,
        exemption.resource,
        JSON.stringify(exemption),
      ),
  }
}
