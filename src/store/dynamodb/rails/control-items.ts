import type { Control, PauseScope } from '../../../run/store.ts'
import { StoreError } from '../../store-error.ts'
import type { Rails } from '../../stored-rails.ts'
import { ALL, byText } from '../../tables.ts'
import { type Connection, getItem, type Item, queryPartition, transact } from '../connection.ts'
import { text, textOf } from '../items.ts'
import { CONTROL, controlKey, keyOf, nameOf, pauseKey, scopeOfPause } from '../keys.ts'
import { putAny } from '../write-actions.ts'

/** The kill switch and the pauses of playbooks and accounts, as items of the run table. */
export function controlItems(
  connection: Connection,
): Pick<Rails, 'control' | 'setControl' | 'controls' | 'setControlOf' | 'allControls'> {
  const controlOf = async (scope: PauseScope) => controlIn(await getItem(connection, keyOfScope(scope)))
  // As a transaction for its token: an answer that was lost must not bring an old word back over a newer one.
  const setControlOf = async (scope: PauseScope, control: Control) => {
    await transact(connection, [
      putAny(connection, keyOfScope(scope), { body: text(JSON.stringify(control)) }),
    ])
  }
  return {
    control: () => controlOf(ALL),
    setControl: (control) => setControlOf(ALL, control),
    // Asked for in one tick, they are read together.
    controls: async (scopes) =>
      new Map(
        await Promise.all(
          scopes.map(async (scope): Promise<[PauseScope, Control]> => [scope, await controlOf(scope)]),
        ),
      ),
    setControlOf,
    async allControls() {
      const items = await queryPartition(connection, CONTROL, CONTROL)
      const all = items.map((item) => ({ scope: scopeOf(item), control: controlIn(item) }))
      return all.filter(({ control }) => control.paused).sort((a, b) => byText(a.scope, b.scope))
    },
  }
}

function keyOfScope(scope: PauseScope) {
  return scope === ALL ? controlKey() : pauseKey(scope)
}

function scopeOf(item: Item): PauseScope {
  const key = keyOf(item)
  return nameOf(key) === nameOf(controlKey()) ? ALL : scopeOfPause(key)
}

/** Errors: `StoreError` for an item that says neither, which is no leave to change anything. */
function controlIn(item: Item | undefined): Control {
  if (!item) return { paused: false }
  const control: Control | null = JSON.parse(textOf(item, 'body') ?? 'null')
  if (typeof control?.paused === 'boolean') return control
  throw new StoreError('damaged', `${nameOf(keyOf(item))} does not say whether it is paused`)
}
