import type { Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'

/**
 * The runs that a pause has stopped, with their findings, and how each goes on.
 * @param options what the commands that are proposed need more (` --stack prod`)
 */
export function stoppedText(runs: readonly Run[], paint: Paint, options = ''): string {
  const undos = runs.filter(({ undoOf }) => undoOf !== undefined)
  const others = runs.filter(({ undoOf }) => undoOf === undefined)
  const rows = others.map(({ id, playbook, target, findings }) => [
    id,
    playbook,
    visible(target.id),
    paint.faint(findings.map((finding) => visible(finding.id)).join(', ')),
  ])
  return [
    ...(others.length > 0
      ? [
          'Stopped by a pause, and nothing has answered since:',
          ...columns(rows).map((line) => `  ${line}`),
          `Next: rectify resume --yes${options} hands their findings in again`,
        ]
      : []),
    ...(undos.length > 0
      ? [
          'Undos that a pause has stopped:',
          ...undos.flatMap(({ undoOf, unblocks }) =>
            (unblocks ?? []).length > 0
              ? unblocks!.map((entry) => `  rectify unblock ${visible(entry)}${options}`)
              : [`  rectify undo ${undoOf}${options}`],
          ),
        ]
      : []),
  ].join('\n')
}
