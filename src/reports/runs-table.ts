import type { Run } from '../store/run.ts'
import { columns } from './columns.ts'
import { type Paint, visible } from './paint.ts'
import { endText } from './run-text.ts'

/** Runs as a table, one line each, in the order given. */
export function runsTable(runs: Run[], paint: Paint): string {
  if (runs.length === 0) return 'no runs'
  const head = ['RUN', 'STARTED', 'OUTCOME', 'PLAYBOOK', 'RESOURCE', 'WHY'].map(paint.faint)
  const rows = runs.map((run) => [
    run.id,
    run.startedAt.slice(0, 19).concat('Z'),
    endText(run, paint) + (run.undoneBy ? paint.faint(' (undone)') : ''),
    run.playbook,
    visible(run.target.id),
    visible(run.reason),
  ])
  return columns([head, ...rows]).join('\n')
}
