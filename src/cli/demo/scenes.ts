import type { Finding } from '../../findings/finding.ts'
import { joined, parseEvents } from '../../findings/read.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import { columns } from '../../reports/columns.ts'
import { type Paint, visible } from '../../reports/paint.ts'
import { dryRunText } from '../../reports/rehearsal/rehearsal.ts'
import { changeLines } from '../../reports/run/plan-text.ts'
import { endText, runText } from '../../reports/run/run-text.ts'
import { triageJson } from '../../reports/triage/triage-json.ts'
import { triageText } from '../../reports/triage/triage-text.ts'
import type { Run } from '../../run/run.ts'
import type { SampleEvent } from '../../sandbox/sample-events/sample-events.ts'
import { titlesOf } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'
import type { Stack } from '../stack/deployment.ts'
import { undoOnStack } from '../stack/undo-on-stack.ts'
import { wrongEnd } from './script.ts'
import { watch } from './watch.ts'

/** One act of the demo and what came of it. */
export interface Scene {
  name: string
  runs: Run[]
  ignored: { finding: string; reason: string }[]
  /** Why it did not end as it should. */
  wrong?: string
}

/** What the scenes are played on. */
export interface Stage {
  invocation: Invocation
  stack: Stack
  playbooks: readonly PlaybookHead[]
  /** What would be done, from here: the plan and its dry run. */
  rehearse(findings: Finding[]): Promise<Run[]>
  /** Has a run that waits for a person's word decided; says who did, and how. */
  ask(run: Run): Promise<string>
  /** Puts an event on the bus of the deployment, as its detector would. */
  detect(event: SampleEvent['event']): Promise<void>
}

/** One event on the bus: the finding, and the plan and its dry run, and of each run that the deployment makes of it the end and the proof. */
export async function playEvent(stage: Stage, { name, about, event }: SampleEvent): Promise<Scene> {
  const { stack, playbooks, invocation } = stage
  const { output } = invocation
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
  for (const run of await stage.rehearse(findings)) output.say(rehearsed(run, paint))
  const known = new Set((await stack.store.list()).map(({ id }) => id))
  const sentAt = stack.clock.now()
  await stage.detect(event)
  const seen = await watch(stack, findings, playbooks, known, async (run) => {
    output.say(line('asked', whereAsked(run), paint))
    output.say(line('word', await stage.ask(run), paint))
  })
  for (const run of seen.runs) output.say(scene(run, sentAt, paint))
  for (const { reason } of seen.ignored)
    output.say(line('apply', `${paint.warn('ignored')}: ${visible(reason)}`, paint))
  const wrong = wrongEnd(name, seen)
  return { name, ...seen, ...(wrong !== undefined && { wrong }) }
}

/** Who is asked, and where. */
function whereAsked({ approval }: Run): string {
  const { channel, approvers, quorum } = approval ?? { quorum: 1 }
  return `in Slack, channel ${visible(channel ?? '')}: ${quorum} of ${visible(approvers?.join(', ') ?? 'anybody')}`
}

/** The plan that a run would have, and whether its calls may be made. */
function rehearsed(run: Run, paint: Paint): string {
  const { plan, playbook, resource } = run
  if (!plan) return line('plan', `${playbook} ${paint.faint(visible(resource))}: nothing to do`, paint)
  return [
    line('plan', `${playbook} ${paint.faint(visible(resource))}`, paint),
    ...changeLines(plan, paint).map((text) => line('', text.trim(), paint)),
    line('affects', visible(plan.impact.summary), paint),
    line('dry run', visible(dryRunText(run)) || 'not wanted by the policy', paint),
  ].join('\n')
}

function scene(run: Run, sentAt: number, paint: Paint): string {
  const { playbook, endedAt } = run
  const seconds = ((Date.parse(endedAt ?? '') - sentAt) / 1000).toFixed(1)
  const proof = run.outcome === 'remediated' && run.verifiedAt
  return [
    line('apply', `${endText(run, paint)} ${playbook}: ${visible(run.reason)}`, paint),
    ...(proof ? [line('proof', `read again at ${proof}, nothing is left to do`, paint)] : []),
    ...(endedAt ? [line('took', `${seconds} s from the event on the bus to the end`, paint)] : []),
  ].join('\n')
}

/** A run taken back by the deployment, and that proven too. */
export async function playUndo({ invocation, stack, playbooks }: Stage, run: Run): Promise<Scene> {
  const { output } = invocation
  const titles = titlesOf(playbooks)
  const command = `rectify undo ${run.id} --stack ${stack.name}`
  output.say(`\n${title('undo', output.paint)}\nthe first of them is taken back: ${command}\n`)
  const report = await undoOnStack(invocation, stack, run.id, { restFor: 'PT24H', titles })
  for (const undo of report.runs) {
    output.say(runText(undo, titles[run.playbook] ?? run.playbook, output.paint, ` --stack ${stack.name}`))
  }
  const bad = report.runs.find(({ outcome }) => outcome !== 'undone')
  return { name: 'undo', ...report, ...(bad && { wrong: `${bad.outcome ?? bad.state}: ${bad.reason}` }) }
}

/** What would become of events that are not put on the bus: who answers each, and what the policy says. */
export function playTriage(
  { invocation, playbooks, stack }: Stage,
  events: SampleEvent[],
  policy: LoadedPolicy,
) {
  const { output } = invocation
  output.say(
    `\n${title('detectors', output.paint)}\nwhat every other detector says of the same account, as triage tells it\n`,
  )
  const said = joined(events.map(({ name, event }) => parseEvents(event, name)))
  output.say(triageText(triageJson(said, playbooks, policy, stack.clock.now()), output.paint))
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

function title(name: string, paint: Paint): string {
  return paint.strong(`── ${name} `.padEnd(78, '─'))
}

function line(label: string, text: string, paint: Paint): string {
  return `${paint.faint(label.padEnd(8))}  ${text}`
}
