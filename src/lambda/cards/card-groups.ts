import type { SQSBatchResponse, SQSRecord } from 'aws-lambda'
import { secondsUntilAgain } from '../../approvals/sender/come-later.ts'
import type { Reconciled } from '../../approvals/sender/reconcile.ts'
import { type CardMessage, readCardMessage } from '../../queue/cards-queue.ts'

/** What the groups of a batch need; what it tells is for logs and metrics. */
export interface GroupPorts {
  /** Carries messages of one group out, in order: see `reconcile`. */
  reconcile(messages: readonly CardMessage[]): Promise<Reconciled>
  /** Lets a message come again after so many seconds. */
  comeAgain(record: SQSRecord, seconds: number): Promise<void>
  failed(record: SQSRecord, error: unknown): void
  /** Is not tried again. */
  givenUp(record: SQSRecord, error: unknown): void
}

/** What is wrong with us, and stays wrong, is tried so often: what stands behind it shall be shown. */
const MOST_TRIES = 5

const isOurs = (error: unknown) =>
  error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError

/**
 * Takes a batch of the queue of cards, its groups side by side. What fails comes again with all of its group behind it,
 * so that the order stays; an outage of Slack ends no message.
 */
export async function takeGroups(
  ports: GroupPorts,
  records: readonly SQSRecord[],
): Promise<SQSBatchResponse> {
  const groups = Map.groupBy(records, ({ attributes }) => attributes.MessageGroupId)
  const again = await Promise.all([...groups.values()].map((group) => takeGroup(ports, group)))
  return { batchItemFailures: again.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) }
}

/** @returns the records that come again */
async function takeGroup(ports: GroupPorts, group: readonly SQSRecord[]): Promise<SQSRecord[]> {
  let left = group.filter((record) => isReadable(ports, record))
  while (left.length > 0) {
    const { done, error } = await ports.reconcile(left.map(({ body }) => readCardMessage(body)))
    left = left.slice(done)
    const [first] = left
    if (!first) break
    const tries = Number(first.attributes.ApproximateReceiveCount)
    const isFinal = isOurs(error) && tries > MOST_TRIES
    if (!isFinal) {
      if (error !== undefined) ports.failed(first, error)
      const seconds = error === undefined ? 0 : secondsUntilAgain(error, tries)
      await Promise.all(left.map((record) => ports.comeAgain(record, seconds)))
      break
    }
    ports.givenUp(first, error)
    left = left.slice(1)
  }
  return left
}

function isReadable(ports: GroupPorts, record: SQSRecord): boolean {
  try {
    readCardMessage(record.body)
    return true
  } catch (error) {
    ports.givenUp(record, error)
    return false
  }
}
