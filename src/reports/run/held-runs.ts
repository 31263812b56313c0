import { EVERYTHING } from '../../engine/rails/kill-switch.ts'
import type { Run } from '../../run/run.ts'
import type { PauseScope } from '../../run/store.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'

/** Runs that a guard rail holds, each with what holds it and its findings. */
export function heldRunsText(runs: readonly Run[], paint: Paint): string {
  const rows = runs.map(({ id, playbook, target, undoOf, findings, heldBy }) => [
    id,
    undoOf === undefined ? playbook : `${playbook} (undo)`,
    visible(target.id),
    visible(heldBy?.reason ?? ''),
    paint.faint(findings.map((finding) => visible(finding.id)).join(', ')),
  ])
  return columns(rows)
    .map((line) => `  ${line}`)
    .join('\n')
}

/** The options by which a command names the scope of a pause: ` --account 123456789012`; nothing for everything. */
export function scopeOptions(scope: PauseScope): string {
  if (scope === EVERYTHING) return ''
  const at = scope.indexOf(':')
  return ` --${scope.slice(0, at)} ${visible(scope.slice(at + 1))}`
}
