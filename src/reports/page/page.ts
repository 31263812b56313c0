import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { remediation } from '../../../state-machines/remediation.ts'
import { asHtml, type Html, html } from './html.ts'
import { MOST_SHOWN, type PackedRuns } from './packed-runs.ts'

/** What a report says in a page. */
export interface Page {
  /** Of the window, and the heading. */
  title: string
  heading: string
  /** Below the heading: what it came to, in a sentence. */
  lead: Html
  /** Before the table of runs. */
  overview: readonly Html[]
  /** After it. */
  appendix: readonly Html[]
}

const asset = (name: string): string => readFileSync(new URL(`web/${name}`, import.meta.url), 'utf8')

/**
 * A report as one HTML file that needs nothing from anywhere: no network, no font, no picture. Its one script and its
 * style are its own, and a browser runs no other. The overview is there without the script.
 */
export async function pageHtml(page: Page, runs: PackedRuns): Promise<string> {
  const script = asset('report.js')
  const packed = await runs.base64()
  const states = Object.keys(remediation.states).join(' ')
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '${asHtml(hashOf(script))}'; base-uri 'none'; form-action 'none'">
<title>${page.title}</title>
<style>${asHtml(asset('report.css'))}</style>
</head>
<body>
<header>
<h1>${page.heading}</h1>
<p>${page.lead}</p>
</header>
<main>
<section aria-label="Overview">
${page.overview}
</section>
<section id="runs" aria-labelledby="runs-heading" data-states="${states}">
<h2 id="runs-heading">Runs</h2>
${cutText(runs)}
<noscript><p>The runs are shown by a script in this file: open it in a browser that runs scripts.</p></noscript>
</section>
${page.appendix}
</main>
<script type="application/gzip" id="packed">${asHtml(packed)}</script>
<script>${asHtml(script)}</script>
</body>
</html>
`
  return text
}

function cutText({ count }: PackedRuns): Html {
  if (count <= MOST_SHOWN) return asHtml('')
  return html`<p class="warning">The first ${MOST_SHOWN} of ${count} runs are here; all of them are counted above, and in the JSON and CSV reports.</p>`
}

const hashOf = (script: string): string => `sha256-${createHash('sha256').update(script).digest('base64')}`
