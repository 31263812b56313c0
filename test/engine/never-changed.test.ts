import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ours } from '../../playbooks/index.ts'
import { config, definePlaybook, z } from '../../src/contract.ts'
import type { OwnParts } from '../../src/engine/own/own-parts.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { withOwn } from '../../src/playbook/service/own-collection.ts'
import { policy as anyPolicy, asLoaded } from '../policy/arbitrary-policies.ts'
import { APPROVE, AUTO, finding, newWorld, policyOf, sshOpen, start, type World } from './simulated-world.ts'

/** Accounts, roles and users that the policy names, and what nobody has to name: the engine's own, and the caller's. */

const GROUP = 'sg-0a1b2c3d4e5f60718'
const ARN = `arn:aws:ec2:eu-west-1:123456789012:security-group/${GROUP}`
const yes = () => ({ kind: 'approve' }) as const

const OWN: OwnParts = {
  stacks: [{ name: 'rectify', account: '123456789012', region: 'eu-west-1' }],
  identities: ['arn:*:iam::*:role/RectifyChange'],
  arns: [],
}
const stackId = (stack: string, account = '123456789012', region = 'eu-west-1') =>
  `arn:aws:cloudformation:${region}:${account}:stack/${stack}/1a2b`
const OF_STACK = { 'aws:cloudformation:stack-id': stackId('rectify') }

function openGroup(policy = AUTO, tags: Record<string, string> = {}): World {
  const world = newWorld(policy)
  world.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }], { tags })
  return world
}

async function apply(world: World, more: Parameters<typeof start>[1] = { own: OWN }) {
  return (await start(world, more).engine.handle([sshOpen(world, GROUP)], 'apply')).runs
}

const ARNS = {
  'AWS::IAM::Role': 'arn:{partition}:iam::{account}:role/{id}',
  'AWS::IAM::User': 'arn:{partition}:iam::{account}:user/{id}',
  'AWS::S3::Bucket': 'arn:{partition}:s3:::{id}',
}
type Kind = keyof typeof ARNS

/** A playbook that has something to change on each resource of a kind. */
function changing(resource: Kind, touches?: string): AnyPlaybook {
  const input = { RoleName: 'any', PolicyDocument: '{}' }
  const step = {
    kind: 'call',
    id: 'set',
    summary: 'set it',
    call: { service: 'iam', operation: 'UpdateAssumeRolePolicy', input },
    undo: [],
    permissions: touches === undefined ? [] : [{ action: 'iam:UpdateAssumeRolePolicy', resource: touches }],
  }
  const mine = definePlaybook({
    id: 'changing',
    title: 'T',
    implements: [],
    resource,
    arn: ARNS[resource],
    tagsOf: 'it',
    answers: [config('OWN')],
    suggestedMode: 'auto',
    parameters: z.strictObject({}),
    reads: [],
    writes: [],
    inspect: async () => ({ state: {}, tags: {} }),
    plan: () => ({ kind: 'steps', steps: [step], before: 'a', after: 'b' }),
    observe: () => 'a',
  } as never)
  return withOwn(ours, [['own.ts', { mine }]]).playbooks.at(-1)!
}

async function plan(world: World, type: Kind, id: string, touches?: string) {
  const about = finding(world, { source: 'config', type: 'OWN', resources: [{ type, id }] })
  const { engine } = start(world, { own: OWN, playbooks: [changing(type, touches)] })
  return (await engine.handle([about], 'apply')).runs
}

describe('what the policy says is never changed', () => {
  test('an account, whatever the rules say', async () => {
    const world = openGroup(`${AUTO}never: { accounts: ["123456789012"] }\n`)

    expect(await apply(world)).toMatchObject([
      { outcome: 'blocked', reason: 'never: account 123456789012 (rectify.yaml)' },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test.each([
    ['AWS::IAM::Role', 'BreakGlass', 'BreakGlass'],
    ['AWS::IAM::Role', 'teams/sec/BreakGlass', 'BreakGlass'],
    ['AWS::IAM::Role', 'teams/sec/BreakGlass', 'arn:aws:iam::*:role/BreakGlass'],
    ['AWS::IAM::User', 'BreakGlass', 'Break*'],
  ] as const)('an %s %s by %s', async (type, id, pattern) => {
    const world = newWorld(`${AUTO}never: { roles: ["${pattern}"] }\n`)

    expect(await plan(world, type, id)).toMatchObject([
      { outcome: 'blocked', reason: `never: ${pattern} (rectify.yaml)` },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('an account that came on the list while a person was asked', async () => {
    const world = openGroup(APPROVE)
    const [asked] = await apply(world)
    expect(asked).toMatchObject({ waitingFor: 'approval' })
    const policy = policyOf(`${APPROVE}never: { accounts: ["123456789012"] }\n`)
    await start(world, { answer: yes, own: OWN, policyAt: () => policy }).engine.approve(asked!.id, {})

    expect(await world.store.list()).toMatchObject([{ outcome: 'blocked' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('an account, by an undo either', async () => {
    const world = openGroup()
    const [done] = await apply(world)
    const changes = world.aws.changes().length
    world.policy = policyOf(`${AUTO}never: { accounts: ["123456789012"] }\n`)
    const { engine } = start(world, { answer: yes })

    expect((await engine.undo(done!.id, { restFor: 'PT1H' })).runs).toMatchObject([{ outcome: 'blocked' }])
    expect(world.aws.changes()).toHaveLength(changes)
  })
})

describe('what is the engine’s own is never changed', () => {
  test('tagged as part of its stack', async () => {
    const world = openGroup(AUTO, OF_STACK)

    expect(await apply(world)).toMatchObject([
      { outcome: 'blocked', reason: `never: ${ARN} is Rectify's own (part of stack rectify)` },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('nor where it became part of the stack while a person was asked', async () => {
    const world = openGroup(APPROVE)
    const [asked] = await apply(world)
    world.aws.groups.groups.get(GROUP)!.Tags = [
      { Key: 'aws:cloudformation:stack-id', Value: stackId('rectify') },
    ]
    await start(world, { answer: yes, own: OWN }).engine.approve(asked!.id, {})

    expect(await world.store.list()).toMatchObject([{ outcome: 'blocked' }])
    expect(world.aws.changes()).toEqual([])
  })

  test('nor by an undo', async () => {
    const world = openGroup()
    const [done] = await apply(world, {})
    const changes = world.aws.changes().length
    world.aws.groups.groups.get(GROUP)!.Tags = [
      { Key: 'aws:cloudformation:stack-id', Value: stackId('rectify') },
    ]
    const { engine } = start(world, { answer: yes, own: OWN })

    expect((await engine.undo(done!.id, { restFor: 'PT1H' })).runs).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining("is Rectify's own") },
    ])
    expect(world.aws.changes()).toHaveLength(changes)
  })

  test('worn by one of its functions', async () => {
    const world = openGroup()
    const Description = 'AWS Lambda VPC ENI-rectify-RunnerFunction-1A2B3C4D5E6F'
    world.aws.ec2.addInterface('eni-0a', [GROUP], { Description, InterfaceType: 'lambda' })

    expect(await apply(world)).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining('the group of arn:aws:lambda:') },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test.each([
    ['by its role', 'team/RectifyChange', undefined],
    ['by a step about another resource', 'web', 'arn:aws:iam::123456789012:role/RectifyChange'],
  ])('%s', async (_, id, touches) => {
    const world = newWorld()

    expect(await plan(world, 'AWS::IAM::Role', id, touches)).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining("RectifyChange is Rectify's own") },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('whatever the policy says, while the same group of nobody’s is changed where the policy lets it', async () => {
    const outcomes = new Set<string>()
    const rulesOf = (text: string) => {
      const loaded = policyOf(text)
      return loaded.kind === 'file' ? loaded.policy.rules : []
    }
    await fc.assert(
      fc.asyncProperty(anyPolicy, fc.constantFrom(AUTO, APPROVE), async (given, last) => {
        const rules = [...given.rules, ...rulesOf(last)].map((rule) => ({ ...rule, parameters: {} }))
        const world = (tags: Record<string, string>) =>
          Object.assign(openGroup(AUTO, tags), { policy: asLoaded({ ...given, rules }) })
        const own = world(OF_STACK)
        const [blocked] = await apply(own, { own: OWN, answer: yes })
        expect(blocked?.outcome).not.toBe('remediated')
        expect(own.aws.changes()).toEqual([])
        const [other] = await apply(world({}), { own: OWN, answer: yes })
        outcomes.add(other?.outcome ?? 'open')
      }),
      { numRuns: 100 },
    )
    expect(outcomes).toContain('remediated')
  })
})

describe('what the caller came through is never changed', () => {
  test.each([
    ['AWS::IAM::User', 'tester', 'arn:aws:iam::123456789012:user/tester'],
    ['AWS::IAM::Role', 'ops/Admin', 'arn:aws:sts::123456789012:assumed-role/Admin/ann'],
  ] as const)('%s %s', async (type, id, caller) => {
    const world = newWorld()
    world.aws.caller = { ...world.aws.caller, arn: caller }

    expect(await plan(world, type, id)).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining(`/${id} is what the caller came through`) },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('the group of the instance on which the caller works', async () => {
    const world = openGroup()
    const instance = 'i-0a1b2c3d4e5f60718'
    world.aws.caller = {
      ...world.aws.caller,
      arn: `arn:aws:sts::123456789012:assumed-role/Bastion/${instance}`,
    }
    world.aws.ec2.addInterface('eni-0a', [GROUP], { Attachment: { InstanceId: instance } })

    expect(await apply(world)).toMatchObject([
      {
        outcome: 'blocked',
        reason: `never: the group of arn:aws:ec2:eu-west-1:123456789012:instance/${instance} is what the caller came through`,
      },
    ])
    expect(world.aws.changes()).toEqual([])
  })

  test('nor when somebody else has the last word on what the caller asked for', async () => {
    const world = openGroup(APPROVE)
    const { caller } = world.aws
    world.aws.caller = {
      ...caller,
      arn: 'arn:aws:sts::123456789012:assumed-role/Bastion/i-0a1b2c3d4e5f60718',
    }
    const [asked] = await apply(world)
    expect(asked).toMatchObject({ waitingFor: 'approval' })
    world.aws.ec2.addInterface('eni-0a', [GROUP], { Attachment: { InstanceId: 'i-0a1b2c3d4e5f60718' } })
    world.aws.caller = caller
    await start(world, { answer: yes, own: OWN }).engine.approve(asked!.id, {})

    expect(await world.store.list()).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining('is what the caller came through') },
    ])
    expect(world.aws.changes()).toEqual([])
  })
})

describe('the log archive is never changed', () => {
  test.each(['aws-controltower-logs-111122223333-eu-west-1', 'aws-controltower-s3-access-logs-1-eu-west-1'])(
    'as Control Tower names it: %s',
    async (bucket) => {
      const world = newWorld()

      expect(await plan(world, 'AWS::S3::Bucket', bucket)).toMatchObject([
        { outcome: 'blocked', reason: `never: arn:aws:s3:::${bucket} is the log archive of Control Tower` },
      ])
      expect(world.aws.changes()).toEqual([])
    },
  )
})
