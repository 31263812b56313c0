import { visible } from './paint.ts'

/** Text from outside as text: no markup, no HTML, no cell border. */
export function markdownText(raw: string): string {
  return visible(raw).replace(/[\\`*_[\]<>|#~&@!]/g, (mark) =>
    /[<>&@]/.test(mark) ? `&#${mark.charCodeAt(0)};` : `\\${mark}`,
  )
}

/** A table of GitHub's Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`
  return [line(head), `|${head.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n')
}
