import { describe, expect, test } from '@jest/globals'
import { sourceFiles, textOf } from '../support/source-files.ts'
import { arnOf, list, resourcesOf, template } from './cloudformation.ts'

const OPERATIONS = textOf('docs/operations.md')
const main = template('template.yaml').template
const queues = resourcesOf(main, 'AWS::SQS::Queue')
const alarms = resourcesOf(main, 'AWS::CloudWatch::Alarm')

describe('the alarms', () => {
  test('watch every dead-letter queue', () => {
    const watched = alarms.flatMap(([, { Properties }]) =>
      list(Properties.Dimensions)
        .filter(({ Name }) => Name === 'QueueName')
        .map(({ Value }) => arnOf(Value)),
    )
    const dlqs = queues.map(([id]) => id).filter((id) => id.endsWith('Dlq'))
    expect(dlqs).toHaveLength(6)
    expect(watched).toEqual(expect.arrayContaining(dlqs))
  })

  test.each(['template.yaml', 'docs/member-bus.yaml'])(
    'of %s say what to do, and where that is written',
    (path) => {
      for (const [id, { Properties }] of resourcesOf(template(path).template, 'AWS::CloudWatch::Alarm')) {
        expect(Properties.AlarmDescription).toMatch(
          new RegExp(`^.{40,} docs/operations\\.md#${id.toLowerCase()}$`),
        )
        expect(Properties.AlarmDescription.length).toBeLessThanOrEqual(1024)
        expect(OPERATIONS).toContain(`\n### ${id}\n`)
      }
    },
  )

  test('hear of a sweep from the sweeper only, so that no other word hides that there was none', () => {
    const metric = main.Resources.SweeperAlarm!.Properties.MetricName
    const senders = sourceFiles('src/lambda').filter((file) => textOf(file).includes(`addMetric('${metric}'`))
    expect(senders).toEqual(['src/lambda/sweeper.ts'])
  })

  test('tell somebody', () => {
    for (const [, { Properties }] of alarms)
      expect(Properties.AlarmActions).toEqual([{ Ref: 'NotificationTopic' }])
  })
})
