import { describe, expect, test } from '@jest/globals'
import { eventsIn } from '../../src/findings/events.ts'
import { parseText } from '../../src/findings/read.ts'
import { sample } from './hand-written-events.ts'

const SSH = 'config-compliance-restricted-ssh'
const event = sample(SSH)
const listed = (document: unknown) => eventsIn(JSON.stringify(document), 'file')
const bodied = { body: JSON.stringify(event) }

describe('the events in a text', () => {
  test.each<[string, unknown, string]>([
    ['alone', event, 'file'],
    ['in a list', [event], 'file#/0'],
    ['in an SQS batch', { Records: [bodied] }, 'file#/Records/0/body'],
    [
      'in SNS in SQS',
      { Messages: [{ Body: JSON.stringify({ Type: 'Notification', Message: JSON.stringify(event) }) }] },
      'file#/Messages/0/Body/Message',
    ],
  ])('keep the envelope of EventBridge and lose what is around it: %s', (_, document, name) => {
    expect(listed(document)).toEqual([{ event: name, value: event }])
  })

  test('are named by their line', () => {
    const lines = [JSON.stringify(event), '{"no":"event"}', JSON.stringify({ Records: [bodied] })]
    expect(eventsIn(lines.join('\n'), 'file')).toEqual([
      { event: 'file#/0', value: event },
      { event: 'file#/2/Records/0/body', value: event },
    ])
  })

  test('keep every envelope that is not of EventBridge: it knows when and where', () => {
    const notified = sample(`sns-${SSH}`)
    const [one, ...others] = listed([notified])
    expect(others).toEqual([])
    expect(one).toEqual({ event: 'file#/0', value: notified })
    expect(listed(sample('config-custom-rule-invocation'))).toMatchObject([{ event: 'file' }])
  })

  test('of a detail that lists several findings are one event', () => {
    const { detail, ...envelope } = sample('guardduty-port-probe')
    const two = { ...envelope, detail: { findings: [detail, { ...detail, id: 'another' }] } }
    expect(parseText(JSON.stringify(two), 'x').findings).toHaveLength(2)
    expect(listed([two])).toEqual([{ event: 'file#/0', value: two }])
  })

  test('are only those with a finding in them', () => {
    expect(listed([{ no: 'event' }, event])).toMatchObject([{ event: 'file#/1' }])
    expect(eventsIn('not JSON', 'file')).toEqual([])
    expect(eventsIn('', 'file')).toEqual([])
  })
})
