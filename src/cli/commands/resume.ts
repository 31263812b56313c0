import type { Command } from 'commander'
import { EVERYTHING, noLongerHeld } from '../../engine/rails/kill-switch.ts'
import { visible } from '../../reports/paint.ts'
import { heldRunsText } from '../../reports/run/held-runs.ts'
import type { Run } from '../../run/run.ts'
import type { Control, PauseScope } from '../../run/store.ts'
import { addScope, type ScopeOptions, scopeOf } from '../input/pause-scope.ts'
import { controlJson, openSwitch, type Pause, pausesJson, setSwitch, tellPaused } from '../pausing.ts'
import { loadPlaybooks } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'
import { sameWay } from '../program/same-way.ts'
import { onStoredRuns } from '../stored-runs.ts'
import { confirmed } from '../terminal/confirmed.ts'

const EXAMPLES = `
Examples:
  rectify resume                         lists what the pause has held, and on a terminal offers to carry it on
  rectify resume --yes                   carries it on
  rectify resume --stack prod            has the deployment carry it on, under its own policy
  rectify resume --account 123456789012  what another pause holds as well stays held`

/**
 * `rectify resume`: lets changes start again. What the pause has held goes on: each resource is looked at again first. On
 * this machine somebody has to say so, as nobody else would carry it on; a deployment does so by itself.
 */
export function resume(command: Command, invocation: Invocation): void {
  addScope(command, 'resume')
    .addHelpText('after', EXAMPLES)
    .action((options: ScopeOptions) => letGoOn(invocation, options))
}

async function letGoOn(invocation: Invocation, options: ScopeOptions): Promise<void> {
  const { output } = invocation
  // Before the switch is thrown: a playbook that cannot be loaded must not leave it thrown and the command failed.
  await loadPlaybooks(invocation)
  const { control, scope, pauses, held, isStack } = await thrown(invocation, options)
  const document = { ...controlJson(control, scope), ...pausesJson(pauses), held: held.map(heldJson) }
  const said = resumedText(control, scope)
  tellPaused(pauses, invocation)
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

/** What was done at the switch, and what follows. */
interface Thrown {
  scope: PauseScope
  /** Of the scope, as it stands now. */
  control: Control
  /** Pauses that stand all the same. */
  pauses: Pause[]
  /** What was held until now and is no more. */
  held: Run[]
  isStack: boolean
}

async function thrown(invocation: Invocation, options: ScopeOptions): Promise<Thrown> {
  const at = await openSwitch(invocation)
  try {
    const { store } = at
    const before = options.playbook === undefined ? [] : await store.allControls()
    const standing = before.map(({ scope }) => scope)
    const scope = await scopeOf(invocation, options, standing)
    const control = await setSwitch(at, scope, { paused: false })
    const pauses = await store.allControls()
    const held = await noLongerHeld(store, new Set(pauses.map((pause) => pause.scope)))
    return { scope, control, pauses, held, isStack: at.stack !== undefined }
  } finally {
    await at.close()
  }
}

function heldJson({ id, playbook, resource, undoOf, findings }: Run) {
  return { run: id, playbook, resource, undoOf: undoOf ?? null, findings: findings.map((each) => each.id) }
}

function resumedText({ by, at }: Control, scope: PauseScope): string {
  const about = scope === EVERYTHING ? '' : ` ${visible(scope.replace(':', ' '))}`
  return `resumed${about} by ${by} at ${at}`
}
