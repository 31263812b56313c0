import { type Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import type { ParseResult, RejectionCode } from '../../../findings/finding.ts'
import { type Triage, type TriageOne, triaging } from '../../../reports/triage/triage-json.ts'
import { TriageTally } from '../../../reports/triage/triage-tally.ts'
import { triageText } from '../../../reports/triage/triage-text.ts'
import { compileWhatIsHot } from '../../compilers.ts'
import { lookUpPolicy } from '../../input/policy-lookup.ts'
import { addSelection, type Named, passing } from '../../input/selection.ts'
import { loadPlaybooks } from '../../program/catalogue.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation } from '../../program/invocation.ts'
import { refuseStack } from '../../stack/stack.ts'

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
/** From so many findings on it takes less time to compile what is hot than to go without. */
const MANY = 2_000

type Options = Named & { ndjson?: boolean }
type Results = AsyncIterable<ParseResult>

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
      const { only, results } = await passing(invocation, events, named, playbooks)
      const policy = await lookUpPolicy(invocation, playbooks)
      const one = triaging(playbooks, policy, Date.now(), only)
      const unread = new Set<RejectionCode>()
      const show = ndjson ? asLines : output.json ? asDocument : asTable
      await show(watched(results, unread), one, invocation)
      const rejected = [...unread].map((code) => ({ code }))
      invocation.status = exitStatus('triage', { runs: [], rejected })
    })
}

type Show = (results: Results, one: TriageOne, invocation: Invocation) => Promise<void>

const asLines: Show = async (results, one, { output }) => {
  for await (const { findings, rejected } of results) {
    const lines = [...findings.map(one), ...rejected.map((each) => ({ rejected: each }))]
    if (lines.length === 0) continue
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    if (!(await output.lines(text))) break
  }
}

const asDocument: Show = async (results, one, { output }) => {
  const all: Triage = { findings: [], rejected: [] }
  for await (const { findings, rejected } of results) {
    for (const finding of findings) all.findings.push(one(finding))
    for (const rejection of rejected) all.rejected.push(rejection)
    if (all.findings.length + all.rejected.length > MOST_IN_DOCUMENT)
      throw new BadRequest(
        'input',
        `more than ${MOST_IN_DOCUMENT} findings: too many for one document; give --ndjson`,
      )
  }
  output.result(all, () => '')
}

const asTable: Show = async (results, one, { output }) => {
  const shown: Triage = { findings: [], rejected: [] }
  const tally = new TriageTally()
  for await (const { findings, rejected } of results) {
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
  const { paint } = output
  output.result(shown, () => [triageText(shown, paint), more, tally.text(paint)].filter(Boolean).join('\n\n'))
}

/** The results as they pass: why some could not be read is noted, and where there are many, what is hot is compiled. */
async function* watched(results: Results, unread: Set<RejectionCode>): Results {
  let count = 0
  for await (const result of results) {
    for (const { code } of result.rejected) unread.add(code)
    const before = count
    count += result.findings.length + result.rejected.length
    if (before < MANY && count >= MANY) compileWhatIsHot()
    yield result
  }
}
