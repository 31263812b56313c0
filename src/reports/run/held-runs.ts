import type { Run } from '../../run/run.ts'
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
