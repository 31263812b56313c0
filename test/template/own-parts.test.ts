import { expect, test } from '@jest/globals'
import { ownPart } from '../../src/engine/own/own-parts.ts'
import { ownOfStack } from '../../src/lambda/settings/own-of-stack.ts'
import { template } from './cloudformation.ts'

const { Resources } = template('template.yaml').template
const ACCOUNT = '123456789012'
const at = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`

/** How what the template makes is called, without the tags that CloudFormation gives it. */
const ARNS: Record<string, (name: string) => string> = {
  'AWS::DynamoDB::Table': (name) => at('dynamodb', `table/${name}`),
  'AWS::SQS::Queue': (name) => at('sqs', `${name}.fifo`),
  'AWS::SNS::Topic': (name) => at('sns', name),
  'AWS::Serverless::Function': (name) => at('lambda', `function:${name}`),
  'AWS::Logs::LogGroup': (name) => at('logs', `log-group:${name}:*`),
  'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  'AWS::IAM::ManagedPolicy': (name) => `arn:aws:iam::${ACCOUNT}:policy/${name}`,
  'AWS::CloudWatch::Alarm': (name) => at('cloudwatch', `alarm:${name}`),
  'AWS::Events::Rule': (name) => at('events', `rule/${name}`),
  'AWS::Scheduler::ScheduleGroup': (name) => at('scheduler', `schedule-group/${name}`),
  'AWS::Scheduler::Schedule': (name) => at('scheduler', `schedule/default/${name}`),
}
/** They are no resources that a finding is about, and belong to one of those above. */
const PARTS = [
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::Subscription',
  'AWS::IAM::Policy',
  'AWS::Events::EventBusPolicy',
]
/** A name of its own would tell nobody the stack. */
const NAMES = /^(?:Name|(?:Table|Queue|Topic|Function|Role|LogGroup|ManagedPolicy|Alarm)Name)$/
const made = Object.entries(Resources).filter(([, { Type }]) => !PARTS.includes(Type))
const nameOf = (id: string) => `guard-${id}-1A2B3C4D5E6F`

test.each(made)('the functions know %s for their own', (id, { Type, Properties = {} }) => {
  const own = ownOfStack({
    table: nameOf('RunsTable'),
    account: ACCOUNT,
    region: 'eu-west-1',
    readRoleArn: '',
    changeRoleArn: '',
    scheduleRoleArn: '',
    members: { accounts: [], readRole: '', changeRole: '' },
  })
  const arn = ARNS[Type]?.(nameOf(id))
  if (arn === undefined) throw new Error(`what is the ARN of a ${Type}?`)
  const named = Object.keys(Properties).filter((key) => NAMES.test(key))

  expect(named).toEqual([])
  expect(ownPart(own, { arn, account: ACCOUNT, region: 'eu-west-1', tags: [] })).toBe('part of stack guard')
})
