import type { Finding } from '../findings/finding.ts'
import type { TimeBox } from '../run/store.ts'
import { columns } from './columns.ts'
import { type Paint, visible } from './paint.ts'

/** What the detectors said: type, severity and time of each finding, its title, and what it is about. */
export function findingsText(findings: readonly Finding[], paint: Paint): string {
  const blocks = findings.flatMap(({ id, source, type, title, severity, observedAt, resources }) => {
    const rows = [
      ['title', visible(title)],
      ['about', resources.map((one) => `${visible(one.type)} ${visible(one.id)}`).join(', ')],
      ['id', paint.faint(visible(id))],
    ]
    return [
      `  ${source} ${visible(type)} ${severity}, seen at ${observedAt}`,
      ...columns(rows).map((line) => `    ${line}`),
    ]
  })
  return section(findings.length === 1 ? 'Finding' : 'Findings', blocks, paint)
}

/** What is blocked only for a while, and until when. */
export function timeBoxesText(timeBoxes: readonly TimeBox[], paint: Paint): string {
  const rows = timeBoxes.map(({ entry, until }) => [visible(entry), `until ${new Date(until).toISOString()}`])
  return section(
    'Blocked',
    columns(rows).map((line) => `  ${line}`),
    paint,
  )
}

function section(title: string, lines: string[], paint: Paint): string {
  return lines.length === 0 ? '' : [paint.strong(title), ...lines].join('\n')
}
