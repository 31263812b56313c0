import type { Command } from 'commander'
import { stoppedByPause } from '../../engine/rails/stopped-by-pause.ts'
import { reportJson } from '../../reports/run/run-json.ts'
import { runText } from '../../reports/run/run-text.ts'
import { stoppedText } from '../../reports/run/stopped-text.ts'
import { leftoversText } from '../../reports/triage/triage-text.ts'
import type { Run } from '../../run/run.ts'
import type { Control } from '../../run/store.ts'
import { controlJson, openSwitch, setSwitch } from '../pausing.ts'
import { loadPlaybooks, titlesOf } from '../program/catalogue.ts'
import { exitStatus } from '../program/exit-status.ts'
import type { Invocation } from '../program/invocation.ts'
import { sameWay } from '../program/same-way.ts'
import { type StartedAgain, startAgain } from '../start-again.ts'
import { confirmed } from '../terminal/confirmed.ts'

/** A deployment keeps months of runs: the newest of them are looked through. */
const MOST_OF_A_STACK = 500

const EXAMPLES = `
Examples:
  rectify resume                         lists what was stopped, and on a terminal offers to start it again
  rectify resume --yes                   starts it again
  rectify resume --yes --stack prod      has the deployment start it again, under its own policy`

/**
 * `rectify resume`: lets changes start again, and starts what a pause has stopped again if somebody says so. A run that
 * was blocked stays so: its findings, as they were stored, are handed in again.
 */
export function resume(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(() => letGoOn(invocation))
}

async function letGoOn(invocation: Invocation): Promise<void> {
  const { output } = invocation
  // Before the switch is thrown: a playbook that cannot be loaded must not leave it thrown and the command failed.
  const titles = titlesOf(await loadPlaybooks(invocation))
  const at = await openSwitch(invocation)
  try {
    const control = await setSwitch(at, { paused: false })
    const stopped = await stoppedByPause(at.store, at.stack && MOST_OF_A_STACK)
    const askable = stopped.filter(({ undoOf }) => undoOf === undefined)
    const list = stoppedText(stopped, output.notePaint, sameWay(invocation))
    if (list) output.note(`${resumedText(control)}\n\n${list}`)
    const wanted = askable.length > 0 && (await confirmed(invocation, 'Hand them in again now?'))
    const again = wanted ? await startAgain(invocation, askable, at.stack) : undefined
    show(invocation, titles, { control, stopped, again })
  } finally {
    await at.close()
  }
}

function show(
  invocation: Invocation,
  titles: Record<string, string>,
  { control, stopped, again }: { control: Control; stopped: readonly Run[]; again: StartedAgain | undefined },
): void {
  const { output, shared } = invocation
  const listed = stopped.map(({ id, playbook, resource, undoOf = null, findings }) => ({
    ...{ run: id, playbook, resource, undoOf },
    findings: findings.map((finding) => finding.id),
  }))
  const document = { ...controlJson(control), stopped: listed }
  if (again) invocation.status = exitStatus('apply', { runs: again.runs, rejected: [] })
  output.result(
    again ? { ...document, ...reportJson(again, [], again.told), sent: again.sent } : document,
    () =>
      [
        ...(stopped.length > 0 ? [] : [resumedText(control)]),
        ...(again?.runs ?? []).map((run) =>
          runText(run, titles[run.playbook] ?? run.playbook, output.paint, '', again?.told.get(run.id)),
        ),
        ...(again && again.sent.length > 0
          ? [
              `${again.sent.length} handed to stack ${shared.stack}\n\nNext: rectify runs${sameWay(invocation)}`,
            ]
          : []),
        leftoversText(again?.ignored ?? [], [], output.paint),
      ]
        .filter(Boolean)
        .join('\n\n'),
  )
}

const resumedText = ({ by, at }: Control): string => `resumed by ${by} at ${at}`
