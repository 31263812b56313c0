import type { Control, PauseScope, StoredExemption, Token } from '../run/store.ts'
import { byText, type Rows } from './tables.ts'

/** What guard rails keep, as rows. */
export type RailRows = Pick<
  Rows,
  | 'control'
  | 'controls'
  | 'putControl'
  | 'tokens'
  | 'putToken'
  | 'dropToken'
  | 'exemption'
  | 'exemptions'
  | 'putExemption'
>

/** Pauses, tokens and exemptions as rows in memory, empty at first. */
export function railRows(): RailRows {
  const controls = new Map<PauseScope, string>()
  const tokens = new Map<string, Map<string, Token>>()
  const exemptions = new Map<string, string>()
  const exemptionAt = (text: string): StoredExemption => JSON.parse(text)
  const controlAt = (text: string): Control => JSON.parse(text)
  return {
    control(scope) {
      const text = controls.get(scope)
      return text === undefined ? undefined : controlAt(text)
    },
    controls: () =>
      [...controls]
        .map(([scope, text]) => ({ scope, control: controlAt(text) }))
        .sort((a, b) => byText(a.scope, b.scope)),
    putControl: (scope, control) => void controls.set(scope, JSON.stringify(control)),
    tokens: (scope) => [...(tokens.get(scope)?.values() ?? [])].map((token) => ({ ...token })),
    putToken: (scope, token) =>
      void tokens.set(scope, (tokens.get(scope) ?? new Map<string, Token>()).set(token.key, { ...token })),
    dropToken: (scope, key) => void tokens.get(scope)?.delete(key),
    exemption(id) {
      const text = exemptions.get(id)
      return text === undefined ? undefined : exemptionAt(text)
    },
    exemptions: (resource) =>
      [...exemptions.values()]
        .map(exemptionAt)
        .filter((exemption) => resource === undefined || exemption.resource === resource)
        .sort((a, b) => byText(a.id, b.id)),
    putExemption: (exemption) => void exemptions.set(exemption.id, JSON.stringify(exemption)),
  }
}
