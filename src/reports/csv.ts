import { visible } from './paint.ts'

/** What a spreadsheet takes for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * One line of CSV (RFC 4180), with its end of line. Text from outside stays text: a cell that a spreadsheet would
 * calculate begins with an apostrophe, control characters are made visible.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

function cellText(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = visible(cell)
  const inert = FORMULA.test(text) ? `'${text}` : text
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
