import { expect } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { isDecided, tally } from '../../../src/run/tally.ts'
import { Life } from '../../engine/killed-process.ts'
import { type Actor, act, type Seen, waitingAbout } from './actors.ts'
import { iamArn, personBy, policyBy, slackId, WORKSPACE } from './people-and-policies.ts'
import type { SlackStack } from './slack-stack.ts'

export const inSlack = (user: string) => `slack:${WORKSPACE}:${slackId(user)}`

export const isSlackWell = ({ slack: { faults } }: SlackStack) =>
  faults.down === undefined && faults.loseAnswers === 0 && faults.limit === 0 && faults.delayMs === 0

/** A click while nobody else works: it is known beforehand what it comes to. */
export async function judgedClick(
  { stack, seen }: { stack: SlackStack; seen: Seen },
  actor: Extract<Actor, { does: 'click' }>,
  dies: number,
): Promise<void> {
  const whispers = stack.slack.state().ephemeral.length
  const befores = new Map((await stack.world.store.list()).map((run) => [run.id, run]))
  const life = new Life(dies)
  const isWell = isSlackWell(stack)
  const clicked = await act(stack, seen, actor, life)
  if (!clicked || life.isOver || !['approve', 'decline'].includes(actor.action)) return
  const run = befores.get(clicked.run)
  const expected = wouldCount(stack, run, inSlack(actor.user), clicked.hash, actor.action)
  const isRecorded = await hasMore(stack, run)
  const what = `${actor.action} by ${actor.user}`
  if (isRecorded || isWell) expect([what, isRecorded]).toEqual([what, expected])
  if (isRecorded || !isWell) return
  const told = stack.slack.state().ephemeral.slice(whispers)
  expect([what, told.map(({ user }) => user)]).toEqual([what, [slackId(actor.user)]])
}

/** The same by the command line, which needs no Slack. */
export async function judgedCli(
  { stack, seen }: { stack: SlackStack; seen: Seen },
  actor: Extract<Actor, { does: 'cli' }>,
  dies: number,
): Promise<void> {
  const run = await waitingAbout(stack, actor.group)
  const expected = wouldCount(stack, run, iamArn(actor.who), run?.plan?.hash ?? '', actor.verdict)
  const life = new Life(dies)
  await act(stack, seen, actor, life)
  if (life.isOver) return
  const what = `${actor.verdict} by ${actor.who} at a terminal`
  expect([what, await hasMore(stack, run)]).toEqual([what, expected])
}

async function hasMore({ world }: SlackStack, before: Run | undefined): Promise<boolean> {
  const after = before && (await world.store.get(before.id))
  return (after?.decisions.length ?? 0) > (before?.decisions.length ?? 0)
}

/** By the rule as people would say it. */
export function wouldCount(
  { clock }: SlackStack,
  run: Run | undefined,
  identity: string,
  hash: string,
  verdict: string,
): boolean {
  if (run?.waitingFor !== 'approval' || run.plan?.hash !== hash) return false
  if (Date.parse(run.waitingUntil ?? '') <= clock.now() || isDecided(run)) return false
  const who = personBy(identity)
  const elapsedMs = clock.now() - Date.parse(run.asked?.at ?? '')
  if (!who || !policyBy(run.approval?.expiresAfter)?.may(who.person, who.way, elapsedMs)) return false
  const asker = run.requestedBy === undefined ? undefined : personBy(run.requestedBy)
  if (verdict === 'approve' ? asker?.person === who.person : run.requestedBy === identity) return false
  if (verdict === 'exempt' && run.undoOf !== undefined) return false
  // An own approval stands against a second one by whatever way, and against a decline by the same.
  return !tally(run).approvals.some(({ by }) =>
    verdict === 'approve' ? personBy(by)?.person === who.person : by === identity,
  )
}
