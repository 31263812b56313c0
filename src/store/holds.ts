import type { HoldChange } from './store.ts'
import type { Rows } from './tables.ts'

/** Makes a change to the holds of a commit. */
export function changeHold(rows: Pick<Rows, 'holds' | 'putHold' | 'dropHold'>, change: HoldChange): void {
  if (change.op === 'drop') {
    rows.dropHold(change)
    return
  }
  const { hold, onlyIfOurs } = change
  const ours = onlyIfOurs ? rows.holds(hold.resource).find(({ entry }) => entry === hold.entry) : hold
  if (ours) rows.putHold({ ...hold, madeBy: ours.madeBy })
}
