import { isHashOf } from '../../playbook/plan.ts'
import { elapsed, groundsOf } from '../../policy/approvers.ts'
import { ACTION, allBoundIn, type Bound, boundIn } from '../card/action-ids.ts'
import { declineReasonModal, detailsModal, exemptModal } from '../card/modals.ts'
import { onceEach } from '../once-each.ts'
import { decideBySlack, notApprover, otherPlan, runShownTo } from './decide-by-slack.ts'
import type { Click } from './interaction.ts'
import { attemptOf, refuse, tell } from './private-word.ts'
import type { ReceiverPorts } from './receiver-ports.ts'
import { type Refused, UNKNOWN_RUN } from './refusal.ts'
import type { SlackResponse } from './slack-request.ts'
import { type Seal, undoBySlack } from './undo-by-slack.ts'
import { memberFor, speakerFor } from './who-speaks.ts'

/** Plans of a digest that are approved at once, at most: a value of 2,000 characters holds no more. */
const MOST_AT_ONCE = 25

const DONE: SlackResponse = { status: 200 }
/** Signed, and yet no button of ours says so. */
const UNREADABLE: SlackResponse = { status: 400 }

/** A click on a button of a card. What comes of it is shown by the card; why nothing does is told to the clicker. */
export async function clicked(given: ReceiverPorts, click: Click, seal: Seal): Promise<SlackResponse> {
  const { action, value } = click
  if (action === ACTION.approveAll) {
    const plans = allBoundIn(value)
    if (!plans || plans.length > MOST_AT_ONCE || !differ(plans)) return UNREADABLE
    return approveAll({ ...given, slack: onceEach(given.slack) }, click, plans)
  }
  if (!(Object.values(ACTION) as string[]).includes(action)) return DONE
  const plan = boundIn(value)
  if (!plan) return UNREADABLE
  switch (action) {
    case ACTION.approve:
      return approve(given, click, plan)
    case ACTION.decline:
      return decline(given, click, plan)
    case ACTION.exempt:
      return askForExemption(given, click, plan)
    case ACTION.details:
      return showDetails(given, click, plan)
    default:
      return undo(given, click, plan, seal)
  }
}

const differ = (plans: readonly Bound[]) => new Set(plans.map(({ run }) => run)).size === plans.length

async function approve(ports: ReceiverPorts, click: Click, plan: Bound): Promise<SlackResponse> {
  const decided = await decideBySlack(ports, click.sender, plan, { verdict: 'approve' })
  if (decided.kind === 'refused') await refuse(ports, click, decided, plan.run)
  else await done(ports, click, plan.run, decided.warning)
  return DONE
}

/** Each run for itself: what stands in the way of one does not keep the others. */
async function approveAll(
  ports: ReceiverPorts,
  click: Click,
  plans: readonly Bound[],
): Promise<SlackResponse> {
  const words = await Promise.all(
    plans.map(async (plan) => {
      const decided = await decideBySlack(ports, click.sender, plan, { verdict: 'approve' })
      if (decided.kind === 'recorded') {
        ports.log.done(attemptOf(click, plan.run))
        return decided.warning
      }
      ports.log.refused(attemptOf(click, plan.run), decided.refusal.why)
      return decided.refusal.text
    }),
  )
  const told = plans.flatMap(({ run }, index) => (words[index] ? `\`${run}\`: ${words[index]}` : []))
  if (told.length > 0) await tell(ports, click, told.join('\n'))
  return DONE
}

/** Declines at once: whoever closes the form has declined all the same, without a reason. */
async function decline(ports: ReceiverPorts, click: Click, plan: Bound): Promise<SlackResponse> {
  const decided = await decideBySlack(ports, click.sender, plan, { verdict: 'decline' })
  if (decided.kind === 'refused') {
    await refuse(ports, click, decided, plan.run)
    return DONE
  }
  await done(ports, click, plan.run, decided.warning)
  await open(ports, click, declineReasonModal(decided.run), 'You declined it, and that stands.')
  return DONE
}

/** Nothing is decided until the form comes back; who could not decide is not asked to fill it in. */
async function askForExemption(ports: ReceiverPorts, click: Click, plan: Bound): Promise<SlackResponse> {
  const { clock } = ports
  const run = await runShownTo(ports, click.sender, plan.run)
  if (!run?.approval) return notDone(UNKNOWN_RUN)
  const since = elapsed(run, clock.now())
  const speaking = await speakerFor(ports, click.sender, run.approval, since)
  if (speaking.kind === 'refused') return notDone(speaking)
  if (!groundsOf(run.approval, speaking.speaker, since)) return notDone(notApprover(run, clock.now()))
  if (run.plan && !isHashOf(plan.hash, run.plan)) return notDone(otherPlan(run.plan.hash))
  await open(ports, click, exemptModal(run))
  return DONE

  async function notDone(why: Refused): Promise<SlackResponse> {
    await refuse(ports, click, why, plan.run)
    return DONE
  }
}

/** The whole plan, for members of the workspace: guests see what the channel shows. */
async function showDetails(ports: ReceiverPorts, click: Click, plan: Bound): Promise<SlackResponse> {
  const run = await runShownTo(ports, click.sender, plan.run)
  const workspace = run?.approval?.workspace
  if (!run || workspace === undefined) {
    await refuse(ports, click, UNKNOWN_RUN, plan.run)
    return DONE
  }
  const member = await memberFor(ports, click.sender, workspace)
  if (member.kind === 'refused') await refuse(ports, click, member, plan.run)
  else await open(ports, click, detailsModal(run, ports.clock.now()))
  return DONE
}

async function undo(ports: ReceiverPorts, click: Click, { run }: Bound, seal: Seal): Promise<SlackResponse> {
  const undone = await undoBySlack(ports, click.sender, run, seal)
  if (undone.kind === 'refused') await refuse(ports, click, undone, run)
  else await done(ports, click, run)
  return DONE
}

async function done(ports: ReceiverPorts, click: Click, run: string, warning?: string): Promise<void> {
  ports.log.done(attemptOf(click, run))
  if (warning !== undefined) await tell(ports, click, warning)
}

/** Opens a modal, for which Slack gives three seconds from the click. */
async function open(ports: ReceiverPorts, click: Click, view: object, before = ''): Promise<void> {
  try {
    if (click.trigger === undefined) throw new Error('the click has no trigger_id')
    await ports.slack.openView(click.trigger, view)
  } catch (error) {
    ports.log.failed('a modal was not opened', attemptOf(click), error)
    const what = before === '' ? 'Nothing was done: click again.' : 'No reason is kept with it.'
    await tell(ports, click, `${before} Slack did not open the form. ${what}`.trim())
  }
}
