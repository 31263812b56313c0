import type { CardReply } from '../../run/card.ts'
import { isSetUp } from '../refusal-codes.ts'
import { SlackRefused } from '../slack-errors.ts'
import type { HeldCard } from './held-card.ts'
import { isoNow, whenSent } from './post-card.ts'
import type { Reply, SenderPorts } from './sender-ports.ts'

const REPLY_EVENT = 'rectify_reply'

/** Whether that has been said in the thread, or cannot be. */
const isSaid = (reply: CardReply | undefined) => reply?.ts !== undefined || reply?.refused !== undefined

export const unsaid = (thread: Record<string, CardReply>, replies: readonly Reply[]): Reply[] =>
  replies.filter(({ key }) => !isSaid(thread[key]))

/** Says in the thread of a held card what has not been said yet, each once. */
export async function saidInThread(
  ports: SenderPorts,
  taken: HeldCard,
  replies: readonly Reply[],
): Promise<void> {
  for (const reply of unsaid(taken.card.thread, replies)) {
    const said = await saidOnce(ports, taken, reply)
    await taken.save({ thread: { ...taken.card.thread, [reply.key]: said } })
  }
}

async function saidOnce(ports: SenderPorts, taken: HeldCard, reply: Reply): Promise<CardReply> {
  const { id, channel, thread } = taken.card
  const since = thread[reply.key]?.since
  try {
    const found = since === undefined ? undefined : await foundInThread(ports, taken, reply, since)
    if (found) return found
    if (since === undefined)
      await taken.save({ thread: { ...thread, [reply.key]: { since: isoNow(ports) } } })
    const ts = await taken.call(() => said(ports, taken, reply))
    ports.told({ kind: 'replied', card: id, channel })
    return { ts }
  } catch (error) {
    // The card itself says what is true. What its thread would have said besides is told as refused, not tried for ever.
    if (!(error instanceof SlackRefused) || isSetUp(error)) throw error
    ports.told({ kind: 'refused', about: id, error })
    return { refused: error.code }
  }
}

async function said({ slack }: SenderPorts, { card }: HeldCard, reply: Reply): Promise<string> {
  const { id, channel, ts: thread = '' } = card
  if (reply.file) {
    const { name, content } = reply.file
    await slack.uploadFile({ channel, thread, name, title: name, content, comment: reply.text })
    // Slack tells no `ts` of the message that a file comes with.
    return 'file'
  }
  const metadata = { event_type: REPLY_EVENT, event_payload: { card: id, reply: reply.key } }
  return (await slack.postMessage({ channel, thread, text: reply.text, metadata })).ts
}

async function foundInThread(
  { slack }: SenderPorts,
  taken: HeldCard,
  reply: Reply,
  since: string,
): Promise<CardReply | undefined> {
  const { channel, ts: thread = '' } = taken.card
  const { oldest } = whenSent(since)
  const filter = { channel, thread, oldest }
  const messages = await taken.call(() => slack.history(filter))
  const its = messages.find(({ files, metadata }) =>
    reply.file
      ? files?.some(({ name }) => name === reply.file?.name)
      : metadata?.event_type === REPLY_EVENT && metadata.event_payload.reply === reply.key,
  )
  return its && { ts: its.ts }
}
