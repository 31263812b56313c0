import { Command } from 'commander'
import type { Invocation } from '../invocation.ts'
import { onDecidedRuns } from '../stored-runs.ts'

const EXAMPLES = `
Examples:
  rectify approve 01JD8Q4Z3M...
  rectify approve 01JD8Q4Z3M... --approve sha256:4f0c...    only if this is still the plan
  rectify approve 01JD8Q4Z3M... --stack prod                of a deployment: its functions carry it out`

/** `rectify approve ID`: says yes to the plan that a run waits with, and carries the run to its end. */
export function approve(invocation: Invocation): Command {
  return new Command('approve')
    .description('say yes to the plan of a waiting run, and carry it out')
    .argument('<id>', 'the run')
    .addHelpText('after', EXAMPLES)
    .action((id: string) => {
      const hash = invocation.shared.approve
      return onDecidedRuns(invocation, 'approve', (engine) =>
        engine.approve(id, hash === undefined ? {} : { hash }),
      )
    })
}
