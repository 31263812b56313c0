import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import type { Figures } from './figures.ts'
import { figureTables } from './figures-table.ts'

/** What was done, for a terminal. */
export function figuresText(figures: Figures, paint: Paint): string {
  if (figures.runs === 0) return `no run since ${figures.since.slice(0, 10)}`
  const tables = figureTables(figures).map(({ title, head, rows }, index) => {
    const lines = rows.map((row) => row.map(visible))
    // The first has its title in the line above it.
    if (index === 0) return columns(lines).join('\n')
    return [paint.strong(title), ...columns([head.map(paint.faint), ...lines])].join('\n')
  })
  return [paint.strong(titleOf(figures)), ...tables].join('\n\n')
}

/** `What was done from 2026-10-31 to 2026-11-30` */
export const titleOf = ({ since, until }: Pick<Figures, 'since' | 'until'>): string =>
  `What was done from ${since.slice(0, 10)} to ${until.slice(0, 10)}`
