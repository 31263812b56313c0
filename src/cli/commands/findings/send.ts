import type { Command } from 'commander'
import { sendText } from '../../../reports/send-text.ts'
import { stdinOf } from '../../input/selection.ts'
import { loadPlaybooks } from '../../program/catalogue.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation } from '../../program/invocation.ts'
import { sameWay } from '../../program/same-way.ts'
import { readForSending, sendEvents } from '../../stack/send-events.ts'
import { openStack } from '../../stack/stack.ts'

const EXAMPLES = `
Examples:
  rectify send event.json --stack prod
  rectify send events/ --stack prod --json
  rectify send finding.json --stack prod --yes     also what no deployed rule would have let in`

/** `rectify send EVENT... --stack NAME`: asks the deployed rules about each event, and hands it to the deployment. */
export function send(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(async (paths: string[]) => {
    const { shared, cwd, output } = invocation
    const { events, rejected } = await readForSending(paths, {
      cwd,
      stdin: stdinOf(output),
      note: (line) => output.note(line),
    })
    const stack = await openStack(invocation)
    try {
      const { sent, unmatched } = await sendEvents(events, stack, {
        unmatchedToo: shared.yes === true,
        playbooks: await loadPlaybooks(invocation),
        note: (line) => output.note(line),
      })
      output.result({ sent, unmatched, rejected }, () =>
        sendText({ sent, unmatched, rejected }, sameWay(invocation), output.paint),
      )
      invocation.status = exitStatus('send', { runs: [], rejected }) || (unmatched.length > 0 ? 3 : 0)
    } finally {
      await stack.close()
    }
  })
}
