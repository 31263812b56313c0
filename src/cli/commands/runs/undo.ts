import type { Command } from 'commander'
import type { Report } from '../../../engine/ports.ts'
import { undoable } from '../../../engine/undo/undoable.ts'
import type { Run } from '../../../run/run.ts'
import type { Invocation } from '../../program/invocation.ts'
import { restOf } from '../../rest.ts'
import { onStoredRuns, type Where } from '../../stored-runs.ts'

const EXAMPLES = `
Examples:
  rectify undo 01JD8Q4Z3MX7                      shows what it opens again, and asks
  rectify undo 01JD8Q4Z3MX7 --yes --rest 7d      no question; leave the resource alone for a week
  rectify undo 01JD8Q4Z3MX7 --stack prod         has the deployment do it, in your name
  rectify undo $(rectify runs --outcome remediated --since 1h --json | jq -r '.runs[].run')

Of several runs the newest is taken back first. Where one of them cannot be taken back, none is.`

/** `rectify undo ID...`: takes runs back, each by a run of its own that a person confirms. */
export function undo(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(async (ids: string[]) => {
    const restFor = restOf(invocation)
    await onStoredRuns(invocation, 'undo', async (where) => {
      const originals = await newestFirst(where, ids)
      return oneByOne(invocation, originals, await takingBack(invocation, where, restFor))
    })
  })
}

/** Each run once. Throws `BadRequest` where one cannot be taken back: before anything has been changed. */
async function newestFirst({ store }: Where, ids: readonly string[]): Promise<Run[]> {
  const named = new Map<string, Run>()
  for (const id of ids) {
    const run = await undoable(store, id)
    named.set(run.id, run)
  }
  // What a later run has changed is taken back before what it was changed from. A ULID begins with its time.
  return [...named.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
}

/** How one run is taken back where the command acts. */
async function takingBack(
  invocation: Invocation,
  { engine, stack, titles }: Where,
  restFor: string,
): Promise<(run: Run) => Promise<Report>> {
  if (!stack) return ({ id }) => engine.undo(id, { restFor })
  const { undoOnStack } = await import('../../stack/undo-on-stack.ts')
  return ({ id }) => undoOnStack(invocation, stack, id, { restFor, titles })
}

/** What came of all of them; where one throws, the ones before it are named, since there is no report then. */
async function oneByOne(
  { output }: Invocation,
  originals: readonly Run[],
  takeBack: (run: Run) => Promise<Report>,
): Promise<Report> {
  const report: Report = { runs: [], ignored: [] }
  try {
    for (const original of originals) report.runs.push(...(await takeBack(original)).runs)
  } catch (error) {
    const before = report.runs.map(({ undoOf, outcome, state }) => `${undoOf} ${outcome ?? state}`)
    if (before.length > 0) output.note(`before that: ${before.join(', ')}`)
    throw error
  }
  return report
}
