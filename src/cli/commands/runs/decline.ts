import { type Command, Option } from 'commander'
import type { Invocation } from '../../program/invocation.ts'
import { onDecidedRuns } from '../../stored-runs.ts'

const EXAMPLES = `
Examples:
  rectify decline 01JD8Q4Z3MX7 --reason "meant to be public"
  rectify decline 01JD8Q4Z3MX7 --reason "not ours" --stack prod`

/** `rectify decline ID --reason TEXT`: says no to the plan that a run waits with. */
export function decline(command: Command, invocation: Invocation): void {
  command
    .addOption(new Option('--reason <text>', 'why not; kept with the run').makeOptionMandatory())
    .addHelpText('after', EXAMPLES)
    .action((id: string, { reason }: { reason: string }) =>
      onDecidedRuns(invocation, 'decline', ({ engine }) => engine.decline(id, reason)),
    )
}
