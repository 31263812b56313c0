import { type Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import type { Finding, ParseResult } from '../../../findings/finding.ts'
import { type Triage, type TriageOne, triaging } from '../../../reports/triage/triage-json.ts'
import { TriageTally } from '../../../reports/triage/triage-tally.ts'
import { triageText } from '../../../reports/triage/triage-text.ts'
import { passingEvents } from '../../input/events-input.ts'
import { lookUpPolicy } from '../../input/policy-lookup.ts'
import { addSelection, type Named, type Passing, passing } from '../../input/selection.ts'
import { passingLines } from '../../lines/passing-lines.ts'
import { SeenResults } from '../../lines/seen-results.ts'
import type { Terms } from '../../lines/triage-question.ts'
import { triagedLines } from '../../lines/triaged-lines.ts'
import { loadPlaybooks } from '../../program/catalogue.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation } from '../../program/invocation.ts'
import { refuseStack } from '../../stack/stack.ts'
import type { Output } from '../../terminal/output.ts'

const EXAMPLES = `
Examples:
  rectify triage event.json
  rectify triage events/ --json
  aws guardduty get-findings ... | rectify triage -
  rectify triage output.ocsf.json --ndjson | jq -r 'select(.severity == "CRITICAL").resources[].id'
  rectify triage --playbook ec2-close-open-ingress --resource sg-0123456789abcdef0`

/** So many findings, and so many that could not be read, a person is shown; all of them are counted. */
const MOST_SHOWN = 200
/** Of one document for programs: more is longer than a text can be. */
const MOST_IN_DOCUMENT = 500_000
type Options = Named & { ndjson?: boolean }

/** `rectify triage EVENT...`: findings, the playbooks that answer, the mode and why. No AWS. */
export function triage(command: Command, invocation: Invocation): void {
  addSelection(command)
    .addOption(new Option('--ndjson', 'one JSON document a line for each finding, for input of any length'))
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], { ndjson, ...named }: Options) => {
      const { output } = invocation
      refuseStack(invocation, 'triage')
      if (ndjson && output.json) throw new BadRequest('usage', 'give either --json or --ndjson, not both')
      const playbooks = await loadPlaybooks(invocation)
      const about = await passing(invocation, events, named, playbooks)
      const policy = await lookUpPolicy(invocation, playbooks)
      const terms: Terms = { heads: playbooks, policy, now: Date.now() }
      const seen = new SeenResults()
      const show = ndjson ? asLines : output.json ? asDocument : asTable
      await show({ about, terms, seen, output })
      const rejected = [...seen.unread].map((code) => ({ code }))
      invocation.status = exitStatus('triage', { runs: [], rejected })
    })
}

interface Shown {
  about: Passing
  terms: Terms
  /** Gets what passes. */
  seen: SeenResults
  output: Output
}
type Show = (shown: Shown) => Promise<void>

const asLines: Show = async ({ about, terms, seen, output }) => {
  const lines =
    'inputs' in about
      ? passingLines(about.inputs, terms, seen)
      : [triagedLines([foundAlone(about)], triagingOf(about, terms)).text]
  for await (const text of lines) if (text.length > 0 && !(await output.lines(text))) break
}

const asDocument: Show = async (shown) => {
  const all: Triage = { findings: [], rejected: [] }
  const one = triagingOf(shown.about, shown.terms)
  for await (const { findings, rejected } of resultsOf(shown)) {
    for (const finding of findings) all.findings.push(one(finding))
    for (const rejection of rejected) all.rejected.push(rejection)
    if (all.findings.length + all.rejected.length > MOST_IN_DOCUMENT)
      throw new BadRequest(
        'input',
        `more than ${MOST_IN_DOCUMENT} findings: too many for one document; give --ndjson`,
      )
  }
  shown.output.result(all, () => '')
}

const asTable: Show = async (all) => {
  const shown: Triage = { findings: [], rejected: [] }
  const tally = new TriageTally()
  const one = triagingOf(all.about, all.terms)
  for await (const { findings, rejected } of resultsOf(all)) {
    for (const finding of findings) {
      const triaged = one(finding)
      tally.add(triaged)
      if (shown.findings.length < MOST_SHOWN) shown.findings.push(triaged)
    }
    for (const rejection of rejected) {
      tally.addRejection(rejection)
      if (shown.rejected.length < MOST_SHOWN) shown.rejected.push(rejection)
    }
  }
  const left = tally.findings + tally.rejected - shown.findings.length - shown.rejected.length
  const more = left > 0 ? `... and ${left} more, which --ndjson gives one by one` : ''
  const { output } = all
  const { paint } = output
  output.result(shown, () => [triageText(shown, paint), more, tally.text(paint)].filter(Boolean).join('\n\n'))
}

function triagingOf(about: Passing, { heads, policy, now }: Terms): TriageOne {
  return triaging(heads, policy, now, 'only' in about ? about.only : undefined)
}

const foundAlone = ({ found }: { found: Finding }): ParseResult => ({ findings: [found], rejected: [] })

/** The results of each document, as they pass. */
async function* resultsOf({ about, seen }: Shown): AsyncGenerator<ParseResult> {
  if ('found' in about) yield foundAlone(about)
  else
    for (const input of about.inputs)
      for await (const results of passingEvents(input)) {
        seen.add(results)
        yield* results
      }
}
