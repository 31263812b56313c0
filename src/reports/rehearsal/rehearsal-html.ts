import type { Run } from '../../run/run.ts'
import { visible } from '../paint.ts'
import { difference } from '../run/difference.ts'
import {
  dryRunText,
  endOf,
  outcomeCounts,
  type Rehearsal,
  rehearsalSentence,
  wouldText,
} from './rehearsal.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid #8886; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .7rem; border: 1px solid #8886; }
section { margin: 2rem 0; }
del { color: light-dark(#a40e26, #ff9a9f); text-decoration: none; }
ins { color: light-dark(#116329, #7ee787); text-decoration: none; }
.hash { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
`

/**
 * A rehearsal as one HTML page: self-contained (no script, font or picture from anywhere), readable by a screen
 * reader, everything from outside escaped.
 */
export function rehearsalHtml(rehearsal: Rehearsal): string {
  const { runs, ignored, rejected } = rehearsal
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rehearsal: ${escaped(rehearsalSentence(rehearsal))}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Rehearsal</h1>
<p><strong>${escaped(rehearsalSentence(rehearsal))}.</strong> Nothing was changed. Made <time datetime="${escaped(rehearsal.at)}">${escaped(rehearsal.at)}</time>.</p>
</header>
<main>
${table(
  'Outcomes',
  ['Outcome', 'Runs'],
  outcomeCounts(runs).map(({ outcome, count }) => [escaped(outcome), String(count)]),
)}
${table(
  'Runs',
  ['Outcome', 'Resource', 'Playbook', 'Apply', 'Dry run', 'Why'],
  runs.map((run) => [
    escaped(endOf(run)),
    run.plan ? `<a href="#${anchor(run)}">${escaped(run.target.id)}</a>` : escaped(run.target.id),
    escaped(run.playbook),
    escaped(wouldText(run)),
    escaped(dryRunText(run)),
    escaped(run.reason),
  ]),
)}
${runs.map((run) => planSection(run, rehearsal.titles[run.playbook] ?? run.playbook)).join('\n')}
${table(
  'Ignored findings',
  ['Finding', 'Why'],
  ignored.map(({ finding, reason }) => [escaped(finding), escaped(reason)]),
)}
${table(
  'Unreadable events',
  ['Event', 'Code', 'Why'],
  rejected.map(({ event, code, reason }) => [escaped(event), escaped(code), escaped(reason)]),
)}
</main>
</body>
</html>
`
}

function planSection(run: Run, title: string): string {
  const { plan } = run
  if (!plan) return ''
  const lines = difference(plan.before, plan.after).map(({ sign, text }) =>
    sign === '-' ? `<del>- ${escaped(text)}</del>` : `<ins>+ ${escaped(text)}</ins>`,
  )
  const facts = [
    plan.impact.summary,
    ...(plan.impact.notes ?? []),
    ...plan.warnings.map((warning) => `Warning: ${warning}`),
    ...plan.steps.map(({ call, summary }) => `${call.service}:${call.operation}: ${summary}`),
  ]
  return `<section aria-labelledby="${anchor(run)}">
<h2 id="${anchor(run)}">${escaped(title)}: ${escaped(run.target.id)}</h2>
<p>${escaped(run.resource)}</p>
${lines.length ? `<pre>${lines.join('\n')}</pre>` : ''}
<ul>${facts.map((fact) => `<li>${escaped(fact)}</li>`).join('')}</ul>
<p class="hash">Plan ${escaped(plan.hash)}</p>
</section>`
}

/** No table at all where there is nothing to list. Cells are HTML. */
function table(caption: string, head: string[], rows: string[][]): string {
  if (rows.length === 0) return ''
  return `<table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table>`
}

function anchor(run: Run): string {
  return `run-${run.id.replace(/[^A-Za-z0-9]/g, '')}`
}

function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
