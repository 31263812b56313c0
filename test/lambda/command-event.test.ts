import { expect, test } from '@jest/globals'
import { commandEvent } from '../../src/lambda/incoming/command-event.ts'

const event = (detail: object, source = 'aws.ssm') => ({
  source,
  'detail-type': 'EC2 Command Status-change Notification',
  detail,
})

test.each(['Success', 'TimedOut', 'Cancelled', 'Failed'])('a command that is %s has ended', (status) => {
  const told = event({ 'command-id': 'c-1', status })
  expect(commandEvent(told)).toEqual({ commandId: 'c-1', status, ended: true })
})

test.each(['Pending', 'InProgress', 'Delayed', 'Cancelling'])(
  'a command that is %s runs still: an event of a command all the same, and no finding',
  (status) => {
    const told = event({ 'command-id': 'c-1', status })
    expect(commandEvent(told)).toEqual({ commandId: 'c-1', status, ended: false })
  },
)

test.each([
  ['of another source', event({ 'command-id': 'c-1', status: 'Success' }, 'aws.guardduty')],
  ['without a command', event({ status: 'Success' })],
  ['that is text', 'Success'],
  ['that is null', null],
])('an event %s is none', (_what, body) => {
  expect(commandEvent(body)).toBeUndefined()
})
