import { expect, test } from '@jest/globals'
import { invocationsIn } from '../../../bench/storm/invocations.ts'

const report = (id: string, ms: number) =>
  `REPORT RequestId: ${id}\tDuration: ${ms} ms\tBilled Duration: ${ms} ms\tMemory Size: 512 MB\tMax Memory Used: 0 MB`
const metric = (dimensions: string[], values: object) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [
        { Namespace: 'Rectify', Dimensions: [dimensions], Metrics: [{ Name: 'RunsClosed' }] },
      ],
    },
    ...values,
  })

test('the logs of a function tell its invocations, their time and memory, and its own metrics', () => {
  const messages = [
    'START RequestId: a Version: $LATEST',
    metric(['service'], { service: 'rectify', RunsClosed: 1 }),
    metric(['service', 'outcome'], { service: 'rectify', outcome: 'remediated', RunsClosed: 1 }),
    metric(['service'], { service: 'rectify', RunsClosed: 2 }),
    report('a', 120),
    report('b', 80.5),
  ]
  expect(invocationsIn(messages)).toEqual({
    count: 2,
    ms: 200.5,
    memoryMb: 512,
    logBytes: messages.join('').length + 6 * 26,
    metrics: ['RunsClosed service=rectify', 'RunsClosed service=rectify outcome=remediated'],
  })
})
