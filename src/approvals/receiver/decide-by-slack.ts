import { DONE_BY } from '../../engine/decide/already-decided.ts'
import { decideAs } from '../../engine/decide/decide-as.ts'
import { wakeDecided } from '../../engine/waits/wake-decided.ts'
import { shortHash } from '../../playbook/plan.ts'
import { elapsed } from '../../policy/approvers.ts'
import { slackIdentity } from '../../run/identity.ts'
import type { Decision, Run } from '../../run/run.ts'
import { isDecided } from '../../run/tally.ts'
import type { Bound } from '../card/action-ids.ts'
import { identityText, time, whoMay } from '../card/people-words.ts'
import type { Sender } from './interaction.ts'
import type { ReceiverPorts } from './receiver-ports.ts'
import { type Refused, refused, UNKNOWN_RUN } from './refusal.ts'
import { isOf, speakerFor } from './who-speaks.ts'

/** So often a run is read again that moved while somebody decided about it. */
const ATTEMPTS = 3

export type Word = Pick<Decision, 'verdict' | 'reason' | 'until'>

/** What became of a click: the decision stands in the store, or it was not made. */
export type Decided =
  /** `warning`: what the person should know besides. */
  { kind: 'recorded'; run: Run; warning?: string } | Refused

/** The run, where it is one of the sender's workspace: others learn no more of it than of none. */
export async function runShownTo(
  { store }: Pick<ReceiverPorts, 'store'>,
  sender: Sender,
  id: string,
): Promise<Run | undefined> {
  const run = await store.get(id)
  return run && isOf(run.approval?.workspace, sender) ? run : undefined
}

/**
 * One person's word on the plan that they were shown: one conditional write, and the wake-up of the run. What stands
 * in its way is said as it is in the store, whatever the message in Slack shows.
 */
export async function decideBySlack(
  ports: ReceiverPorts,
  sender: Sender,
  { run: id, hash }: Bound,
  word: Word,
): Promise<Decided> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const run = await runShownTo(ports, sender, id)
    if (!run?.approval) return UNKNOWN_RUN
    const speaking = await speakerFor(ports, sender, run.approval, elapsed(run, ports.clock.now()))
    if (speaking.kind === 'refused') return speaking
    const result = await decideAs(ports, run, { ...word, speaker: speaking.speaker, hash })
    switch (result.kind) {
      case 'recorded':
        return { kind: 'recorded', run: result.run, ...(await woken(ports, result.run)) }
      case 'decided': {
        const stored = result.stored ?? run
        // The wake-up of the decision that stands may have been lost; one more does no harm.
        if (stored.waitingFor === 'approval' && isDecided(stored)) await woken(ports, stored)
        return alreadyStands(result.decision, sender, word)
      }
      case 'late':
        // Nobody has written yet that its time is over: then its card shows it.
        await woken(ports, run, 'sweep')
        return refused('late', 'The time to decide about this was over. Nothing was changed.')
      case 'otherHash':
        return otherPlan(result.hash)
      case 'notWaiting':
        return noLongerWaits((await ports.store.get(id)) ?? run)
      case 'notApprover':
        return notApprover(run, ports.clock.now())
      case 'noExemption':
        return refused('noExemption', 'This takes something back: it cannot be exempted. Decline it instead.')
      case 'ownRequest':
        return refused('ownRequest', 'You asked for this yourself: somebody else must decide about it.')
      case 'changed':
        break
    }
  }
  return refused('busy', 'This changed while you decided. Look at it again, then decide.')
}

/** The run is due from the decision on: where the wake-up is lost, the sweeper finds it. */
async function woken(
  { wakes, log }: ReceiverPorts,
  run: Run,
  why: 'decision' | 'sweep' = 'decision',
): Promise<{ warning?: string }> {
  try {
    if (why === 'decision') await wakeDecided(wakes, run)
    else await wakes.now(run, why, run.revision)
    return {}
  } catch (error) {
    log.failed('a run could not be woken', { run: run.id }, error)
    return { warning: 'Your decision stands. It takes effect within five minutes: the queue did not answer.' }
  }
}

/** Who may not decide is told who may. */
export function notApprover(run: Run, now: number): Refused {
  const text = `You are not among those who may decide about this: ${whoMay(run, now)}.`
  return refused('notApprover', text)
}

export function otherPlan(hash: string): Refused {
  const text = `The plan has changed since you were shown it: it is now \`${shortHash(hash)}\`. Decide on the newest card.`
  return refused('otherHash', text)
}

function noLongerWaits({ state, outcome }: Run): Decided {
  const stands = outcome === null ? state : `${state} (${outcome})`
  return refused('notWaiting', `This no longer waits for a decision: it is ${stands}.`)
}

function alreadyStands({ verdict, by, at }: Decision, { workspace, user }: Sender, word: Word): Decided {
  const own = by === slackIdentity({ workspace, user })
  if (own && verdict === word.verdict) return refused('again', `You ${DONE_BY[verdict]} this already.`)
  return refused('decided', `Already ${DONE_BY[verdict]} by ${identityText(by)}, ${time(at)}. That stands.`)
}

/** What somebody typed, as it is stored: without blanks around, undefined for nothing. */
export function typed(text: string | undefined, most: number): string | undefined {
  const trimmed = text?.trim().slice(0, most)
  return trimmed === '' ? undefined : trimmed
}
