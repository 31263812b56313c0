import { BadRequest } from '../../engine/refusals.ts'
import { partitionOf } from '../../findings/region.ts'
import type { PolicyDocument, PolicyStatement } from '../iam-policy.ts'

/** What a person's commands do to a stack, each with what it needs of IAM. */
const POWERS = {
  FindTheStack: { actions: ['cloudformation:DescribeStacks'], on: ['cloudformation:stack/{stack}/*'] },
  LookAtRuns: {
    actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
    on: [
      'dynamodb:table/{stack}-RunsTable-*',
      'dynamodb:table/{stack}-RunsTable-*/index/listing',
      'dynamodb:table/{stack}-RunsTable-*/index/due',
    ],
  },
  RecordDecisions: {
    actions: ['dynamodb:UpdateItem'],
    on: ['dynamodb:table/{stack}-RunsTable-*'],
    keys: 'RUN#*',
  },
  WakeRuns: { actions: ['sqs:SendMessage'], on: ['sqs:{stack}-RunsQueue-*'] },
  ThrowTheKillSwitch: {
    actions: ['dynamodb:PutItem'],
    on: ['dynamodb:table/{stack}-RunsTable-*'],
    keys: 'CONTROL',
  },
  Exempt: {
    actions: ['dynamodb:PutItem'],
    on: ['dynamodb:table/{stack}-RunsTable-*'],
    keys: 'EXEMPT*',
  },
  HandEventsIn: { actions: ['sqs:SendMessage'], on: ['sqs:{stack}-IntakeQueue-*'] },
  ReadTheRules: { actions: ['events:DescribeRule'], on: ['events:rule/{stack}-*'] },
  AskTheRules: { actions: ['events:TestEventPattern'], on: [] },
} satisfies Record<string, { actions: string[]; on: string[]; keys?: string }>

type Power = keyof typeof POWERS

const LOOK: Power[] = ['FindTheStack', 'LookAtRuns']
const DECIDE: Power[] = [...LOOK, 'RecordDecisions', 'WakeRuns']
const ASK: Power[] = [...LOOK, 'WakeRuns']

/** The commands that take `--stack`. */
const COMMANDS: Record<string, Power[]> = {
  runs: LOOK,
  approve: DECIDE,
  decline: DECIDE,
  undo: ASK,
  unblock: ASK,
  sweep: ASK,
  pause: ['FindTheStack', 'ThrowTheKillSwitch'],
  resume: [...ASK, 'ThrowTheKillSwitch'],
  exempt: [...LOOK, 'Exempt'],
  exemptions: LOOK,
  rehearse: LOOK,
  report: LOOK,
  /** `policy advise` */
  policy: LOOK,
  send: ['FindTheStack', 'HandEventsIn', 'ReadTheRules', 'AskTheRules'],
}

/** A wildcard would be about other stacks: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/

/**
 * What somebody needs of IAM to use the command line with `--stack`. The stack's resources are named as CloudFormation
 * names them, after the stack.
 *
 * @param commands of those that take `--stack`; none: all
 * @param region fills the region of the ARNs; without one it is `*`, as the account always is
 * @throws BadRequest('usage') for a command that takes no `--stack`, and for what is no name of a stack
 */
export function operatorPolicy(
  stack: string,
  commands: readonly string[] = [],
  region?: string,
): PolicyDocument {
  if (!STACK_NAME.test(stack)) throw new BadRequest('usage', `--stack "${stack}" is not the name of a stack`)
  const chosen = commands.length === 0 ? Object.keys(COMMANDS) : commands
  const needed = new Set(chosen.flatMap(powersOf))
  const powers = (Object.keys(POWERS) as Power[]).filter((power) => needed.has(power))
  return { Version: '2012-10-17', Statement: powers.map((power) => statement(power, stack, region)) }
}

function powersOf(command: string): Power[] {
  const powers = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined
  if (powers) return powers
  const known = Object.keys(COMMANDS).join(', ')
  throw new BadRequest('usage', `iam --operator: "${command}" takes no --stack; ${known} do`)
}

function statement(power: Power, stack: string, region: string | undefined): PolicyStatement {
  const { actions, on, keys }: { actions: string[]; on: string[]; keys?: string } = POWERS[power]
  const partition = region ? partitionOf(region) : 'aws'
  return {
    Sid: power,
    Effect: 'Allow',
    Action: actions,
    Resource:
      on.length === 0
        ? '*'
        : on.map((place) => {
            const [service, ...resource] = place.replace('{stack}', stack).split(':')
            return `arn:${partition}:${service}:${region ?? '*'}:*:${resource.join(':')}`
          }),
    // ForAllValues holds for no value, too.
    ...(keys && {
      Condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  }
}
