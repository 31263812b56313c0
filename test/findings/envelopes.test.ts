import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { eventsIn } from '../../src/findings/events.ts'
import { parseEvents, parseText } from '../../src/findings/read.ts'
import { onlyFinding, sample } from './hand-written-events.ts'

const PROBE = 'guardduty-port-probe'
const event = sample(PROBE)
const text = JSON.stringify(event)
const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64')
const logs = (...messages: string[]) => ({
  messageType: 'DATA_MESSAGE',
  owner: '999999999999',
  logGroup: '/aws/events/findings',
  logEvents: messages.map((message, n) => ({ id: String(n), timestamp: 1, message })),
})
const sns = (message: string) => ({ Type: 'Notification', MessageId: 'm', TopicArn: 'arn', Message: message })

describe('a finding is the same', () => {
  test.each<[string, unknown]>([
    ['played again from an archive', { ...event, 'replay-name': 'again' }],
    ['from a topic with raw delivery, in a queue', { Records: [{ eventSource: 'aws:sqs', body: text }] }],
    ['from a topic, in a queue', { Records: [{ eventSource: 'aws:sqs', body: JSON.stringify(sns(text)) }] }],
    ['from a topic, in a function', { Records: [{ EventSource: 'aws:sns', Sns: sns(text) }] }],
    [
      'in a record of Kinesis, whose names are those of CloudTrail',
      {
        Records: [
          {
            eventSource: 'aws:kinesis',
            eventName: 'aws:kinesis:record',
            eventID: 'shard:1',
            awsRegion: 'us-west-2',
            kinesis: { data: base64(text), partitionKey: 'k', sequenceNumber: '1' },
          },
        ],
      },
    ],
    ['in a record of Kinesis from a pipe', [{ eventSource: 'aws:kinesis', data: base64(gzipSync(text)) }]],
    ['in a record of Kinesis as it is read', { Records: [{ SequenceNumber: '1', Data: base64(text) }] }],
    [
      'in a record of Firehose that is transformed',
      { invocationId: 'i', deliveryStreamArn: 'arn', records: [{ recordId: '1', data: base64(text) }] },
    ],
    [
      'in a record of Firehose that is delivered',
      { requestId: 'r', timestamp: 1, records: [{ data: base64(`${text}\n`) }] },
    ],
    ['in CloudWatch Logs', { awslogs: { data: base64(gzipSync(JSON.stringify(logs(text)))) } }],
    [
      'in CloudWatch Logs in Firehose',
      { records: [{ recordId: '1', data: base64(gzipSync(JSON.stringify(logs(text)))) }] },
    ],
    [
      'among the dead letters of a function',
      {
        version: '1.0',
        requestContext: { condition: 'RetriesExhausted' },
        requestPayload: event,
        responsePayload: {},
      },
    ],
    ['in base64 of zlib', { body: base64(deflateSync(text)) }],
  ])('%s', (_, wrapped) => {
    expect(onlyFinding(wrapped)).toEqual(onlyFinding(PROBE))
    expect(eventsIn(JSON.stringify(wrapped), 'file').map(({ value }) => value)).toHaveLength(1)
  })

  test('but for what an input transformer dropped and the finding says itself', () => {
    const { detail, region } = event
    expect(onlyFinding({ detail, region })).toEqual(onlyFinding(PROBE))
  })
})

test('each of several in one record or message is found, and has its place', () => {
  const lines = `${text}\n{"no":"event"}\n${text}\n`
  const { findings, rejected } = parseEvents({ records: [{ data: base64(lines) }] }, 'e')
  expect(findings).toHaveLength(2)
  expect(rejected).toMatchObject([{ event: 'e#/records/0/data/1', code: 'unknownShape' }])
  expect(parseEvents(logs(text, text), 'e').findings).toHaveLength(2)
})

test('an event of EventBridge in a stream is handed on as it was on the bus', () => {
  const wrapped = { records: [{ recordId: '1', data: base64(gzipSync(JSON.stringify(logs(text)))) }] }
  expect(eventsIn(JSON.stringify(wrapped), 'f')).toEqual([
    { event: 'f#/records/0/data/logEvents/0/message', value: event },
  ])
})

describe('no finding is', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'a change in a table of DynamoDB',
      {
        eventSource: 'aws:dynamodb',
        eventName: 'INSERT',
        eventID: '1',
        awsRegion: 'us-east-1',
        dynamodb: {},
      },
      /aws:dynamodb/,
    ],
    [
      'a notification of S3',
      { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime: '2026-01-01T00:00:00Z', s3: {} },
      /aws:s3/,
    ],
    [
      'a subscription that asks for confirmation',
      { Type: 'SubscriptionConfirmation', Message: 'm' },
      /confirmation/,
    ],
    [
      'what CloudWatch Logs sends to see whether it can',
      { messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'CWL CONTROL MESSAGE: Checking health' }] },
      /reached/,
    ],
  ])('%s', (_, value, reason) => {
    expect(parseEvents({ Records: [value] }, 'e')).toMatchObject({
      findings: [],
      rejected: [{ event: 'e#/Records/0', code: 'unknownShape', reason: expect.stringMatching(reason) }],
    })
  })
})

describe('what is packed', () => {
  const refused = (data: string) => parseEvents({ body: data }, 'e').rejected

  test('and unpacks to more than an event can be is too large', () => {
    const bomb = base64(gzipSync(`{"a":"${' '.repeat(9 * 1024 * 1024)}"}`))
    expect(refused(bomb)).toMatchObject([{ event: 'e#/body', code: 'tooLarge' }])
  })

  test('in many small records is not unpacked without end', () => {
    const most = base64(gzipSync(`{"a":"${' '.repeat(7 * 1024 * 1024)}"}`))
    const { rejected } = parseEvents({ records: Array.from({ length: 40 }, () => ({ data: most })) }, 'e')
    expect(rejected.filter(({ code }) => code === 'tooLarge').length).toBeGreaterThan(20)
  })

  test.each([
    ['is cut off', base64(gzipSync(text).subarray(0, 100)), /cannot be unpacked/],
    [
      'is aggregated by a library of Kinesis',
      base64(Buffer.from([0xf3, 0x89, 0x9a, 0xc2, 0x0a])),
      /Producer Library/,
    ],
    ['is none at all', 'hello', /not valid JSON|Unexpected/],
  ])('and %s says so', (_, data, reason) => {
    expect(refused(data)).toMatchObject([{ code: 'notJson', reason: expect.stringMatching(reason) }])
  })

  test('in itself without end is refused', () => {
    const layers = Array.from({ length: 9 }).reduce((inner: Buffer) => gzipSync(inner), Buffer.from(text))
    expect(refused(base64(layers as Buffer))).toMatchObject([{ code: 'notJson' }])
  })
})

describe('hostile text', () => {
  test.each<[string, string]>([
    [
      'names of prototypes',
      '{"__proto__":{"source":"aws.config"},"constructor":{"prototype":{"a":1}},"detail":{}}',
    ],
    [
      'huge numbers',
      `{"detail":{"severity":1e999,"n":${'9'.repeat(10_000)}},"detail-type":"GuardDuty Finding"}`,
    ],
    ['lone surrogates', '{"source":"aws.config","detail-type":"\\ud800","detail":{"a":"\\udfff"}}'],
    ['a text of 10 MB', `{"detail":"${'x'.repeat(10_000_000)}"}`],
    ['ten million brackets', `${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}`],
    ['ten million brackets that never close', '['.repeat(10_000_000)],
    ['five million closing brackets', '}'.repeat(5_000_000)],
    ['a million nested envelopes', `${'{"detail":'.repeat(500_000)}{}${'}'.repeat(500_000)}`],
  ])('with %s is answered soon and clearly', (_, hostile) => {
    const start = performance.now()
    const { findings, rejected } = parseText(hostile, 'e')
    expect(performance.now() - start).toBeLessThan(5_000)
    expect(findings).toEqual([])
    expect(rejected).toMatchObject([
      { code: expect.stringMatching(/unknownShape|notJson|tooLarge|missingField/) },
    ])
    expect(({} as Record<string, unknown>).source).toBeUndefined()
  })

  test('of a finding with a prototype of its own gives what it says otherwise', () => {
    const poisoned = text.replace('"detail":{', '"detail":{"__proto__":{"severity":1},')
    expect(parseText(poisoned, 'e').findings).toEqual([onlyFinding(PROBE)])
  })
})
