import type { Command } from 'commander'
import type { Invocation } from '../../program/invocation.ts'
import { restOf } from '../../rest.ts'
import { onStoredRuns } from '../../stored-runs.ts'

const EXAMPLES = `
Examples:
  rectify undo 01JD8Q4Z3MX7                      shows what it opens again, and asks
  rectify undo 01JD8Q4Z3MX7 --yes --rest 7d      no question; leave the resource alone for a week
  rectify undo 01JD8Q4Z3MX7 --stack prod         has the deployment do it, in your name`

/** `rectify undo ID`: takes a run back, by a run of its own that a person confirms. */
export function undo(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(async (id: string) => {
    const restFor = restOf(invocation)
    await onStoredRuns(invocation, 'undo', async ({ engine, stack, titles }) => {
      if (!stack) return engine.undo(id, { restFor })
      const { undoOnStack } = await import('../../stack/undo-on-stack.ts')
      return undoOnStack(invocation, stack, id, { restFor, titles })
    })
  })
}
