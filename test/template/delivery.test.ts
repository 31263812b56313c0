import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { leaseMs } from '../../src/engine/drive/lease.ts'
import { MOST_RECEIVES } from '../../src/lambda/incoming/records.ts'
import { canonicalJson } from '../../src/playbook/json.ts'
import type { Matcher } from '../../src/playbook/matchers.ts'
import { pauseAfter } from '../../src/queue/writeback-queue.ts'
import { sampleRun } from '../support/sample-run.ts'
import { textOf } from '../support/source-files.ts'
import { arnOf, type Resource, resourcesOf, template } from './cloudformation.ts'

const main = template('template.yaml').template
const queues = resourcesOf(main, 'AWS::SQS::Queue')
const functions = resourcesOf(main, 'AWS::Serverless::Function')
const properties = (name: string) => main.Resources[name]!.Properties

const ITEM_CHANGE = 'Config Configuration Item Change'

interface EventPattern {
  source: string[]
  'detail-type': string[]
  detail?: object
}

/** What the rules of a template match, each alternative by itself. */
function patternsOf(path: string): EventPattern[] {
  return resourcesOf(template(path).template, 'AWS::Events::Rule').flatMap(([, { Properties }]) => {
    const { $or, ...rest } = Properties.EventPattern
    return ($or ?? [{}]).map((alternative: object) => ({ ...rest, ...alternative }))
  })
}

/** The resource types whose changed items a matcher answers. */
function itemTypes({ source, types }: Matcher): string[] {
  const items = types.filter((type) => source === 'config' && /^(item:|\*)/.test(type))
  const unsaid = items.find((type) => type.includes('*'))
  if (unsaid !== undefined) throw new Error(`template.yaml lists resource types, and cannot say "${unsaid}"`)
  return items.map((type) => type.slice('item:'.length))
}

describe('the queues', () => {
  const sources = queues.filter(([id]) => !id.endsWith('Dlq'))

  test('all have a dead-letter queue of their kind, which keeps its messages for longer', () => {
    expect(sources.map(([id]) => id)).toEqual(['IntakeQueue', 'RunsQueue', 'CardsQueue', 'WritebackQueue'])
    for (const [id, { Properties }] of sources) {
      const dlq = arnOf(Properties.RedrivePolicy.deadLetterTargetArn)
      expect(dlq).toMatch(/Dlq$/)
      expect(properties(dlq).FifoQueue).toBe(Properties.FifoQueue)
      expect(properties(dlq).MessageRetentionPeriod).toBeGreaterThan(Properties.MessageRetentionPeriod)
      // As often as SQS allows where an outage of Slack is waited out.
      if (id === 'CardsQueue') expect(Properties.RedrivePolicy.maxReceiveCount).toBe(1000)
      else if (id !== 'WritebackQueue') expect(Properties.RedrivePolicy.maxReceiveCount).toBe(MOST_RECEIVES)
    }
  })

  test('have detectors told again for a day, in a minute at first and then every hour', () => {
    const attempts = properties('WritebackQueue').RedrivePolicy.maxReceiveCount
    const pauses = Array.from({ length: attempts }, (_, n) => pauseAfter(n + 1))
    expect(pauses.slice(0, 3)).toEqual([60, 120, 240])
    expect(Math.max(...pauses)).toBe(3600)
    const hours = pauses.slice(0, -1).reduce((sum, each) => sum + each, 0) / 3600
    expect([hours >= 23, hours <= 26]).toEqual([true, true])
    expect(hours * 3600).toBeLessThan(properties('WritebackQueue').MessageRetentionPeriod)
  })

  test('deduplicate by content where they are FIFO: the scheduler names no deduplication id', () => {
    const fifo = queues.filter(([, { Properties }]) => Properties.FifoQueue)
    expect(fifo.map(([id]) => id)).toEqual(['RunsQueue', 'RunsDlq', 'CardsQueue', 'CardsDlq'])
    for (const [, { Properties }] of fifo) expect(Properties.ContentBasedDeduplication).toBe(true)
  })

  test('are encrypted', () => {
    for (const [, { Properties }] of queues) expect(Properties.SqsManagedSseEnabled).toBe(true)
  })

  test('show a message again only when the lease of whoever took it is over', () => {
    const lease = leaseMs(sampleRun({ plan: null })) / 1000
    const { Timeout } = properties('RunnerFunction')
    expect(properties('RunsQueue').VisibilityTimeout).toBeGreaterThanOrEqual(lease)
    expect(lease).toBeGreaterThanOrEqual(Timeout + 60)
    for (const name of ['Intake', 'Writeback'])
      expect(properties(`${name}Queue`).VisibilityTimeout).toBeGreaterThanOrEqual(
        6 * properties(`${name}Function`).Timeout,
      )
  })

  test('take from EventBridge what the rules send, from SNS what the topics that were named do, and nothing else', () => {
    const [statement, ofTopics, ...more] = properties('IntakeQueuePolicy').PolicyDocument.Statement
    expect(more).toEqual([])
    const rules = resourcesOf(main, 'AWS::Events::Rule').map(([id]) => id)
    expect(statement.Condition.ArnEquals['aws:SourceArn'].map(arnOf)).toEqual(rules)
    expect(statement.Principal).toEqual({ Service: 'events.amazonaws.com' })
    expect(statement.Resource.map(arnOf)).toEqual(['IntakeQueue', 'IntakeDlq'])
    const [condition, { Resource, ...named }, otherwise] = ofTopics['Fn::If']
    expect([condition, otherwise, arnOf(Resource)]).toEqual([
      'HasTopics',
      { Ref: 'AWS::NoValue' },
      'IntakeQueue',
    ])
    expect(named).toEqual({
      Sid: expect.any(String),
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::Split': [',', { Ref: 'DetectorTopics' }] } } },
    })
  })
})

test('a removal begins with all rules of the stack disabled, so that nothing new comes in', () => {
  const [, disabled = ''] =
    /^for rule in ([^;]+); do aws events disable-rule /m.exec(textOf('docs/operations.md')) ?? []
  const rules = resourcesOf(main, 'AWS::Events::Rule').map(([id]) => id)
  expect(disabled.split(/[\s\\]+/)).toEqual(rules)
})

describe('whatever delivers', () => {
  test('keeps what it could not deliver in a dead-letter queue', () => {
    const rules = resourcesOf(main, 'AWS::Events::Rule').flatMap(([, rule]) => rule.Properties.Targets)
    const schedules = resourcesOf(main, 'AWS::Scheduler::Schedule').map(([, s]) => s.Properties.Target)
    const streams = functions.flatMap(([, { Properties }]) =>
      Object.values((Properties.Events ?? {}) as Record<string, Resource>).filter(
        ({ Type }) => Type === 'DynamoDB',
      ),
    )
    expect([rules.length, schedules.length, streams.length]).toEqual([10, 1, 1])
    for (const { DeadLetterConfig } of [...rules, ...schedules])
      expect(arnOf(DeadLetterConfig.Arn)).toMatch(/Dlq$/)
    for (const { Properties } of streams) {
      expect(arnOf(Properties.DestinationConfig.OnFailure.Destination)).toBe('NotifierDlq')
      expect(Properties).toMatchObject({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 3 })
    }
  })

  test('matches events by source and kind: what is in them is decided by code', () => {
    const alternatives = patternsOf('template.yaml')
    expect(alternatives).toHaveLength(12)
    for (const { detail: _, ...rest } of alternatives)
      expect(Object.keys(rest)).toEqual(['source', 'detail-type'])
    const kinds = alternatives.filter(({ detail }) => !detail).flatMap((one) => one['detail-type'])
    expect(kinds).toEqual([
      'Config Rules Compliance Change',
      'GuardDuty Finding',
      'Security Hub Findings - Imported',
      'Security Hub Findings - Custom Action',
      'Findings Imported V2',
      'Inspector2 Finding',
      'ECR Image Scan',
      'Trusted Advisor Check Item Refresh Notification',
      'Access Analyzer Finding',
      'Internal Access Finding',
      'Unused Access Finding for IAM entities',
      'Macie Finding',
      'AWS Health Event',
      'AWS Health Abuse Event',
    ])
  })

  test('asks of changed resources for those only that a playbook answers, also where only a summary came', () => {
    const answered = playbooks.flatMap(({ answers }) => answers.flatMap(itemTypes))
    const resourceType = [...new Set(answered)].sort()
    expect(resourceType).not.toEqual([])
    const items = patternsOf('template.yaml').filter((one) => one['detail-type'].includes(ITEM_CHANGE))
    expect(items.map(({ detail }) => detail)).toEqual([
      { configurationItem: { resourceType } },
      { configurationItemSummary: { resourceType } },
    ])
  })

  test('asks of calls for those only that a playbook answers', () => {
    const answered = playbooks.flatMap(({ answers }) =>
      answers.flatMap(({ source, types }) => (source === 'cloudtrail' ? types : [])),
    )
    const calls = patternsOf('template.yaml').filter((one) =>
      one['detail-type'].includes('AWS API Call via CloudTrail'),
    )
    const part = (index: number) => [...new Set(answered.map((type) => type.split(':')[index]!))].sort()
    expect(calls).toEqual([
      {
        source: part(0).map((service) => `aws.${service}`),
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: part(1) },
      },
    ])
  })

  test('asks in as many characters as a pattern may have', () => {
    const all = ['template.yaml', 'docs/member-bus.yaml'].flatMap((path) =>
      resourcesOf(template(path).template, 'AWS::Events::Rule'),
    )
    for (const [, { Properties }] of all)
      expect(JSON.stringify(Properties.EventPattern).length).toBeLessThanOrEqual(2_048)
  })

  test('asks of commands for those only that a playbook sends', () => {
    const documents = playbooks.flatMap(({ writes }) =>
      writes.flatMap(({ action, resource }) =>
        action === 'ssm:SendCommand' ? (/:document\/(.+)$/.exec(resource)?.[1] ?? []) : [],
      ),
    )
    const commands = patternsOf('template.yaml').filter((one) =>
      one['detail-type'].includes('EC2 Command Status-change Notification'),
    )
    expect(commands.map(({ detail }) => detail)).toEqual([{ 'document-name': documents }])
  })

  test('is forwarded by a member account as it is matched here', () => {
    const sorted = (path: string) =>
      patternsOf(path)
        .map((pattern) => canonicalJson(pattern))
        .sort()
    expect(sorted('docs/member-bus.yaml')).toEqual(sorted('template.yaml'))
  })

  test('reports partial failures, so that one bad message does not repeat its neighbours', () => {
    const sources = functions.flatMap(([, { Properties }]) =>
      Object.values((Properties.Events ?? {}) as Record<string, Resource>),
    )
    expect(sources).toHaveLength(5)
    for (const source of sources) {
      expect(source.Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures'])
    }
  })
})
