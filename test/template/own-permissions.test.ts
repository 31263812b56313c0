import { describe, expect, test } from '@jest/globals'
import { sourceFiles, textOf } from '../support/source-files.ts'
import { statementsOf, template } from './cloudformation.ts'

/** Where the deployed engine uses means of its own. */
const FOLDERS = ['src/lambda', 'src/approvals', 'src/queue', 'src/store']

/** IAM actions of a command, where they are not called as it is. */
const ACTIONS: Record<string, string[]> = {
  TransactGetItems: ['dynamodb:GetItem'],
  TransactWriteItems: ['ConditionCheckItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
    (name) => `dynamodb:${name}`,
  ),
  CreateSchedule: ['scheduler:CreateSchedule', 'iam:PassRole'],
  // With the id of a version it is another action.
  GetObject: ['s3:GetObject', 's3:GetObjectVersion'],
}
const SERVICES: Record<string, string> = {
  dynamodb: 'dynamodb',
  sqs: 'sqs',
  sns: 'sns',
  scheduler: 'scheduler',
  ssm: 'ssm',
  s3: 's3',
}

/** What Lambda itself does as the function: reads its queue or stream and writes its log. */
const BY_LAMBDA = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
]

/** `new GetItemCommand` in a file that imports from `@aws-sdk/client-dynamodb`. */
function actionsOf(text: string): string[] {
  const commands = [...text.matchAll(/new (\w+)Command\(/g)].map(([, name]) => name!)
  return commands.flatMap((name) => {
    const clients = [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g)]
    const client = clients.find(([, names]) => names?.includes(`${name}Command`))?.[2] ?? ''
    return ACTIONS[name] ?? [`${SERVICES[client]}:${name}`]
  })
}

const called = sourceFiles(...FOLDERS).flatMap((file) => actionsOf(textOf(file)))

const { document, template: parsed } = template('template.yaml')
const allowed = (...resources: string[]) =>
  resources.flatMap((name) =>
    statementsOf(document.getIn(['Resources', name])).flatMap(({ Action }) => Action),
  )
const sorted = (texts: string[]) => [...new Set(texts)].sort()

// No emulator refuses a call for want of a permission.
describe('the functions', () => {
  test('may call all that the deployed engine calls, and nothing else', () => {
    const roles = allowed(
      ...[
        'IntakeRole',
        'RunnerRole',
        'SweeperRole',
        'NotifierRole',
        'WritebackRole',
        'CardsRole',
        'SlackRole',
      ],
    )
    expect(called.length).toBeGreaterThan(5)
    expect(sorted(roles)).toEqual(sorted([...called, ...BY_LAMBDA]))
  })

  test('that read runs one by one read them together too: what is asked for in one tick is one request', () => {
    for (const role of ['IntakeRole', 'RunnerRole', 'SweeperRole', 'WritebackRole', 'CardsRole', 'SlackRole'])
      expect(allowed(role)).toEqual(expect.arrayContaining(['dynamodb:GetItem', 'dynamodb:BatchGetItem']))
  })

  test('write runs in the runner alone, but for the words of people', () => {
    const writing = (role: string) =>
      statementsOf(document.getIn(['Resources', role])).filter(({ Action }) =>
        Action.some((action) => /:(Put|Update|Delete)Item$/.test(action)),
      )
    expect(writing('IntakeRole').map(({ Sid }) => Sid)).toEqual(['RememberThePolicyInForce'])
    // Once: what version 0.1 stored comes into the index of what is due.
    expect(writing('SweeperRole').map(({ Sid }) => Sid)).toEqual([
      'TakeRunsOver',
      'RememberWhoWasAsked',
      'RememberThePolicyInForce',
    ])
    const [own] = statementsOf(document.getIn(['Resources', 'NotifierRole'])).filter(({ Action }) =>
      Action.includes('dynamodb:PutItem'),
    )
    expect(own?.Sid).toBe('RememberWhatWasTold')
    expect(writing('WritebackRole').map(({ Sid }) => Sid)).toEqual(['RememberWhatDetectorsWereTold'])
    expect(writing('CardsRole').map(({ Sid }) => Sid)).toEqual(['RememberWhereCardsStand'])
    // What somebody exempts there is written by the runner, when it ends the run.
    expect(writing('SlackRole').map(({ Sid }) => Sid)).toEqual([
      'RecordDecisions',
      'ThrowTheKillSwitch',
      'RememberThePolicyInForce',
    ])
  })

  test('read of S3 the one object in which the policy lies, where it does, and no bucket but its own', () => {
    const { Resources } = parsed
    const own = Object.entries(Resources).flatMap(([name, { Properties }]) =>
      (Properties?.Policies ?? []).flatMap(
        ({ PolicyDocument }: { PolicyDocument?: { Statement: object[] } }) =>
          // One that is there under a condition is of the reading role.
          (PolicyDocument?.Statement ?? []).map((statement) => [name, statement] as const),
      ),
    )
    const onS3 = own.filter(
      ([name, statement]) =>
        /^(Intake|Runner|Sweeper|Slack|Notifier|Writeback|Cards)Role$/.test(name) &&
        JSON.stringify(statement).includes('s3:'),
    )
    const bucket = `arn:\${AWS::Partition}:s3:::\${PolicyBucket}`
    const statements = [
      {
        Sid: 'ReadThePolicy',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: { 'Fn::Sub': `${bucket}/\${PolicyKey}` },
      },
      {
        Sid: 'SeeThatItKeepsVersions',
        Effect: 'Allow',
        Action: 's3:GetBucketVersioning',
        Resource: { 'Fn::Sub': bucket },
      },
    ]
    expect(onS3).toEqual(
      ['IntakeRole', 'RunnerRole', 'SweeperRole', 'SlackRole'].flatMap((role) =>
        statements.map((statement) => [
          role,
          { 'Fn::If': ['HasPolicyBucket', statement, { Ref: 'AWS::NoValue' }] },
        ]),
      ),
    )
  })

  test('play session roles and no others', () => {
    const sessions = ['IntakeMayRead', 'SweeperMayRead', 'RunnerMayReadAndChange', 'WritebackMayTell']
    expect(sorted(allowed(...sessions))).toEqual(['sts:AssumeRole'])
  })
})
