import { markdownTable, markdownText } from '../markdown-words.ts'
import type { Figures } from './figures.ts'
import { figureTables } from './figures-table.ts'
import { titleOf } from './figures-text.ts'

/** What was done as Markdown (GitHub flavour), for a ticket or a page. */
export function figuresMarkdown(figures: Figures): string {
  const tables = figureTables(figures).map(
    ({ title, head, rows }) => `## ${markdownText(title)}\n\n${markdownTable(head, rows)}`,
  )
  return `${[`# ${markdownText(titleOf(figures))}`, ...tables].join('\n\n')}\n`
}
