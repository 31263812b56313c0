import type { Grant } from '../support/service-authorization.ts'
import { list, type Template } from './cloudformation.ts'

/** ARN of a resource of a template by its type, as `!GetAtt X.Arn` (or `!Ref X`, for topics) gives it. */
const ARNS: Record<string, (name: string) => string> = {
  'AWS::DynamoDB::Table': (name) => arn('dynamodb', `table/${name}`),
  'AWS::Events::Rule': (name) => arn('events', `rule/${name}`),
  'AWS::IAM::Role': (name) => `arn:aws:iam::111122223333:role/${name}`,
  'AWS::Logs::LogGroup': (name) => arn('logs', `log-group:${name}:*`),
  'AWS::Scheduler::ScheduleGroup': (name) => arn('scheduler', `schedule-group/${name}`),
  'AWS::Serverless::Function': (name) => arn('lambda', `function:${name}`),
  'AWS::SNS::Topic': (name) => arn('sns', name),
  'AWS::SQS::Queue': (name) => arn('sqs', name),
}
const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '111122223333',
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:111122223333:${resource}`
}

/** Every `Allow` of a template, by the name of its resource: identity, resource and trust policies. */
export function grantsOf(template: Template): [principal: string, grants: Grant[]][] {
  return Object.entries(template.Resources).flatMap(([name, { Properties }]): [string, Grant[]][] => {
    const allows = allowsIn(Properties)
    // What a role may and who may play it are two things: both may speak of sts:AssumeRole.
    const [own, trust] = [true, false].map((owned) => allows.filter((one) => 'Resource' in one === owned))
    return [own ?? [], trust ?? []].flatMap((some): [string, Grant[]][] =>
      some.length > 0 ? [[name, some.map((allow) => grantOf(allow, template))]] : [],
    )
  })
}

function grantOf({ Action, Resource, Condition = {} }: Record<string, unknown>, template: Template): Grant {
  return {
    actions: list(Action as string | string[]),
    resources: Resource === undefined ? undefined : list(Resource).map((one) => arnIn(one, template)),
    conditionKeys: Object.values(Condition as object).flatMap(Object.keys),
  }
}

function allowsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  if ('Effect' in value && 'Action' in value) return [value as Record<string, unknown>]
  return Object.values(value).flatMap(allowsIn)
}

/** The ARN that CloudFormation puts there. */
function arnIn(value: unknown, template: Template): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::GetAtt': got, 'Fn::Sub': text } = value as Record<string, unknown>
  if (typeof Ref === 'string') return attribute(Ref, 'Arn', template)
  if (Array.isArray(got)) return attribute(got[0], got[1], template)
  return String(text).replaceAll(/\$\{([\w:]+)(?:\.(\w+))?\}/g, (_, name: string, wanted?: string) =>
    wanted ? attribute(name, wanted, template) : (PSEUDO[name] ?? parameter(name, template)),
  )
}

function attribute(name: string, wanted: string, template: Template): string {
  const resource = template.Resources[name]
  const own = resource && ARNS[resource.Type]?.(name)
  if (!own) throw new Error(`what is the ARN of ${name}, a ${resource?.Type}?`)
  return wanted === 'StreamArn' ? `${own}/stream/LABEL` : own
}

/** A value of a parameter: those whose pattern begins with a slash take names that do. */
function parameter(name: string, { Parameters }: Template): string {
  return String(Parameters[name]?.AllowedPattern ?? '').startsWith('^(/') ? `/${name}` : name
}
