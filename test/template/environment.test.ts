import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { resourcesOf, template } from './cloudformation.ts'

const main = template('template.yaml').template
const { Parameters, Resources, Globals } = main
const MEMBERS = Parameters.MemberAccounts!

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; measured on the variables as JSON. */
const MOST_BYTES = 4096
const ACCOUNT = '123456789012'
/** The place with the longest names that AWS has. */
const PARTITION = 'aws-iso-f'
const REGION = 'us-isof-south-1'
const HOST = `${REGION}.csp.hci.ic.gov`
/** Longest names of resources (characters), to which CloudFormation cuts `STACK-LOGICALID-` and 12 characters. */
const LONGEST: Record<string, number> = {
  'AWS::DynamoDB::Table': 255,
  'AWS::IAM::Role': 64,
  'AWS::SNS::Topic': 256,
  'AWS::SQS::Queue': 80,
  'AWS::Scheduler::ScheduleGroup': 64,
}
const STACK = 's'.repeat(128)

function nameOf(id: string): string {
  const longest = LONGEST[Resources[id]!.Type]
  if (longest === undefined) throw new Error(`how long is the name of a ${Resources[id]!.Type}?`)
  return `${`${STACK}-${id}`.slice(0, longest - 13)}-${'x'.repeat(12)}`
}

function arnOf(id: string): string {
  const type = Resources[id]!.Type
  if (type === 'AWS::IAM::Role') return `arn:${PARTITION}:iam::${ACCOUNT}:role/${nameOf(id)}`
  return `arn:${PARTITION}:${type === 'AWS::SNS::Topic' ? 'sns' : 'sqs'}:${REGION}:${ACCOUNT}:${nameOf(id)}`
}

/** What `!Ref` gives, at its longest. */
function referred(id: string): string {
  if (id === 'AWS::StackName') return STACK
  const parameter = Parameters[id]
  if (parameter) return 'x'.repeat(Number(parameter.MaxLength ?? String(parameter.MaxValue ?? 9999).length))
  if (Resources[id]!.Type === 'AWS::SQS::Queue') return `https://sqs.${HOST}/${ACCOUNT}/${nameOf(id)}`
  return Resources[id]!.Type === 'AWS::SNS::Topic' ? arnOf(id) : nameOf(id)
}

type Value =
  | string
  | { Ref: string }
  | { 'Fn::GetAtt': string[] }
  | { 'Fn::If': [string, Value, Value] }
  | { 'Fn::Join': [string, unknown] }

function longest(value: Value): string {
  if (typeof value !== 'object') return String(value)
  if ('Ref' in value) return referred(value.Ref)
  if ('Fn::GetAtt' in value) return arnOf(value['Fn::GetAtt'][0]!)
  if ('Fn::If' in value) return longest(value['Fn::If'][1])
  // The accounts without the commas between them.
  expect(value['Fn::Join']).toEqual(['', { 'Fn::Split': [',', { Ref: 'MemberAccounts' }] }])
  return ACCOUNT.repeat(mostMembers())
}

/** As many accounts as the parameter lets in: twelve digits each, with commas between. */
function mostMembers(): number {
  return Math.floor((Number(MEMBERS.MaxLength) + 1) / 13)
}

test('the environment of a function fits, with as many members as may be named and the longest of all names', () => {
  const sizes = resourcesOf(main, 'AWS::Serverless::Function').map(([, { Properties }]) => {
    const own: Record<string, Value> = Properties.Environment.Variables
    const variables = Object.entries({ ...Globals!.Function.Environment.Variables, ...own })
    const environment = Object.fromEntries(variables.map(([name, value]) => [name, longest(value as Value)]))
    return JSON.stringify(environment).length
  })
  const left = MOST_BYTES - Math.max(...sizes)
  expect(left).toBeGreaterThanOrEqual(0)
  // Not less than it could be.
  expect(left).toBeLessThan(ACCOUNT.length)
})

test('how many members there may be is told by the template before anything is deployed, and by the guide', () => {
  const most = mostMembers()
  expect(Number(MEMBERS.MaxLength)).toBe(13 * most - 1)
  expect(MEMBERS.Description).toContain(`${most} at most`)
  expect(MEMBERS.ConstraintDescription).toContain(`at most ${most} account ids`)
  const guide = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/operations.md'), 'utf8')
  expect(guide).toContain(`at most ${most} members`)
})
