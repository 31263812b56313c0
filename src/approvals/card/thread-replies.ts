import type { Run } from '../../run/run.ts'
import { currentDecisions } from '../../run/tally.ts'
import { approversText, called } from './decision-lines.ts'
import { endLines, stepLines } from './end-words.ts'
import { code, cutAt, escaped } from './escape.ts'
import { inSlack, levelsOf, time } from './people-words.ts'
import { type PlanFile, planFile } from './plan-lines.ts'
import type { CardView } from './run-card.ts'
import { type Stage, stageOf } from './stage.ts'
import { hashText, resourceText } from './what-is-wrong.ts'

/** What stands in the thread of a card. */
export interface ThreadReply {
  /** What it says, once for all: a reply of the same key is the same reply. */
  key: string
  /** In Slack's markup, everything from outside escaped. */
  text: string
  file?: PlanFile
}

/** Replies that should stand in the thread of a run's card by now, in order. */
export function threadReplies(view: CardView): ThreadReply[] {
  const { run, now, link } = view
  if (link !== undefined) return []
  const stage = stageOf(run, now)
  return [
    ...wholePlan(run),
    ...(stage === 'asking' ? [...reminders(run, now), ...escalations(run)] : []),
    ...starting(run, stage),
    ...decided(run),
    ...changed(run, stage),
    ...(stage === 'closed' ? ended(run) : []),
  ]
}

const ofRound = ({ id, round }: Run, what: string) => `${id}-${round}-${what}`

function wholePlan(run: Run): ThreadReply[] {
  const file = planFile(run)
  if (!file) return []
  return [{ key: ofRound(run, 'plan'), text: `The whole plan ${hashText(run)}`, file }]
}

/** Only the reminder of now: one that came too late would say what is no longer so. */
function reminders(run: Run, now: number): ThreadReply[] {
  const reminded = run.asked?.reminded
  if (reminded === undefined) return []
  const left = reminded === 'half' ? 'Half of the time is over' : 'Little time is left'
  const until = run.waitingUntil === undefined ? '' : `, until ${time(run.waitingUntil)}`
  const text = `⏳ ${left}: ${resourceCode(run)} waits for a decision${until}. ${called(levelsOf(run, now).open)}`
  return [{ key: ofRound(run, reminded), text }]
}

function escalations(run: Run): ThreadReply[] {
  const { escalate = [], people } = run.approval ?? {}
  const opened = escalate.slice(0, run.asked?.level ?? 0)
  return opened.map(({ approvers }, index) => ({
    key: ofRound(run, `level-${index + 1}`),
    text: `⬆️ Nobody has decided yet about ${resourceCode(run)}: ${called(inSlack(approvers, people))}, you may decide, too`,
  }))
}

const UNDER_WAY: readonly Stage[] = ['starting', 'queued', 'applying', 'settling']

function starting(run: Run, stage: Stage): ThreadReply[] {
  if (!UNDER_WAY.includes(stage) || currentDecisions(run).length === 0) return []
  const text = `▶️ Approved by ${approversText(run)}, starting. Plan ${hashText(run)}`
  return [{ key: ofRound(run, 'starting'), text }]
}

/** Why somebody declined or exempted; the words may come after the decision. */
function decided(run: Run): ThreadReply[] {
  return currentDecisions(run)
    .filter(({ verdict, reason }) => verdict !== 'approve' && reason)
    .slice(0, 1)
    .map(({ verdict, reason, until }) => ({
      key: ofRound(run, 'reason'),
      text: [
        verdict === 'exempt' ? `Exempted${until === undefined ? '' : ` until ${time(until)}`}` : 'Declined',
        escaped(cutAt(reason ?? '', 1_000)),
      ].join(': '),
    }))
}

const HAS_CHANGED: readonly Stage[] = ['settling', 'closed']

function changed(run: Run, stage: Stage): ThreadReply[] {
  if (run.changedAt === undefined || !HAS_CHANGED.includes(stage) || run.results.length === 0) return []
  return [{ key: `${run.id}-changed`, text: ['🔧 What was done:', ...stepLines(run, 20)].join('\n') }]
}

function ended(run: Run): ThreadReply[] {
  const at = run.endedAt === undefined ? '' : `, ${time(run.endedAt)}`
  const end = `*${escaped(String(run.outcome))}*${at}`
  const { undoneBy: _, ...before } = run
  return [
    { key: `${run.id}-closed`, text: [end, ...endLines(before)].join('\n') },
    ...(run.undoneBy === undefined
      ? []
      : [{ key: `${run.id}-undone`, text: `↩️ Undone by run ${code(cutAt(run.undoneBy, 40))}` }]),
  ]
}

const resourceCode = (run: Run) => code(resourceText(run))
