import { expect } from '@jest/globals'
import { rendered } from '../../../src/approvals/sender/shown-card.ts'
import { asks } from '../../../src/run/told.ts'
import type { CardsAtWork } from './cards-at-work.ts'

/** Each card is one message and shows its runs as they stand; who asks is asked on one card; nothing is said twice. */
export async function toldTruly(at: CardsAtWork): Promise<void> {
  const messages = at.slack.cards()
  const ids = messages.map(({ metadata }) => metadata?.event_payload.card ?? 'not ours')
  expect(ids).toEqual([...new Set(ids)])
  for (const [n, id] of ids.entries()) {
    const card = await at.cards.card(id)
    expect(card?.ts).toBe(messages[n]!.ts)
    expect(messages[n]!.text).toBe((await rendered(at.ports(), card!))?.content.text)
    const said = at.slack
      .threadOf(messages[n]!)
      .map(({ text, metadata }) => metadata?.event_payload.reply ?? text)
    expect(said).toEqual([...new Set(said)])
  }
  const lines = messages.flatMap(({ text }) => text.split('\n'))
  for (const run of [...at.runs.values()].filter(asks)) {
    const its = lines.filter((line) => line.startsWith(`${run.id} `) && !line.includes('superseded'))
    expect(its).toEqual([expect.stringContaining(`waiting/approval ${run.decisions.length} decided`)])
  }
}
