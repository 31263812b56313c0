import { beforeEach, describe, expect, test } from '@jest/globals'
import type { SQSRecord } from 'aws-lambda'
import type { Reconciled } from '../../src/approvals/sender/reconcile.ts'
import { SlackLimited, SlackUnanswered } from '../../src/approvals/slack-errors.ts'
import { takeGroups } from '../../src/lambda/cards/card-groups.ts'

const told: string[] = []
beforeEach(() => void told.splice(0))

/** Records as `A1`: the first of group A. */
const records = (received: number, ...ids: string[]) =>
  ids.map((messageId) => {
    const attributes = { MessageGroupId: messageId[0], ApproximateReceiveCount: String(received) }
    const body = messageId.endsWith('?')
      ? '{"run":'
      : JSON.stringify({ run: messageId, round: 1, post: true })
    return { messageId, body, attributes } as SQSRecord
  })

/** Runs whose messages fail, by why; undefined: no time is left for it. */
async function taken(given: SQSRecord[], fails: Record<string, unknown>): Promise<string[]> {
  const answer = await takeGroups(
    {
      async reconcile(messages): Promise<Reconciled> {
        const done = messages.findIndex(({ run }) => run in fails)
        if (done < 0) return { done: messages.length }
        const error = fails[messages[done]!.run]
        return error === undefined ? { done } : { done, error }
      },
      comeAgain: async ({ messageId }, seconds) => void told.push(`${messageId} after ${seconds}`),
      failed: ({ messageId }) => void told.push(`${messageId} failed`),
      givenUp: ({ messageId }) => void told.push(`${messageId} given up`),
    },
    given,
  )
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
}

describe('a batch of cards', () => {
  test('sends back what failed with its group behind it, and no other group', async () => {
    const failed = new SlackUnanswered('chat.postMessage', 'timeout')
    expect(await taken(records(1, 'A1', 'B1', 'A2', 'A3', 'B2'), { A2: failed })).toEqual(['A2', 'A3'])
    expect(told).toEqual(['A2 failed', 'A2 after 30', 'A3 after 30'])
  })

  test('comes again when Slack said so, and at once where only time was short', async () => {
    expect(await taken(records(1, 'A1'), { A1: new SlackLimited('chat.postMessage', 77) })).toEqual(['A1'])
    expect(await taken(records(1, 'B1', 'B2'), { B2: undefined })).toEqual(['B2'])
    expect(told).toEqual(['A1 failed', 'A1 after 77', 'B2 after 0'])
  })

  test('of an outage never ends, however often it came', async () => {
    const failed = new SlackUnanswered('chat.postMessage', 'timeout')
    expect(await taken(records(900, 'A1', 'A2'), { A1: failed })).toEqual(['A1', 'A2'])
    expect(told).not.toContain('A1 given up')
  })

  test('that fails by our own mistake is given up after a few times, and what stood behind it is done', async () => {
    const mistake = new RangeError('eleven runs')
    expect(await taken(records(5, 'A1', 'A2'), { A1: mistake })).toEqual(['A1', 'A2'])
    expect(await taken(records(6, 'A1', 'A2', 'A3'), { A1: mistake, A3: mistake })).toEqual([])
    expect(told.slice(3)).toEqual(['A1 given up', 'A3 given up'])
  })

  test('that cannot be read is given up at once', async () => {
    expect(await taken(records(1, 'A1?', 'A2'), {})).toEqual([])
    expect(told).toEqual(['A1? given up'])
  })
})
