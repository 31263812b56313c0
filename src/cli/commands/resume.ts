import type { Command } from 'commander'
import { heldRunsText } from '../../reports/run/held-runs.ts'
import { heldBy } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import type { Control, RunStore } from '../../run/store.ts'
import { controlJson, openSwitch, setSwitch } from '../pausing.ts'
import { loadPlaybooks } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'
import { sameWay } from '../program/same-way.ts'
import { onStoredRuns } from '../stored-runs.ts'
import { confirmed } from '../terminal/confirmed.ts'

const EXAMPLES = `
Examples:
  rectify resume                         lists what the pause has held, and on a terminal offers to carry it on
  rectify resume --yes                   carries it on
  rectify resume --stack prod            has the deployment carry it on, under its own policy`

/**
 * `rectify resume`: lets changes start again. What the pause has held goes on: each resource is looked at again first. On
 * this machine somebody has to say so, as nobody else would carry it on; a deployment does so by itself.
 */
export function resume(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(() => letGoOn(invocation))
}

async function letGoOn(invocation: Invocation): Promise<void> {
  const { output } = invocation
  // Before the switch is thrown: a playbook that cannot be loaded must not leave it thrown and the command failed.
  await loadPlaybooks(invocation)
  const { control, held, isStack } = await thrown(invocation)
  const document = { ...controlJson(control), held: held.map(heldJson) }
  const said = resumedText(control)
  if (held.length === 0) return output.result(document, () => said)
  output.note(`${said}\n\nHeld by the pause:\n${heldRunsText(held, output.notePaint)}`)
  if (isStack || (await confirmed(invocation, 'Carry them on now?'))) {
    return onStoredRuns(invocation, 'resume', async ({ engine }) => ({
      ...(await engine.letGo()),
      more: document,
    }))
  }
  output.result(document, () => `Next: rectify sweep${sameWay(invocation)} carries them on`)
}

/** The switch as it stands now, and what it has held until now. */
async function thrown(invocation: Invocation): Promise<{ control: Control; held: Run[]; isStack: boolean }> {
  const at = await openSwitch(invocation)
  try {
    const control = await setSwitch(at, { paused: false })
    return { control, held: await heldByPause(at.store), isStack: at.stack !== undefined }
  } finally {
    await at.close()
  }
}

async function heldByPause(store: RunStore): Promise<Run[]> {
  const found = await Promise.all((await store.foundBy(heldBy('pause'))).map((id) => store.get(id)))
  return found.filter((run) => run?.heldBy?.rail === 'pause').map((run) => run!)
}

function heldJson({ id, playbook, resource, undoOf, findings }: Run) {
  return { run: id, playbook, resource, undoOf: undoOf ?? null, findings: findings.map((each) => each.id) }
}

const resumedText = ({ by, at }: Control): string => `resumed by ${by} at ${at}`
