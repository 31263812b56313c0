import type { Command } from 'commander'
import { runText } from '../../../reports/run/run-text.ts'
import { handleFindings } from '../../handle-findings.ts'
import { addSelection, type Named } from '../../input/selection.ts'
import type { Invocation } from '../../program/invocation.ts'
import { sameWay } from '../../program/same-way.ts'
import { showRuns } from '../../show-runs.ts'

const EXAMPLES = `
Examples:
  rectify apply event.json
  rectify apply events/ --json
  rectify apply event.json --approve 4f0c6d0b2a4be1f7    yes to exactly this plan, to no other
  rectify apply event.json --yes                       yes to the first plan of each

Where the policy says approve, you are asked on the terminal; without one the run waits (exit status 3).`

/** `rectify apply EVENT...`: carries every run to its end in this process. Changes AWS. */
export function apply(command: Command, invocation: Invocation): void {
  addSelection(command)
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], named: Named) => {
      const handled = await handleFindings(invocation, 'apply', events, named)
      showRuns(invocation, 'apply', handled, (run, told) =>
        runText(
          run,
          handled.titles[run.playbook] ?? run.playbook,
          invocation.output.paint,
          sameWay(invocation),
          told,
        ),
      )
    })
}
