import { randomUUID } from 'node:crypto'
import pLimit from 'p-limit'
import { eventsIn, type RawEvent } from '../../findings/events.ts'
import type { Rejection } from '../../findings/finding.ts'
import { parseEvents, parseText } from '../../findings/read.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { type Answering, answering } from '../../reports/triage/answering.ts'
import { eventTexts, type InputOptions } from '../input/events-input.ts'
import type { Stack } from './deployment.ts'

/** Most that a queue takes as one message, in bytes of UTF-8. */
const MAX_MESSAGE_BYTES = 1024 * 1024
/** How many events the rules are asked about at the same time. */
const ASKED_AT_ONCE = 8

export interface Sent {
  event: string
  /** Names of the deployed rules that would have taken it in. */
  matched: string[]
  /** What is in it, and which playbooks of this version act on it. */
  findings: ({ id: string; source: string; type: string } & Answering)[]
}

/** Splits files into events that can be sent, and says what cannot be read. Errors: see `eventTexts`. */
export async function readForSending(
  paths: string[],
  options: InputOptions,
): Promise<{ events: RawEvent[]; rejected: Rejection[] }> {
  const events: RawEvent[] = []
  const rejected: Rejection[] = []
  for await (const one of eventTexts(paths, options)) {
    if ('refused' in one) {
      rejected.push(one.refused)
      continue
    }
    const { name, text } = one
    rejected.push(...parseText(text, name).rejected)
    for (const raw of eventsIn(text, name)) {
      const bytes = Buffer.byteLength(JSON.stringify(raw.value))
      if (bytes <= MAX_MESSAGE_BYTES) events.push(raw)
      else {
        const reason = `${bytes} bytes, more than the ${MAX_MESSAGE_BYTES} that a queue takes`
        rejected.push({ event: raw.event, code: 'tooLarge', reason })
      }
    }
  }
  return { events, rejected }
}

/**
 * Asks the deployed rules about every event before the first is sent. One that no rule takes in would never have
 * arrived by itself: it is only sent with `unmatchedToo`. Each goes with a nonce, so that the same finding handed in
 * again is not taken for a redelivery.
 */
export async function sendEvents(
  events: RawEvent[],
  stack: Stack,
  {
    unmatchedToo,
    playbooks,
    note,
  }: { unmatchedToo: boolean; playbooks: readonly PlaybookHead[]; note: (line: string) => void },
): Promise<{ sent: Sent[]; unmatched: { event: string; reason: string }[] }> {
  const asking = pLimit(ASKED_AT_ONCE)
  const asked = await Promise.all(
    events.map((one) => asking(async () => ({ ...one, matched: await rulesFor(one.value, stack) }))),
  )
  const wanted = asked.filter(({ matched }) => unmatchedToo || matched.length > 0)
  const sent: Sent[] = []
  try {
    for (const { event, value, matched } of wanted) {
      await stack.intake.put(JSON.stringify(value), randomUUID())
      sent.push({ event, matched, findings: answered(value, playbooks) })
    }
  } catch (error) {
    note(`${sent.length} of ${wanted.length} events were sent: ${sent.map(({ event }) => event).join(', ')}`)
    throw error
  }
  const unmatched = asked
    .filter((one) => !wanted.includes(one))
    .map(({ event }) => ({ event, reason: `no rule of stack ${stack.name} takes it in` }))
  return { sent, unmatched }
}

function answered(event: object, playbooks: readonly PlaybookHead[]): Sent['findings'] {
  return parseEvents(event, '').findings.map((finding) => {
    const { id, source, type } = finding
    return { id, source, type, ...answering(finding, playbooks) }
  })
}

/** What is not in EventBridge's envelope cannot come by a rule. */
async function rulesFor(event: object, stack: Stack): Promise<string[]> {
  return 'detail-type' in event && 'source' in event ? stack.matching(event) : []
}
