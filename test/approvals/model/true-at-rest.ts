import { expect } from '@jest/globals'
import { rendered } from '../../../src/approvals/sender/shown-card.ts'
import { canBeUndone } from '../../../src/engine/change/applied-steps.ts'
import type { Run } from '../../../src/run/run.ts'
import { isDecided } from '../../../src/run/tally.ts'
import { asks, isShown } from '../../../src/run/told.ts'
import { buttonsOf, cardIdOf, messagesOf } from './shown-in-slack.ts'
import type { SlackStack } from './slack-stack.ts'

const DECIDING = ['approve', 'decline', 'exempt', 'approve_all']

/** How often the message of a card was deleted, and whether it asked the last time. */
export type Deletions = Map<string, { times: number; isAsking: boolean }>

/**
 * What is in Slack once nothing is under way: each card once, as a fresh look at its runs would show it; each run that
 * asks on one card, and no button that could not count.
 */
export async function trueAtRest(stack: SlackStack, deletions: Deletions): Promise<void> {
  const runs = new Map((await stack.world.store.list()).map((run) => [run.id, run]))
  await eachCardIsTrue(stack)
  const buttons = buttonsOf(stack)
  for (const { action, about } of buttons) {
    const its = about.map(({ run, hash }) => ({ run: runs.get(run), hash }))
    expect(its.length).toBeGreaterThan(0)
    for (const { run, hash } of its)
      expect([action, run?.id, mayCount(stack, action, run, hash)]).toContain(true)
  }
  for (const run of runs.values()) {
    if (run.approval?.channel === undefined) continue
    const card = await stack.cards.store.cardOf(run.id)
    const wasDeleted = card !== undefined && deletions.has(card.id)
    if (asks(run)) {
      const asking = buttons.filter(
        ({ action, about }) => action === 'approve' && about.some((one) => one.run === run.id),
      )
      expect([run.id, asking.length]).toEqual([run.id, wasDeleted ? Math.min(asking.length, 1) : 1])
      expect(card?.runs.find((entry) => entry.run === run.id)?.round).toBe(run.round)
    }
    if (isShown(run)) expect([run.id, card?.ts]).toEqual([run.id, expect.any(String)])
  }
}

async function eachCardIsTrue(stack: SlackStack): Promise<void> {
  const messages = messagesOf(stack)
  const ids = messages.map(cardIdOf)
  expect(ids).toEqual([...new Set(ids)])
  for (const [n, message] of messages.entries()) {
    const card = await stack.cards.store.card(ids[n]!)
    expect([ids[n], card?.ts]).toEqual([ids[n], message.ts])
    const view = await rendered(stack.cards.ports(stack.world.store), card!)
    expect(message.text).toBe(view?.content.text)
    expect(withoutIds(message.blocks)).toEqual(withoutIds(view?.content.blocks))
    const said = message.replies.map(({ metadata, files, text }) => {
      const its = metadata?.event_payload as { reply?: string } | undefined
      return its?.reply ?? (files.length > 0 ? JSON.stringify(files.map(({ name }) => name)) : text)
    })
    expect(said).toEqual([...new Set(said)])
  }
}

/** Whether a click on it would do something. */
function mayCount({ clock }: SlackStack, action: string, run: Run | undefined, hash: string): boolean {
  if (!run || run.plan?.hash !== hash) return false
  if (action === 'details') return true
  if (action === 'undo') return run.state === 'closed' && canBeUndone(run)
  const isInTime = Date.parse(run.waitingUntil ?? '') > clock.now()
  return DECIDING.includes(action) && asks(run) && !isDecided(run) && isInTime
}

/** Slack gives each block an id where it has none. */
const withoutIds = (blocks: unknown): unknown =>
  JSON.parse(JSON.stringify(blocks ?? [], (key, value) => (key === 'block_id' ? undefined : value)))

/**
 * Once everything has ended: a card that somebody took away while it asked stands again, if that was once and it is the
 * newest of one of its runs.
 */
export async function deletedStandAgain(stack: SlackStack, deletions: Deletions): Promise<void> {
  const standing = messagesOf(stack).map(cardIdOf)
  for (const [id, { times, isAsking }] of deletions) {
    if (times > 1 || !isAsking) continue
    const { runs = [] } = (await stack.cards.store.card(id)) ?? {}
    const newest = await Promise.all(
      runs.map(async ({ run, round }) => (await stack.world.store.get(run))?.round === round),
    )
    if (newest.includes(true)) expect(standing).toContain(id)
  }
}
