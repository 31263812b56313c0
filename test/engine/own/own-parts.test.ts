import { describe, expect, test } from '@jest/globals'
import { ownOfCaller } from '../../../src/cli/stack/own-of-caller.ts'
import { ownPart } from '../../../src/engine/own/own-parts.ts'
import { ownOfStack } from '../../../src/lambda/settings/own-of-stack.ts'

/** What the functions and the command line know to be the engine's own, by what they are told. */

const ACCOUNT = '123456789012'
const MEMBER = '111122223333'
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`
const deployed = (stack: string) =>
  ownOfStack({
    table: `${stack}-RunsTable-1A2B3C4D5E6F`,
    account: ACCOUNT,
    region: 'eu-west-1',
    readRoleArn: role(`${stack}-ReadRole-1A2B3C4D5E6F`.slice(-64)),
    changeRoleArn: role('given/ByHand'),
    scheduleRoleArn: '',
    members: { accounts: [MEMBER], readRole: 'AuditLook', changeRole: 'AuditMend' },
  })

const about = (
  arn: string,
  tags: Record<string, string>[] = [],
  account = ACCOUNT,
  region = 'eu-west-1',
) => ({
  arn,
  account,
  region,
  tags,
})
const at = (rest: string, service: string, region = 'eu-west-1') =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`

describe('a function', () => {
  const own = deployed('rectify')

  test.each([
    at('table/rectify-RunsTable-1A2B3C4D5E6F', 'dynamodb'),
    at('rectify-RunsQueue-aB3dE6gH9jKl.fifo', 'sqs'),
    at('rectify-NotificationTopic-1A2B3C4D5E6F', 'sns'),
    at('function:rectify-RunnerFunction-1A2B3C4D5E6F', 'lambda'),
    at('log-group:rectify-RunnerLogs-1A2B3C4D5E6F', 'logs'),
    at('log-group:/aws/lambda/rectify-RunnerFunction-1A2B3C4D5E6F:*', 'logs'),
    at('alarm:rectify-RunsAgeAlarm-1A2B3C4D5E6F', 'cloudwatch'),
    at('stack/rectify/1a2b', 'cloudformation'),
    role('rectify-RunnerRole-1A2B3C4D5E6F'),
    role('ByHand'),
    role('AuditLook', MEMBER),
    role('path/AuditMend', MEMBER),
    role('RectifyTell', MEMBER),
  ])('knows %s', (arn) => {
    expect(ownPart(own, about(arn, [], arn.includes(MEMBER) ? MEMBER : ACCOUNT))).toBeDefined()
  })

  test.each([
    at('rectify-orders', 'sqs'),
    at('rectify-block-attackers', 'sqs'),
    at('rectify-prod-RunsQueue-1A2B3C4D5E6F', 'sqs'),
    at('rectify-RunsQueue-1A2B3C4D5E6F', 'sqs', 'us-east-1'),
    at('stack/rectify-prod/1a2b', 'cloudformation'),
    role('rectify-RunnerRole-1A2B3C4D5E6F', MEMBER),
    role('ByHand', MEMBER),
    role('Admin'),
  ])('takes %s for somebody’s', (arn) => {
    expect(ownPart(own, about(arn, [], arn.split(':')[4]))).toBeUndefined()
  })

  test('knows its roles and functions also where the stack’s name is cut', () => {
    const name = 'security-platform-remediation-production-eu'
    const cut = `${name.slice(0, 30)}-RunnerRole-1A2B3C4D5E6F`

    expect(ownPart(deployed(name), about(role(cut)))).toBe(`part of stack ${name}`)
    expect(ownPart(deployed(name), about(role('security-RunnerRole-1A2B3C4D5E6F')))).toBeUndefined()
  })

  test.each([
    ['rectify', ACCOUNT, 'eu-west-1', true],
    ['rectify', ACCOUNT, 'us-east-1', false],
    ['rectify', MEMBER, 'eu-west-1', false],
    ['rectify-prod', ACCOUNT, 'eu-west-1', false],
  ])('goes by the id of the stack: %s in %s, %s', (stack, account, region, isOwn) => {
    const id = `arn:aws:cloudformation:${region}:${account}:stack/${stack}/1a2b`
    const tags = [{}, { 'aws:cloudformation:stack-id': id, 'aws:cloudformation:stack-name': 'rectify' }]

    expect(ownPart(own, about(at('vpc/vpc-0a', 'ec2'), tags)) !== undefined).toBe(isOwn)
  })

  test('goes by the name of the stack where it stands', () => {
    const tags = [{ 'aws:cloudformation:stack-name': 'rectify' }]

    expect(ownPart(own, about('arn:aws:s3:::logs', tags))).toBe('part of stack rectify')
    expect(ownPart(own, about('arn:aws:s3:::logs', tags, MEMBER))).toBeUndefined()
  })

  test('starts only where its table tells the stack', () => {
    const settings = { account: ACCOUNT, region: '', readRoleArn: '', changeRoleArn: '', scheduleRoleArn: '' }
    const members = { accounts: [], readRole: '', changeRole: '' }

    expect(() => ownOfStack({ ...settings, members, table: 'runs' })).toThrow(
      'the table runs is not named as template.yaml has it named',
    )
    const { stacks, identities } = ownOfStack({
      ...settings,
      members,
      table: 'a-RunsTable-b-RunsTable-1A2B3C4D',
    })
    expect(stacks).toEqual([{ name: 'a-RunsTable-b', account: ACCOUNT }])
    expect(identities).toEqual(['arn:*:iam::*:role/RectifyTell'])
  })
})

describe('the command line', () => {
  const ownIn = (env: NodeJS.ProcessEnv) =>
    ownOfCaller({ shared: {}, env } as Parameters<typeof ownOfCaller>[0])

  test('takes a stack of the usual name for one of its own, wherever it is', () => {
    const queue = at('rectify-RunsQueue-1A2B3C4D5E6F.fifo', 'sqs', 'us-east-1')

    expect(ownPart(ownIn({}), about(queue))).toBe('part of stack rectify')
    expect(ownPart(ownIn({ RECTIFY_STACK: 'guard' }), about(queue))).toBeUndefined()
    expect(ownPart(ownIn({ RECTIFY_STACK: 'guard' }), about(queue.replace('rectify', 'guard')))).toBeDefined()
  })

  test('knows the roles of members by their usual names', () => {
    expect(ownPart(ownIn({}), about(role('RectifyChange', MEMBER), [], MEMBER))).toBe(
      'a role that it works by',
    )
  })
})
