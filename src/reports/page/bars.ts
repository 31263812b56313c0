import { asHtml, type Html, html } from './html.ts'

/** One bar: its parts in the order of the legend. */
export interface Bar {
  name: string
  parts: readonly number[]
}

/** Longer charts are not read; the table of runs has all of it. */
const MOST_BARS = 20

/**
 * Bars as a table, so that it is read out as one; colours come from the page's style by the place of a part. Nothing at
 * all where there is nothing to show.
 * @param what what the bars are of, one word
 * @param legend what the parts are
 */
export function bars(caption: string, what: string, legend: readonly string[], all: readonly Bar[]): Html {
  const shown = all.slice(0, MOST_BARS)
  const longest = Math.max(...shown.map(sumOf), 0)
  if (longest === 0) return asHtml('')
  const kinds = legend.map((_, index) => index).filter((index) => shown.some(({ parts }) => parts[index]))
  return html`<table class="bars">
<caption>${caption}${all.length > shown.length && ` (${shown.length} of ${all.length})`}</caption>
<thead><tr><th scope="col">${what}</th>${kinds.map(
    (index) => html`<th scope="col"><i class="part${index}"></i>${legend[index]}</th>`,
  )}<td></td></tr></thead>
<tbody>
${shown.map(({ name, parts }) => row(name, parts, kinds, longest))}</tbody>
</table>`
}

function row(name: string, parts: readonly number[], kinds: readonly number[], longest: number): Html {
  const width = (count: number) => ((count / longest) * 100).toFixed(2)
  const pieces = kinds.map((index) => [index, parts[index] ?? 0] as const).filter(([, count]) => count > 0)
  return html`<tr><th scope="row">${name}</th>${kinds.map(
    (index) => html`<td>${parts[index] ?? 0}</td>`,
  )}<td aria-hidden="true">${pieces.map(
    ([index, count]) => html`<i class="part${index}" style="width:${width(count)}%"></i>`,
  )}</td></tr>
`
}

const sumOf = ({ parts }: Bar): number => parts.reduce((sum, part) => sum + part, 0)
