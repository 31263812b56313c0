import { Command } from 'commander'
import { type Explained, explaining } from '../../../reports/explain/explain-json.ts'
import { explainText } from '../../../reports/explain/explain-text.ts'
import { passingEvents } from '../../input/events-input.ts'
import { lookUpPolicy } from '../../input/policy-lookup.ts'
import { addSelection, type Named, type Passing, passing } from '../../input/selection.ts'
import { loadPlaybooks } from '../../program/catalogue.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation } from '../../program/invocation.ts'

const EXAMPLES = `
Examples:
  rectify policy explain event.json
  aws guardduty get-findings ... | rectify policy explain - --json
  rectify policy explain --playbook ec2-close-open-ingress --resource sg-0123456789abcdef0`

/** `rectify policy explain EVENT...`: for each rule why it did or did not decide. No AWS. */
export function explain(invocation: Invocation): Command {
  const command = new Command('explain')
    .description('say for each rule why it did or did not decide about these findings; does not touch AWS')
    .argument('[event...]', 'files or folders of events, or - for stdin')
  return addSelection(command)
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], named: Named) => {
      const playbooks = await loadPlaybooks(invocation)
      const about = await passing(invocation, events, named, playbooks)
      const policy = await lookUpPolicy(invocation, playbooks)
      const only = 'only' in about ? about.only : undefined
      const explained = explaining(playbooks, policy, Date.now(), only)
      const all: Explained = { findings: [], rejected: [] }
      for await (const { findings, rejected } of resultsOf(about)) {
        all.findings.push(...findings.map(explained))
        all.rejected.push(...rejected)
      }
      const { output } = invocation
      output.result(all, () => explainText(all, output.paint))
      invocation.status = exitStatus('triage', { runs: [], rejected: all.rejected })
    })
}

async function* resultsOf(about: Passing) {
  if ('found' in about) yield { findings: [about.found], rejected: [] }
  else for (const input of about.inputs) for await (const results of passingEvents(input)) yield* results
}
