import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Place } from '../../../src/aws/port.ts'
import { taggedPlaces } from '../../../src/engine/tags/tagged-places.ts'
import { failure, type Handlers } from '../../support/aws-model/failure.ts'
import { AwsModel } from '../../support/aws-model.ts'
import { SimulatedClock } from '../../support/clock.ts'
import { finding, newWorld, sshOpen, start, type World } from '../simulated-world.ts'

const STACK = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/web/0a1b2c3d'
const VPC = 'vpc-0a1b2c3d4e5f60718'

let clock: SimulatedClock
let aws: AwsModel
beforeEach(() => {
  clock = new SimulatedClock()
  aws = new AwsModel(clock)
})

const tagSet = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
const refusing = (action: string, code: string, message = code): Handlers[string] => {
  return () => {
    throw failure(action, code, message)
  }
}

function places(handlers: { ec2?: Handlers; cloudformation?: Handlers } = {}) {
  aws.answering('ec2', {
    DescribeVpcs: () => ({ Vpcs: [{ VpcId: VPC, OwnerId: aws.account, Tags: tagSet({ env: 'prod' }) }] }),
    ...handlers.ec2,
  })
  aws.answering('cloudformation', {
    DescribeStacks: () => ({ Stacks: [{ StackName: 'web', Tags: tagSet({ team: 'shop' }) }] }),
    ...handlers.cloudformation,
  })
  return taggedPlaces(aws, clock)
}

const asked = () => aws.calls.map(({ operation, region }) => `${operation} ${region}`)

describe('a VPC', () => {
  test('is asked for its tags once a minute, whoever stands in it', async () => {
    const read = places()
    const all = await Promise.all([read.vpc(aws.place, VPC), read.vpc(aws.place, VPC)])
    expect(all).toEqual([{ tags: { env: 'prod' } }, { tags: { env: 'prod' } }])
    clock.advance(59_999)
    await read.vpc(aws.place, VPC)
    expect(asked()).toEqual(['DescribeVpcs eu-west-1'])
    clock.advance(1)
    await read.vpc(aws.place, VPC)
    expect(asked()).toHaveLength(2)
  })

  test('is found by a security group that is in it', async () => {
    const read = places({ ec2: { DescribeSecurityGroups: () => ({ SecurityGroups: [{ VpcId: VPC }] }) } })
    expect(await read.vpc(aws.place, { group: 'sg-0db' })).toEqual({ tags: { env: 'prod' } })
    expect(aws.calls[0]!.input).toMatchObject({ Filters: [{ Name: 'group-id', Values: ['sg-0db'] }] })
  })

  test.each<[string, Handlers, RegExp]>([
    [
      'is denied',
      { DescribeVpcs: refusing('ec2:DescribeVpcs', 'UnauthorizedOperation', 'You may not.') },
      /^ec2:DescribeVpcs: You may not\.$/,
    ],
    ['is not listed', { DescribeVpcs: () => ({ Vpcs: [] }) }, /^AWS does not list it$/],
    [
      'is shared by an account that nobody reaches',
      { DescribeVpcs: () => ({ Vpcs: [{ VpcId: VPC, OwnerId: '222233334444' }] }) },
      /^it is shared by account 222233334444, which alone sees them$/,
    ],
  ])('whose tags nobody gets is unread: it %s', async (_, ec2, why) => {
    expect(await places({ ec2 }).vpc(aws.place, VPC)).toEqual({ unreadable: expect.stringMatching(why) })
  })

  test('that is shared is asked of its owner, where a role of that account is there', async () => {
    const owner = '222233334444'
    const asked: string[] = []
    const read = taggedPlaces(
      {
        reaches: async (account) => account === owner,
        reader: ({ account }: Place) =>
          ({
            list: async () => {
              asked.push(account)
              return [{ VpcId: VPC, OwnerId: owner, Tags: account === owner ? tagSet({ env: 'prod' }) : [] }]
            },
          }) as never,
      },
      clock,
    )
    expect(await read.vpc(aws.place, VPC)).toEqual({ tags: { env: 'prod' } })
    expect(asked).toEqual([aws.account, owner])
  })
})

describe('a stack', () => {
  test('is asked for its tags where its id says that it is', async () => {
    expect(await places().stack(aws.place, STACK)).toEqual({ tags: { team: 'shop' } })
    expect(aws.calls).toMatchObject([{ region: 'eu-central-1', input: { StackName: STACK } }])
  })

  test.each<[string, Handlers[string]]>([
    [
      'is unknown',
      refusing('cloudformation:DescribeStacks', 'ValidationError', `Stack with id ${STACK} does not exist`),
    ],
    [
      'was deleted',
      () => ({ Stacks: [{ StackStatus: 'DELETE_COMPLETE', Tags: tagSet({ 'rectify:mode': 'off' }) }] }),
    ],
    ['is not listed', () => ({ Stacks: [] })],
  ])('that %s is no place any more', async (_, DescribeStacks) => {
    const read = places({ cloudformation: { DescribeStacks } })
    expect(await read.stack(aws.place, STACK)).toEqual({ tags: null })
  })

  test.each([
    ['AccessDenied', 'not authorized to perform: cloudformation:DescribeStacks'],
    ['ValidationError', '1 validation error detected'],
    ['Throttling', 'Rate exceeded'],
  ])('that cannot be read is unread: %s', async (code, message) => {
    const DescribeStacks = refusing('cloudformation:DescribeStacks', code, message)
    const read = places({ cloudformation: { DescribeStacks } })
    expect(await read.stack(aws.place, STACK)).toEqual({
      unreadable: `cloudformation:DescribeStacks: ${message}`,
    })
  })
})

describe('a run under a policy that goes by tags of what a resource stands in', () => {
  const GROUP = 'sg-0web'
  const BY_TAGS = `version: 1
tagsOf: [resource, vpc, stack, account]
rules:
  - { when: { tags: { env: prod } }, mode: approve }
  - mode: auto
`
  interface Around {
    own?: Record<string, string>
    vpc?: Record<string, string> | 'denied'
    stack?: Record<string, string> | 'denied'
    account?: Record<string, string> | 'unread'
  }

  function world({ own = {}, vpc = {}, stack = {} }: Around, policy = BY_TAGS): World {
    const made = newWorld(policy)
    const tags = { 'aws:cloudformation:stack-id': STACK, ...own }
    made.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }], { tags, vpc: VPC })
    made.aws.answering('ec2', {
      DescribeVpcs: (...given) => {
        if (vpc === 'denied') return refusing('ec2:DescribeVpcs', 'UnauthorizedOperation')!(...given)
        return { Vpcs: [{ VpcId: VPC, OwnerId: made.aws.account, Tags: tagSet(vpc) }] }
      },
    })
    made.aws.answering('cloudformation', {
      DescribeStacks: (...given) => {
        if (stack === 'denied') return refusing('cloudformation:DescribeStacks', 'AccessDenied')!(...given)
        return { Stacks: [{ StackName: 'web', Tags: tagSet(stack) }] }
      },
    })
    return made
  }

  async function applied(around: Around, made = world(around)) {
    const { account = {} } = around
    const { runs } = await start(made, {
      organization: async () => ({
        path: 'unread',
        tags: account,
        ...(account === 'unread' && { unreadable: 'denied' }),
      }),
      taggedPlaces: taggedPlaces(made.aws, made.clock),
    }).engine.handle([sshOpen(made, GROUP)], 'apply')
    return { run: runs[0]!, changes: made.aws.changes() }
  }

  test.each<[string, Around, object]>([
    ['of its VPC', { vpc: { env: 'prod' } }, { waitingFor: 'approval' }],
    ['of its stack', { stack: { env: 'prod' } }, { waitingFor: 'approval' }],
    ['of its account', { account: { env: 'prod' } }, { waitingFor: 'approval' }],
    [
      'of its own, whatever the others say',
      { own: { env: 'x' }, vpc: { env: 'prod' } },
      { outcome: 'remediated' },
    ],
    ['nowhere', {}, { outcome: 'remediated' }],
    [
      'of its VPC, that exempts it',
      { vpc: { 'rectify:exempt-until': '2099-12-31', 'rectify:owner': 'netops' } },
      {
        outcome: 'exempted',
        reason: 'exempted by netops until 2099-12-31: tag rectify:exempt-until of its VPC',
      },
    ],
    [
      'of its account, that lowers the mode',
      { account: { 'rectify:mode': 'notify' } },
      { outcome: 'notified' },
    ],
  ])('goes by a tag %s', async (_, around, ends) => {
    const { run } = await applied(around)
    expect(run).toMatchObject(ends)
  })

  test.each<[string, Around, string]>([
    ['VPC', { vpc: 'denied' }, 'tags of its VPC unreadable: ec2:DescribeVpcs: UnauthorizedOperation'],
    [
      'stack',
      { stack: 'denied' },
      'tags of its stack unreadable: cloudformation:DescribeStacks: AccessDenied',
    ],
    ['account', { account: 'unread' }, 'tags of its account unreadable: denied'],
    // Whatever it is tagged with, the VPC might exempt it.
    [
      'VPC, although the resource has the tag',
      { own: { env: 'x' }, vpc: 'denied' },
      'tags of its VPC unreadable',
    ],
  ])('changes nothing while nobody can read the tags of its %s', async (_, around, why) => {
    const { run, changes } = await applied(around)
    expect(run).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining(`cannot evaluate policy: ${why}`),
    })
    expect(changes).toEqual([])
  })

  test('changes nothing where nobody here can read them', async () => {
    const made = world({})
    const organization = async () => ({ path: 'unread', tags: {} }) as const
    const { runs } = await start(made, { organization }).engine.handle([sshOpen(made, GROUP)], 'apply')
    expect(runs).toMatchObject([
      { outcome: 'blocked', reason: expect.stringContaining('nothing here can read them') },
    ])
    expect(made.aws.changes()).toEqual([])
  })

  test('counts a tag that a VPC is given between the question and the answer', async () => {
    const vpc: Record<string, string> = { env: 'prod' }
    const made = world({ vpc })
    const organization = async () => ({ path: 'unread', tags: {} }) as const
    const more = { organization, taggedPlaces: taggedPlaces(made.aws, made.clock) }
    const { runs } = await start(made, more).engine.handle([sshOpen(made, GROUP)], 'apply')
    vpc['rectify:mode'] = 'off'
    made.clock.advance(60_000)
    const { runs: decided } = await start(made, more).engine.approve(runs[0]!.id, {})
    expect(decided).toMatchObject([{ outcome: 'off', reason: expect.stringContaining('of its VPC') }])
    expect(made.aws.changes()).toEqual([])
  })

  test('asks for nothing more where the policy names no further place', async () => {
    const alone = BY_TAGS.replace('tagsOf: [resource, vpc, stack, account]\n', '')
    const made = world({ vpc: { env: 'prod' } }, alone)
    const { run } = await applied({}, made)
    expect(run).toMatchObject({ outcome: 'remediated' })
    expect(made.aws.calls.map(({ operation }) => operation)).not.toContain('DescribeVpcs')
    expect(made.aws.calls.map(({ service }) => service)).not.toContain('cloudformation')
  })

  test('goes by the account of a setting that has no tags of its own', async () => {
    const made = world({})
    const about = finding(made, {
      source: 'config',
      type: 'EC2_EBS_ENCRYPTION_BY_DEFAULT',
      resources: [{ type: 'AWS::::Account', id: made.aws.account }],
    })
    made.aws.answering('ec2', {
      GetEbsEncryptionByDefault: () => ({ EbsEncryptionByDefault: false }),
      GetEbsDefaultKmsKeyId: () => ({ KmsKeyId: 'alias/aws/ebs' }),
    })
    const { runs } = await start(made, {
      organization: async () => ({ path: 'unread', tags: { 'rectify:mode': 'off' } }),
      taggedPlaces: taggedPlaces(made.aws, made.clock),
    }).engine.handle([about], 'apply')
    expect(runs).toMatchObject([{ outcome: 'off', reason: expect.stringContaining('of its account') }])
  })
})
