import { visible } from '../paint.ts'

/** HTML that is put into a page as it is; any other text is escaped. */
export interface Html {
  readonly html: string
}

type Piece = string | number | Html | readonly Piece[] | false | undefined

/**
 * A template of HTML: what is put into it is text, unless it was made by this function itself. Control characters and
 * invisible formatting are made visible.
 */
export function html(texts: TemplateStringsArray, ...pieces: Piece[]): Html {
  return { html: texts.reduce((sofar, text, index) => sofar + textOf(pieces[index - 1]) + text) }
}

/** HTML of this program's own: a style, a script. */
export const asHtml = (text: string): Html => ({ html: text })

function textOf(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (typeof piece === 'object') return 'html' in piece ? piece.html : piece.map(textOf).join('')
  return visible(String(piece)).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}

/** A table with its caption; nothing at all where there is nothing to list. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Piece[])[]): Html {
  if (rows.length === 0) return asHtml('')
  return html`<table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>`
}

/** Figures that are looked at first, each with its name. */
export function facts(pairs: readonly (readonly [name: string, value: Piece])[]): Html {
  return html`<dl class="facts">
${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`
}
