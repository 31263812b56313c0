import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { answerers } from '../../src/engine/jobs/jobs.ts'
import { eventsIn } from '../../src/findings/events.ts'
import { parseEvents } from '../../src/findings/read.ts'
import { commitKey, lockKey, noticeKey, runKey } from '../../src/store/dynamodb/keys.ts'
import { CORPUS } from '../support/event-corpus.ts'
import { askRuler, type Question } from '../support/event-ruler.ts'
import { resourcesOf, template } from './cloudformation.ts'

type Pattern = Record<string, unknown>

const patterns = (path: string) =>
  resourcesOf(template(path).template, 'AWS::Events::Rule').map(([id, { Properties }]): [string, Pattern] => [
    id,
    Properties.EventPattern,
  ])
const hub = patterns('template.yaml')
const member = patterns('docs/member-bus.yaml')
const stream: Pattern = JSON.parse(
  template('template.yaml').template.Resources.NotifierFunction!.Properties.Events.Commits.Properties
    .FilterCriteria.Filters[0].Pattern,
)

/** The events of EventBridge in the samples, and in the corpus of real ones where there is one. */
const FOLDERS = [join(import.meta.dirname, '../events'), CORPUS].filter((folder) => existsSync(folder))
const samples = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => eventsIn(readFileSync(join(folder, name), 'utf8'), name)),
).filter(({ value }) => 'source' in value && 'detail-type' in value)

const answered = (event: object) =>
  parseEvents(event, 'event').findings.some((finding) => answerers(playbooks, finding, {}).length > 0)

/** What EventBridge says of Run Command, and what it says that is nobody's here. */
const command = (what: string): object => ({
  source: 'aws.ssm',
  'detail-type': `EC2 Command ${what}Status-change Notification`,
  detail: { 'command-id': 'c-1', 'document-name': 'AWS-RunPatchBaseline', status: 'Success' },
})
const STRANGERS: [what: string, event: object][] = [
  ['a call', { source: 'aws.ec2', 'detail-type': 'AWS API Call via CloudTrail', detail: {} }],
  ['a sign-in', { source: 'aws.signin', 'detail-type': 'AWS Console Sign In via CloudTrail', detail: {} }],
  [
    'a snapshot of Config',
    { source: 'aws.config', 'detail-type': 'Config Snapshot Delivery Status', detail: {} },
  ],
  [
    'our own kind of event from somebody else',
    { source: 'my.app', 'detail-type': 'GuardDuty Finding', detail: {} },
  ],
  ['a parameter', { source: 'aws.ssm', 'detail-type': 'Parameter Store Change', detail: {} }],
]
const change = (eventName: string, Keys: object): object => ({ eventName, dynamodb: { Keys } })

const events = [
  ...samples.map(({ value }) => value),
  ...STRANGERS.map(([, event]) => event),
  command(''),
  command('Invocation '),
]
const changes = [
  change('INSERT', runKey('r-1')),
  change('MODIFY', runKey('r-1')),
  change('REMOVE', runKey('r-1')),
  change('INSERT', commitKey('r-1', 1)),
  change('INSERT', lockKey('arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1')),
  change('INSERT', noticeKey('r-1', 1)),
]
const questions: Question[] = [
  ...[...hub, ...member].flatMap(([, pattern]) => events.map((event) => ({ pattern, event }))),
  ...changes.map((event) => ({ pattern: stream, event })),
]

const asked = askRuler(questions)
if ('missing' in asked)
  process.stderr.write(
    `SKIPPED: event patterns are not held against AWS's own matcher, which needs Java 11 and Maven. ${asked.missing}\n`,
  )

const described = 'missing' in asked ? describe.skip : describe
described("AWS's own matcher", () => {
  const key = ({ pattern, event }: Question) => JSON.stringify([pattern, event])
  const given = 'answers' in asked ? asked.answers : []
  const answers = new Map(questions.map((question, index) => [key(question), given[index]]))
  const says = (pattern: Pattern, event: object) => answers.get(key({ pattern, event }))
  const taking = (rules: [string, Pattern][], event: object) =>
    rules.filter(([, pattern]) => says(pattern, event) === true).map(([id]) => id)

  test('takes every pattern', () => {
    expect(given).toHaveLength(questions.length)
    expect(given.filter((answer) => typeof answer === 'string')).toEqual([])
  })

  test('lets every event in that a playbook answers, by one rule', () => {
    const wanted = samples.filter(({ value }) => answered(value))
    expect(wanted.length).toBeGreaterThan(5)
    for (const { event, value } of wanted)
      expect({ event, by: taking(hub, value) }).toEqual({ event, by: [expect.any(String)] })
  })

  test('lets both ends of a patch run in', () => {
    for (const what of ['', 'Invocation ']) expect(taking(hub, command(what))).toEqual(['SsmRule'])
  })

  test.each(STRANGERS)('keeps %s out', (_what, event) => {
    expect(taking(hub, event)).toEqual([])
  })

  test('forwards from a member what the hub takes in, and nothing else', () => {
    for (const event of events)
      expect({ event, forwarded: taking(member, event).length > 0 }).toEqual({
        event,
        forwarded: taking(hub, event).length > 0,
      })
  })

  test('hands the notifier what is stored of a run and has not expired, and nothing else of the table', () => {
    expect(changes.map((event) => says(stream, event))).toEqual([true, true, false, false, false, false])
  })
})
