import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../../playbook/json.ts'
import type { Card, CardRun } from '../../run/card.ts'
import type { Run } from '../../run/run.ts'
import { asks } from '../../run/told.ts'
import type { Content, Reply, SenderPorts, ShownRun } from './sender-ports.ts'

/** What a card is to show now. */
export interface Rendered {
  content: Content
  /** The same for the same content. */
  digest: string
  replies: Reply[]
}

/** Renders a card by its runs as they stand; runs that are gone are left out. Undefined where none is left. */
export async function rendered(ports: SenderPorts, card: Card): Promise<Rendered | undefined> {
  const found = await Promise.all(card.runs.map(({ run }) => ports.runs.get(run)))
  const shown = card.runs.flatMap((entry, n) => (found[n] ? [shownRun(card, entry, found[n])] : []))
  if (shown.length === 0) return undefined
  const now = ports.clock.now()
  const content = ports.render.message(card, shown, now)
  const digest = createHash('sha256')
    .update(canonicalJson(content as unknown as Json))
    .digest('hex')
  return { content, digest, replies: ports.render.replies(card, shown, now) }
}

function shownRun(card: Card, { round, replaces, supersededBy }: CardRun, run: Run): ShownRun {
  const formerLines = card.formerPlans?.[run.id]
  return {
    run,
    isSuperseded: supersededBy !== undefined || (round < run.round && asks(run)),
    ...(supersededBy?.url !== undefined && { newer: supersededBy.url }),
    ...(replaces?.url !== undefined && { former: replaces.url }),
    ...(formerLines && { formerLines }),
  }
}

/** A longer plan is not kept for comparison (characters): all of it stands in the thread. */
const MOST_KEPT = 20_000

/** The plan's lines, as a card keeps them. */
export function keptPlan({ render }: SenderPorts, run: Run): Record<string, string[]> {
  const lines = render.planLines(run)
  return JSON.stringify(lines).length > MOST_KEPT ? {} : { [run.id]: lines }
}
