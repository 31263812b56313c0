import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import type { Job } from '../../src/engine/jobs/jobs.ts'
import type { EnginePorts } from '../../src/engine/ports.ts'
import { leave } from '../../src/engine/waits/leave.ts'
import { nonceOf } from '../../src/queue/intake-queue.ts'
import {
  groupOf,
  jobDeduplicationId,
  jobMessage,
  jobMessages,
  jobOf,
  type Message,
  messageText,
  readMessage,
  wakeDeduplicationId,
} from '../../src/queue/messages.ts'
import { queueWakes } from '../../src/queue/wakes.ts'
import { finding, newWorld } from '../engine/simulated-world.ts'
import { sampleRun } from '../support/sample-run.ts'

const world = newWorld()
const GROUP = 'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1'
const [first, second] = ['one', 'two'].map((id) => finding(world, { source: 'config', type: 'SSH', id }))
const job = (more: Partial<Job> = {}): Job => ({
  playbook: playbooks[0]!,
  target: { resource: GROUP, id: 'sg-1', key: GROUP },
  findings: [first!, second!],
  ...more,
})
const id = jobDeduplicationId

describe('the messages of a job', () => {
  const many = (count: number, length: number) =>
    Array.from({ length: count }, (_, n) => ({ ...first!, id: `finding-${n}`, title: 'ä'.repeat(length) }))

  test('are one where SQS takes it, and else as many as it takes, each with its part and an id of its own', () => {
    expect(jobMessages(job()).map(({ message }) => message)).toEqual([jobMessage(job())])
    const large = job({ findings: many(7, 40_000) })
    const messages = jobMessages(large)
    expect(messages).toHaveLength(4)
    for (const { message } of messages)
      expect(Buffer.byteLength(messageText(message))).toBeLessThan(256 * 1024)
    expect(messages.flatMap(({ of }) => of.findings)).toEqual(large.findings)
    expect(new Set(messages.map(({ of }) => id(of))).size).toBe(4)
  })
})

describe('the deduplication id of a job', () => {
  test('is the same for the same findings, in whatever order they come', () => {
    expect(id(job({ findings: [second!, first!] }))).toBe(id(job()))
    expect(id(job())).toMatch(/^[0-9a-f]{64}$/)
  })

  test('is another one for another version, key or playbook, and for what is over', () => {
    const others = [
      job({ findings: [{ ...first!, version: 'later' }, second!] }),
      job({ target: { resource: GROUP, id: 'sg-1', key: 'another' } }),
      job({ playbook: playbooks[1]! }),
      job({ over: true }),
    ]
    expect(new Set([job(), ...others].map((each) => id(each))).size).toBe(5)
  })

  test('is another one each time a person sends the event once more', () => {
    expect(new Set([id(job()), id(job(), 'a'), id(job(), 'b')]).size).toBe(3)
    expect(id(job(), 'a')).toBe(id(job(), 'a'))
    expect(nonceOf({ nonce: { stringValue: 'a' } })).toBe('a')
    expect(nonceOf({})).toBeUndefined()
  })
})

test('a job survives the queue, and one of a playbook that is gone is not guessed at', () => {
  const message = JSON.parse(JSON.stringify(jobMessage(job({ over: true }))))
  expect(jobOf(message, playbooks)).toEqual(job({ over: true }))
  expect(jobOf({ ...message, playbook: 'gone' }, playbooks)).toBeUndefined()
})

test('a second decision of the same minute wakes the run again, though it leaves the revision as it is', async () => {
  const sent: string[] = []
  const send = async (_message: Message, _resource: string, id: string) => void sent.push(id)
  const waker = { ...queueWakes({ queue: { send }, clock: world.clock }), later: async () => undefined }
  const { decided } = leave(waker)
  const decision = { verdict: 'approve' as const, by: 'ann', at: world.clock.iso(), hash: 'sha256:1' }
  for (const decisions of [[decision], [decision, decision], [decision, decision]])
    await decided({} as EnginePorts, sampleRun({ decisions }))
  expect(new Set(sent).size).toBe(2)
})

test('ids are legal in SQS: at most 128 letters, digits and hyphens', () => {
  const wake = wakeDeduplicationId(['01J00000000000000000000000', 12], 'decision', 29_000_000)
  for (const text of [groupOf(GROUP), id(job()), wake]) {
    expect(text).toMatch(/^[\w-]{1,128}$/)
  }
})

test('a message of version 0.1 says by its old name how long what was undone is left alone', () => {
  const sent = { kind: 'undo', run: 'run-1', by: 'arn', restFor: 'PT1H' }
  const { restFor, ...rest } = sent
  expect(readMessage(JSON.stringify({ ...rest, holdFor: restFor }))).toEqual(sent)
  expect(readMessage(JSON.stringify(sent))).toEqual(sent)
  // And version 0.1 reads what is sent today.
  expect(JSON.parse(messageText(sent as Message))).toMatchObject({ holdFor: 'PT1H' })
  expect(readMessage(messageText(sent as Message))).toEqual(sent)
})
