import type { Command } from 'commander'
import { planText } from '../../../reports/run/plan-text.ts'
import { handleFindings } from '../../handle-findings.ts'
import { addSelection, type Named } from '../../input/selection.ts'
import type { Invocation } from '../../program/invocation.ts'
import { showRuns } from '../../show-runs.ts'

const EXAMPLES = `
Examples:
  rectify plan --playbook ec2-close-open-ingress --resource sg-0123456789abcdef0
  rectify plan event.json --json`

/** `rectify plan EVENT...`: the plan for each, whatever the mode. Reads AWS. */
export function plan(command: Command, invocation: Invocation): void {
  addSelection(command)
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], named: Named) => {
      const handled = await handleFindings(invocation, 'plan', events, named)
      showRuns(invocation, 'plan', handled, (run) =>
        planText(run, handled.titles[run.playbook] ?? run.playbook, invocation.output.paint),
      )
    })
}
