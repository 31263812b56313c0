import type { RunStore, StoredExemption, Token, TokenResult } from '../run/store.ts'
import { asStored } from './as-stored.ts'
import { checkExemption, checkSame, holds } from './exemption-terms.ts'
import { ALL, byId, type Rows, type Tables } from './tables.ts'
import { checkToken, counts, noRoom } from './tokens.ts'

/** What a store keeps for guard rails. */
export type Rails = Pick<
  RunStore,
  | 'control'
  | 'setControl'
  | 'controls'
  | 'setControlOf'
  | 'allControls'
  | 'takeToken'
  | 'dropToken'
  | 'tokens'
  | 'clearTokens'
  | 'putExemption'
  | 'exemptionsOf'
  | 'exemptions'
  | 'endExemption'
>

/** Pauses, tokens and exemptions on any database that has rows and transactions. Errors: `StoreError`. */
export function railsOf(tables: Tables): Rails {
  const setControlOf: Rails['setControlOf'] = async (scope, given) => {
    const control = asStored(given)
    return tables.write((rows) => rows.putControl(scope, control))
  }
  return {
    control: async () => tables.read((rows) => rows.control(ALL)) ?? { paused: false },
    setControl: (control) => setControlOf(ALL, control),
    controls: async (scopes) =>
      tables.read(
        (rows) => new Map(scopes.map((scope) => [scope, rows.control(scope) ?? { paused: false }])),
      ),
    setControlOf,
    allControls: async () => tables.read((rows) => rows.controls()).filter(({ control }) => control.paused),
    takeToken: async (scope, { key, until }, limit, now) => {
      checkToken({ key, until }, limit, now)
      return tables.write((rows) => take(rows, scope, { key, until }, limit, now))
    },
    dropToken: (scope, key) => tables.write((rows) => rows.dropToken(scope, key)),
    tokens: async (scope, now) =>
      tables.read((rows) => rows.tokens(scope)).filter((token) => counts(token, now)),
    clearTokens: (scope) =>
      tables.write((rows) => {
        for (const { key } of rows.tokens(scope)) rows.dropToken(scope, key)
      }),
    putExemption: async (given) => {
      const exemption = asStored(given)
      checkExemption(exemption)
      return tables.write((rows) => putOnce(rows, exemption))
    },
    exemptionsOf: async (spellings, now) => {
      const resources = [...new Set(spellings)]
      const found = tables.read((rows) => resources.flatMap((resource) => rows.exemptions(resource)))
      return byId(found.filter((exemption) => holds(exemption, now)))
    },
    exemptions: async () => tables.read((rows) => rows.exemptions()),
    endExemption: async (id, given) => {
      const ended = asStored(given)
      return tables.write((rows) => end(rows, id, ended))
    },
  }
}

function take(rows: Rows, scope: string, token: Token, limit: number, now: number): TokenResult {
  const all = rows.tokens(scope)
  const counted = all.filter((each) => counts(each, now))
  const mine = counted.find(({ key }) => key === token.key)
  if (!mine && counted.length >= limit) return noRoom(counted, limit)
  // Those that have ended go as one comes.
  if (!mine) for (const each of all) if (!counts(each, now)) rows.dropToken(scope, each.key)
  rows.putToken(scope, { ...token, until: Math.max(token.until, mine?.until ?? token.until) })
  return { taken: true }
}

function putOnce(rows: Rows, exemption: StoredExemption): void {
  const stored = rows.exemption(exemption.id)
  if (stored) checkSame(stored, exemption)
  else rows.putExemption(exemption)
}

function end(
  rows: Rows,
  id: string,
  ended: StoredExemption['ended'] & {},
): 'ended' | 'unknown' | 'alreadyEnded' {
  const exemption = rows.exemption(id)
  if (!exemption) return 'unknown'
  if (exemption.ended) return 'alreadyEnded'
  rows.putExemption({ ...exemption, ended })
  return 'ended'
}
