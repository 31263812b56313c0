import type { Command } from 'commander'
import { triageJson } from '../../../reports/triage/triage-json.ts'
import { triageText } from '../../../reports/triage/triage-text.ts'
import { manualFinding } from '../../input/manual-finding.ts'
import { lookUpPolicy } from '../../input/policy-lookup.ts'
import { addSelection, type Named, select } from '../../input/selection.ts'
import { loadPlaybooks, playbookCalled } from '../../program/catalogue.ts'
import { regionOf } from '../../program/environment.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation } from '../../program/invocation.ts'
import { refuseStack } from '../../stack/stack.ts'

const EXAMPLES = `
Examples:
  rectify triage event.json
  rectify triage events/ --json
  aws guardduty get-findings ... | rectify triage -
  rectify triage --playbook ec2-close-open-ingress --resource sg-0123456789abcdef0`

/** `rectify triage EVENT...`: findings, the playbooks that answer, the mode and why. No AWS. */
export function triage(command: Command, invocation: Invocation): void {
  addSelection(command)
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], named: Named) => {
      const { output } = invocation
      refuseStack(invocation, 'triage')
      const playbooks = await loadPlaybooks(invocation)
      const selection = await select(invocation, events, named, playbooks)
      const policy = await lookUpPolicy(invocation, playbooks)
      const { only } = selection
      if (only) {
        // Who calls is for AWS to say, which triage does not ask: the account is that of an ARN, or unknown.
        const place = { account: '', region: regionOf(invocation) ?? '', partition: 'aws' }
        selection.findings.push(
          manualFinding(playbookCalled(only.playbook, playbooks), only.resource, place, Date.now()),
        )
      }
      const triaged = triageJson(selection, playbooks, policy, Date.now(), only?.playbook)
      output.result(triaged, () => triageText(triaged, output.paint))
      invocation.status = exitStatus('triage', { runs: [], rejected: triaged.rejected })
    })
}
