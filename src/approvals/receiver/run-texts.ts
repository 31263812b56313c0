import { BadRequest } from '../../engine/refusals.ts'
import { runCalled } from '../../engine/run-called.ts'
import { shortHash } from '../../playbook/plan.ts'
import { plain } from '../../reports/paint.ts'
import { planText } from '../../reports/run/plan-text.ts'
import type { Run } from '../../run/run.ts'
import { isDecided } from '../../run/tally.ts'
import { code, entities } from '../card/escape.ts'
import { time, whoMay } from '../card/people-words.ts'
import type { Sender } from './interaction.ts'
import type { ReceiverPorts } from './receiver-ports.ts'
import { isOf } from './who-speaks.ts'

/** Waiting runs that are looked through, the newest; the answer has to come within three seconds. */
const LOOKED_THROUGH = 200
const LISTED = 20
/** Characters of a plan that is shown: with its escapes it stays below what Slack takes for one text. */
const LONGEST_PLAN = 2_500

/** What waits for a decision in the sender's workspace: that of this channel first, then the newest first. */
export async function waitingRuns(
  { store }: Pick<ReceiverPorts, 'store'>,
  sender: Sender,
  channel: string,
): Promise<string> {
  const looked = await store.list({ state: ['waiting'], limit: LOOKED_THROUGH })
  const waiting = looked.filter(
    (run) => run.waitingFor === 'approval' && !isDecided(run) && isOf(run.approval?.workspace, sender),
  )
  const isHere = ({ approval }: Run) => approval?.channel === channel
  const ordered = [...waiting.filter(isHere), ...waiting.filter((run) => !isHere(run))]
  const more =
    looked.length < LOOKED_THROUGH
      ? ''
      : ` Only the newest ${LOOKED_THROUGH} waiting runs were looked through.`
  if (ordered.length === 0) return `Nothing waits for a decision.${more}`
  const left = ordered.length > LISTED ? ` ${ordered.length - LISTED} more are not listed.` : ''
  const head = `${ordered.length} ${ordered.length === 1 ? 'waits' : 'wait'} for a decision.${left}${more}`
  return [head, ...ordered.slice(0, LISTED).map((run) => `• ${lineOf(run, isHere(run))}`)].join('\n')
}

function lineOf(
  { id, playbook, target, account, plan, approval, waitingUntil }: Run,
  isHere: boolean,
): string {
  const where = isHere || approval?.channel === undefined ? [] : [`in <#${approval.channel}>`]
  return [
    `\`${id}\` ${code(playbook)} on ${code(target.id)} in ${account}`,
    `plan \`${shortHash(plan?.hash ?? '')}\``,
    ...(waitingUntil === undefined ? [] : [`until ${time(waitingUntil)}`]),
    ...where,
  ].join(', ')
}

/** A run's plan, and where it stands. */
export function showRun(run: Run, now: number): string {
  const text = planText(run, run.playbook, plain)
  const shown = text.length > LONGEST_PLAN ? `${text.slice(0, LONGEST_PLAN)}\n…` : text
  const cut = text.length > LONGEST_PLAN ? [`It goes on: \`rectify runs ${run.id}\` shows all of it.`] : []
  return [fenced(shown), standing(run, now), ...cut].join('\n')
}

function standing(run: Run, now: number): string {
  if (run.waitingFor !== 'approval') return `It is ${run.state}${run.outcome ? ` (${run.outcome})` : ''}.`
  const until = run.waitingUntil === undefined ? '' : ` until ${time(run.waitingUntil)}`
  return `It waits for a decision${until}, by ${whoMay(run, now)}.`
}

/** A block in which Slack parses nothing but its three signs; what would end it is shown by a sign that looks alike. */
function fenced(text: string): string {
  return `\`\`\`\n${entities(text.replaceAll('`', 'ˋ'))}\n\`\`\``
}

/** The run that a person names, by its id or the beginning of it, if it is of their workspace. */
export async function runNamed(
  { store }: Pick<ReceiverPorts, 'store'>,
  sender: Sender,
  name: string | undefined,
): Promise<Run | undefined> {
  if (name === undefined || !/^[0-9A-Za-z]{1,26}$/.test(name)) return undefined
  try {
    const run = await runCalled(store, name.toUpperCase())
    return isOf(run.approval?.workspace, sender) ? run : undefined
  } catch (error) {
    // None, or several: which they are, is not for everybody.
    if (error instanceof BadRequest) return undefined
    throw error
  }
}
