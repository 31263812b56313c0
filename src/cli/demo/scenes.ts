import type { Engine } from '../../engine/engine.ts'
import { parseEvents } from '../../findings/read.ts'
import { columns } from '../../reports/columns.ts'
import { type Paint, visible } from '../../reports/paint.ts'
import { changeLines } from '../../reports/plan-text.ts'
import { dryRunText } from '../../reports/rehearsal.ts'
import { endText, runText } from '../../reports/run-text.ts'
import type { SampleEvent } from '../../sandbox/events.ts'
import type { Run } from '../../store/run.ts'
import type { Output } from '../output.ts'
import { wrongEnd } from './script.ts'

/** One act of the demo and what came of it. */
export interface Scene {
  name: string
  runs: Run[]
  ignored: { finding: string; reason: string }[]
  /** Why it did not end as it should. */
  wrong?: string
}

/** One event: the finding, the plan, the dry run, the change, the proof. */
export async function playEvent(
  engine: Engine,
  { name, about, event }: SampleEvent,
  output: Output,
): Promise<Scene> {
  const { paint } = output
  output.say(`\n${title(name, paint)}\n${about}\n`)
  const { findings } = parseEvents(event, name)
  for (const { source, type, severity, resources } of findings) {
    output.say(
      line(
        'finding',
        `${source} ${type} ${severity} ${resources.map(({ id }) => visible(id)).join(' ')}`,
        paint,
      ),
    )
  }
  const planned = await engine.handle(findings, 'plan')
  for (const run of planned.runs.filter(({ plan }) => plan !== null)) {
    output.say(line('plan', `${run.playbook} ${paint.faint(visible(run.resource))}`, paint))
    if (run.plan)
      output.say(
        changeLines(run.plan, paint)
          .map((text) => `          ${text.trim()}`)
          .join('\n'),
      )
    if (run.plan) output.say(line('affects', visible(run.plan.impact.summary), paint))
  }
  const rehearsed = await engine.handle(findings, 'rehearse')
  for (const run of rehearsed.runs) {
    if (dryRunText(run)) output.say(line('dry run', `${run.playbook}: ${dryRunText(run)}`, paint))
  }
  const report = await engine.handle(findings, 'apply')
  for (const run of report.runs)
    output.say(line('apply', `${endText(run, paint)} ${run.playbook}: ${applied(run)}`, paint))
  for (const { reason } of report.ignored)
    output.say(line('apply', `${paint.warn('ignored')}: ${visible(reason)}`, paint))
  const wrong = wrongEnd(name, report)
  return { name, ...report, ...(wrong !== undefined && { wrong }) }
}

/** A run taken back, and that proven too. `playbook` is the title. */
export async function playUndo(engine: Engine, run: Run, playbook: string, output: Output): Promise<Scene> {
  output.say(`\n${title('undo', output.paint)}\nthe first of them is taken back: rectify undo ${run.id}\n`)
  const report = await engine.undo(run.id, { holdFor: 'PT24H' })
  for (const undo of report.runs) output.say(runText(undo, playbook, output.paint))
  const bad = report.runs.find(({ outcome }) => outcome !== 'undone')
  return { name: 'undo', ...report, ...(bad && { wrong: `${bad.outcome ?? bad.state}: ${bad.reason}` }) }
}

/** All scenes, one line per run. */
export function summary(scenes: Scene[], paint: Paint): string {
  const rows = scenes.flatMap(({ name, runs, ignored, wrong }) => [
    ...runs.map((run) => [name, visible(run.target.id), run.playbook, endText(run, paint)]),
    ...ignored.map(({ reason }) => [name, '', '', `${paint.warn('ignored')}: ${visible(reason)}`]),
    ...(wrong === undefined ? [] : [[name, '', '', paint.gone(`not as it should be: ${visible(wrong)}`)]]),
  ])
  return columns([['EVENT', 'RESOURCE', 'PLAYBOOK', 'CAME TO'].map(paint.faint), ...rows]).join('\n')
}

function applied({ verifiedAt, outcome, reason }: Run): string {
  if (outcome === 'remediated' && verifiedAt) return `read again at ${verifiedAt}, nothing is left to do`
  return visible(reason)
}

function title(name: string, paint: Paint): string {
  return paint.strong(`── ${name} `.padEnd(78, '─'))
}

function line(label: string, text: string, paint: Paint): string {
  return `${paint.faint(label.padEnd(8))}  ${text}`
}
