import { describe, expect, test } from '@jest/globals'
import { parseEvents, parseText } from '../../src/findings/read.ts'
import { onlyFinding, parseSample, sample, sampleText } from './hand-written-events.ts'

describe('envelopes', () => {
  test.each(['sqs-guardduty-port-probe', 'sns-lambda-guardduty-port-probe'])(
    '%s gives the bare finding',
    (name) => {
      expect(onlyFinding(name)).toEqual(onlyFinding('guardduty-port-probe'))
    },
  )

  test('a detail by itself gives the same finding', () => {
    expect(onlyFinding(sample('guardduty-port-probe').detail)).toEqual(onlyFinding('guardduty-port-probe'))
    expect(onlyFinding(sample('config-compliance-restricted-ssh').detail)).toEqual(
      onlyFinding('config-compliance-restricted-ssh'),
    )
  })

  test('SNS with its message as an object, as the documentation prints it, is read', () => {
    const envelope = sample('sns-config-compliance-restricted-ssh')
    envelope.Message = JSON.parse(envelope.Message)
    expect(onlyFinding(envelope)).toEqual(onlyFinding('config-compliance-restricted-ssh'))
  })

  test('the first and the last record are read although those between are bad, and each bad one has its place', () => {
    const { findings, rejected } = parseSample('sqs-mixed-with-bad-records')
    expect(findings.map((each) => each.source)).toEqual(['guardduty', 'config'])
    expect(rejected).toMatchObject([
      { event: 'sqs-mixed-with-bad-records.json#/Records/1/body', code: 'notJson' },
      {
        event: 'sqs-mixed-with-bad-records.json#/Records/2/body',
        code: 'missingField',
        field: 'detail.resourceId',
      },
    ])
  })

  const wrapped = (times: number): unknown =>
    Array.from({ length: times }).reduce((inner) => [inner], sample('guardduty-port-probe'))

  test('thirty-one envelopes around an EventBridge event are taken off, one more is too deep', () => {
    expect(parseEvents(wrapped(31), 'e').findings).toHaveLength(1)
    expect(parseEvents(wrapped(32), 'e')).toMatchObject({
      findings: [],
      rejected: [{ code: 'unknownShape' }],
    })
  })

  test('a document nested a million deep is refused, not died of', () => {
    const text = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    expect(parseText(text, 'e').rejected).toMatchObject([{ code: 'unknownShape' }])
  })
})

describe('text', () => {
  const line = (name: string) => JSON.stringify(sample(name))

  test('of JSON lines is read line by line, a broken line is named and costs no other', () => {
    const text = `${line('guardduty-port-probe')}\n\n{"broken":\r\n${line('config-compliance-patch')}\r\n`
    const { findings, rejected } = parseText(text, 'events.jsonl')
    expect(findings.map((each) => each.source)).toEqual(['guardduty', 'config'])
    expect(rejected).toMatchObject([
      { event: 'events.jsonl#/2', code: 'notJson', reason: expect.stringMatching(/^line 3: /) },
    ])
  })

  test.each([
    ['', 1],
    ['hello', 1],
    ['{\n  "a": 1,\n  "b": oops\n}\n', 3],
    ['{\n  "a": 1,\n  "b": 2\n', 3],
    ['{\n  "a": "x\n  y"\n}', 2],
    ['[\n  {},\n  {}\n]]\n', 4],
  ])('%j is not JSON from line %d on', (text, number) => {
    expect(parseText(text, 'e.json').rejected).toMatchObject([
      { event: 'e.json', code: 'notJson', reason: expect.stringMatching(new RegExp(`^line ${number}: `)) },
    ])
  })

  test('with a byte order mark is read', () => {
    expect(parseText(`\uFEFF${sampleText('guardduty-port-probe')}`, 'e').findings).toHaveLength(1)
  })

  const padding = ' '.repeat(8 * 1024 * 1024)

  test('of more than 8 MB is too large, unless it is lines that are not', () => {
    const large = `{"a":"${padding}"}`
    expect(parseText(large, 'e').rejected).toMatchObject([{ event: 'e', code: 'tooLarge' }])
    const { findings, rejected } = parseText(`${line('guardduty-port-probe')}\n${large}`, 'e')
    expect(findings).toHaveLength(1)
    expect(rejected).toMatchObject([
      { event: 'e#/1', code: 'tooLarge', reason: expect.stringMatching(/^line 2: /) },
    ])
  })
})

test.each([
  [null],
  [42],
  ['a text'],
  [[]],
  [{}],
  [{ Records: [] }],
  [
    {
      source: 'com.acme',
      'detail-type': 'Something of Ours',
      detail: { state: 'running' },
    },
  ],
])('%j holds no event', (value) => {
  expect(parseEvents(value, 'e')).toMatchObject({
    findings: [],
    rejected: [{ event: 'e', code: 'unknownShape' }],
  })
})

test('an event without its detail misses that', () => {
  const { detail, ...event } = sample('guardduty-port-probe')
  expect(detail).toBeDefined()
  expect(parseEvents(event, 'e').rejected).toMatchObject([{ code: 'missingField', field: 'detail' }])
})

test.each<[string, string, object]>([
  [
    'cloudtrail',
    'detail.eventID',
    { source: 'aws.config', 'detail-type': 'AWS API Call via CloudTrail', detail: {} },
  ],
  ['health', 'detail.eventArn', { source: 'aws.health', 'detail-type': 'AWS Health Event', detail: {} }],
  [
    'malware',
    'detail',
    { source: 'aws.guardduty', 'detail-type': 'GuardDuty Malware Protection Object Scan Result' },
  ],
])('an event of a known sender that is empty misses what it is about: %s', (_, field, event) => {
  const { findings, rejected } = parseEvents(event, 'e')
  expect(findings).toEqual([])
  expect(rejected).toMatchObject([{ code: 'missingField', field }])
})

test('what has names of CloudTrail and is no record of it has no known shape', () => {
  const record = { eventName: 'RunInstances', eventSource: 'ec2.amazonaws.com' }
  expect(parseEvents({ Records: [record] }, 'e').rejected).toMatchObject([{ code: 'unknownShape' }])
})
