import { Command } from 'commander'
import type { Invocation } from '../invocation.ts'
import { setSwitch } from '../pausing.ts'

const EXAMPLES = `
Examples:
  rectify resume
  rectify resume --stack prod`

/** `rectify resume`: lets changes start again. What was blocked meanwhile stays so: its findings are handed in again. */
export function resume(invocation: Invocation): Command {
  return new Command('resume')
    .description('let changes start again after a pause')
    .addHelpText('after', EXAMPLES)
    .action(() =>
      setSwitch(
        invocation,
        { paused: false },
        ({ by, at }) => `resumed by ${by} at ${at}\n\nRuns that were blocked meanwhile stay blocked.`,
      ),
    )
}
