import { randomUUID } from 'node:crypto'
import { Refused, type Report } from '../engine/engine.ts'
import { undoable } from '../engine/undo-run.ts'
import { undoText } from '../reports/undo-text.ts'
import type { Run } from '../store/run.ts'
import { follow, PATIENCE_MS } from './follow.ts'
import type { Invocation } from './invocation.ts'
import type { Stack } from './stack.ts'

/** How often the run that undoes another is looked for (ms). */
const POLL_MS = 1_000

/**
 * Has a deployment take a run back: shows what that opens again, asks, sends the request in the caller's name, and
 * follows the run that comes of it.
 * @param holdFor ISO 8601 duration
 * @throws Refused when nobody says yes, or nothing has come of it after three minutes
 */
export async function undoOnStack(
  { shared, output }: Invocation,
  stack: Stack,
  id: string,
  { holdFor, titles }: { holdFor: string; titles: Record<string, string> },
): Promise<Report> {
  const original = await undoable(stack.store, id)
  output.note(`\n${undoText(original, titles[original.playbook] ?? original.playbook, output.notePaint)}\n`)
  if (!shared.yes && !(output.interactive && (await askPerson(output)))) {
    throw new Refused(original, `not undone: nobody said yes to it; --yes does`)
  }
  const newest = await newestOfKey(stack, original)
  const { arn } = await stack.aws.identity()
  await stack.runs.send(
    { kind: 'undo', run: id, holdFor, by: arn },
    original.resource,
    `${id}-undo-${randomUUID()}`,
  )
  output.note(`asked stack ${stack.name} to undo run ${id}, as ${arn}`)
  const begun = await firstSeen(stack, original, newest)
  return { runs: [await follow(begun, stack, output)], ignored: [] }
}

async function newestOfKey({ store }: Stack, { playbook, key }: Run): Promise<Run | undefined> {
  const newest = await store.newest(playbook, key)
  return newest === undefined ? undefined : store.get(newest)
}

/** The run that undoes it: the newest of its key from the first thing that is stored of it. */
async function firstSeen(stack: Stack, original: Run, before: Run | undefined): Promise<Run> {
  const { clock, name } = stack
  const end = clock.now() + PATIENCE_MS
  for (;;) {
    const run = await newestOfKey(stack, original)
    const earlier = run?.id === before?.id && before?.state === 'closed'
    if (run?.undoOf === original.id && !earlier) return run
    if (clock.now() >= end) {
      throw new Refused(original, `the undo is still under way: rectify runs --stack ${name}`)
    }
    await clock.sleep(POLL_MS)
  }
}

async function askPerson(output: Invocation['output']): Promise<boolean> {
  const { confirm } = await import('@clack/prompts')
  const said = await output.asking(() =>
    confirm({ message: 'Take this back?', initialValue: false, output: process.stderr }),
  )
  return said === true
}
