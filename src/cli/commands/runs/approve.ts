import type { Command } from 'commander'
import { Refused } from '../../../engine/refusals.ts'
import { runCalled } from '../../../engine/run-called.ts'
import { planText } from '../../../reports/run/plan-text.ts'
import type { RunStore } from '../../../run/store.ts'
import type { Invocation } from '../../program/invocation.ts'
import { onDecidedRuns } from '../../stored-runs.ts'
import { saysYes } from '../../terminal/terminal.ts'

const EXAMPLES = `
Examples:
  rectify approve 01JD8Q4Z3MX7                                shows the plan and asks, on a terminal
  rectify approve 01JD8Q4Z3MX7 --approve 4f0c6d0b2a4be1f7     no question, but only if this is still the plan
  rectify approve 01JD8Q4Z3MX7 --stack prod                   of a deployment: its functions carry it out

A run is named by its id or the beginning of it. Without a terminal nothing is asked: calling it is the word.`

/** `rectify approve ID`: says yes to the plan that a run waits with, and carries the run to its end. */
export function approve(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action((id: string) =>
    onDecidedRuns(invocation, 'approve', async ({ engine, store, titles }) => {
      const hash = invocation.shared.approve ?? (await hashAskedFor(invocation, store, titles, id))
      return engine.approve(id, hash === undefined ? {} : { hash })
    }),
  )
}

/**
 * Shows the person at a terminal the plan that waits, and gives the hash of what they said yes to. Undefined where
 * nobody is asked: there is no terminal, `--yes` has said it, or nothing waits.
 */
async function hashAskedFor(
  { shared, output }: Invocation,
  store: RunStore,
  titles: Record<string, string>,
  id: string,
): Promise<string | undefined> {
  if (shared.yes || !output.interactive) return undefined
  const run = await runCalled(store, id)
  if (run.waitingFor !== 'approval' || !run.plan) return undefined
  output.note(`\n${planText(run, titles[run.playbook] ?? run.playbook, output.notePaint)}\n`)
  if (await saysYes(output, 'Approve this plan?')) return run.plan.hash
  throw new Refused(run, 'not approved: it is left waiting')
}
