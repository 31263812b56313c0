import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation'
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeTagsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  TagResourceCommand,
} from '@aws-sdk/client-organizations'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { accountPlaces } from '../../src/engine/account-places.ts'
import { systemClock } from '../../src/engine/system.ts'
import { taggedPlaces } from '../../src/engine/tags/tagged-places.ts'
import { trailOf } from '../../src/engine/trail/trail.ts'
import { names } from '../../src/engine/trail/trail-event.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const BOTH = { path: true, tags: true }

const sandbox = withSandbox()
let organizations: OrganizationsClient
beforeAll(() => {
  organizations = new OrganizationsClient(clientConfig(sandbox()))
})
beforeEach(() => sandbox().reset())
afterEach(() => {
  sandbox().faults.length = 0
})
afterAll(() => organizations.destroy())

/** Asks as a new process: nothing is remembered. */
function ask(account: string, asks = BOTH) {
  const { endpoint, region, credentials } = clientConfig(sandbox())
  const aws = sdkAws({ services: [], endpoint, region, credentials: async () => credentials, attempts: 1 })
  const home = async () => ({
    account: (await aws.identity()).account,
    region: 'us-east-1',
    partition: 'aws',
  })
  return accountPlaces(aws, home, systemClock)(account, asks)
}

/** An organisation with units in each other, and an account in the innermost. */
async function planted() {
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
  const { Roots: [root] = [] } = await organizations.send(new ListRootsCommand({}))
  const unit = async (Name: string, ParentId: string) => {
    const made = await organizations.send(new CreateOrganizationalUnitCommand({ Name, ParentId }))
    return made.OrganizationalUnit!.Id!
  }
  const outer = await unit('workloads', root!.Id!)
  const inner = await unit('production', outer)
  const made = await organizations.send(
    new CreateAccountCommand({ AccountName: 'web', Email: 'web@example.com' }),
  )
  const AccountId = made.CreateAccountStatus!.AccountId!
  const move = { AccountId, SourceParentId: root!.Id!, DestinationParentId: inner }
  await organizations.send(new MoveAccountCommand(move))
  const Tags = [
    { Key: 'tier', Value: '1' },
    { Key: 'owner', Value: '' },
  ]
  await organizations.send(new TagResourceCommand({ ResourceId: AccountId, Tags }))
  return { account: AccountId, path: [root!.Id!, outer, inner] }
}

describe('AWS Organizations', () => {
  test('tells in which units an account is, however deep, and how it is tagged', async () => {
    const { account, path } = await planted()
    expect(await ask(account)).toEqual({ path, tags: { tier: '1', owner: '' } })
    const own = (await ask('123456789012')).path
    expect(own).toEqual(path.slice(0, 1))
  })

  test('does not tell of an account that is not in it', async () => {
    await planted()
    expect(await ask('999900001111')).toEqual({
      path: 'unread',
      tags: 'unread',
      unreadable: expect.stringMatching(
        /organizations:DescribeAccount: .*organizations:ListTagsForResource: /,
      ),
    })
  })

  test('tells nothing where there is none', async () => {
    expect(await ask('123456789012')).toMatchObject({
      path: 'unread',
      tags: 'unread',
      unreadable: expect.stringMatching(
        /^organizations:DescribeAccount: .*; organizations:ListTagsForResource: /,
      ),
    })
  })

  test.each([
    [{ kind: 'deny' } as const, /only the management account and delegated administrators/],
    [{ kind: 'throttle' } as const, /^organizations:ListParents: /],
  ])('tells nothing of units while it answers ListParents by %j', async (fault, why) => {
    const { account } = await planted()
    sandbox().faults.push({ operation: 'ListParents', fault })
    expect(await ask(account)).toMatchObject({
      path: 'unread',
      tags: { tier: '1' },
      unreadable: expect.stringMatching(why),
    })
  })
})

describe('what a resource stands in', () => {
  const at = (region = sandbox().region) => ({ account: sandbox().account, region, partition: 'aws' })
  /** As a new process, with whose service definitions EC2 and CloudTrail are asked. */
  const newAws = () => {
    const { endpoint, region, credentials } = clientConfig(sandbox())
    return sdkAws({ services, endpoint, region, credentials: async () => credentials, attempts: 1 })
  }

  test('is asked for its tags: a VPC, found by a group in it as well, and a stack', async () => {
    const ec2 = new EC2Client(clientConfig(sandbox()))
    const stacks = new CloudFormationClient(clientConfig(sandbox()))
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }))
    const vpc = Vpc!.VpcId!
    const tag = { Key: 'environment', Value: 'prod' }
    await ec2.send(new CreateTagsCommand({ Resources: [vpc], Tags: [tag] }))
    const inIt = { GroupName: 'db', Description: 'db', VpcId: vpc }
    const { GroupId: group } = await ec2.send(new CreateSecurityGroupCommand(inIt))
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } })
    await stacks.send(new CreateStackCommand({ StackName: 'web', TemplateBody, Tags: [tag] }))

    const read = taggedPlaces(newAws(), systemClock)
    const tags = { environment: 'prod' }
    expect(await read.vpc(at(), vpc)).toEqual({ tags })
    expect(await read.vpc(at(), { group: group! })).toEqual({ tags })
    expect(await read.vpc(at(), 'vpc-0123456789abcdef0')).toEqual({ unreadable: 'AWS does not list it' })
    expect(await read.stack(at(), 'web')).toEqual({ tags })
    expect(await read.stack(at(), 'no-such-stack')).toEqual({ tags: null })
    sandbox().faults.push({ operation: 'DescribeStacks', fault: { kind: 'deny' } })
    expect(await read.stack(at(), 'other')).toEqual({
      unreadable: expect.stringMatching(/^cloudformation:DescribeStacks: /),
    })
    ec2.destroy()
    stacks.destroy()
  })

  test('and who changed it: CloudTrail has changes that went through, by the name of what was changed', async () => {
    const ec2 = new EC2Client(clientConfig(sandbox()))
    const group = sandbox().seeds['web-ssh-open']!
    const from = Date.now()
    const Tags = [{ Key: 'rectify:mode', Value: 'off' }]
    await ec2.send(new CreateTagsCommand({ Resources: [group], Tags }))
    await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [group] }] }))
    await ec2
      .send(new CreateTagsCommand({ Resources: ['sg-0123456789abcdef0'], Tags }))
      .catch(() => undefined)
    ec2.destroy()

    const arn = `arn:aws:ec2:${sandbox().region}:${sandbox().account}:security-group/${group}`
    const ask = () => trailOf(newAws(), systemClock)(at(), { arn, name: group }, from)
    const told = await ask()
    expect(told).toMatchObject({
      events: [{ name: 'CreateTags', by: expect.stringMatching(/:user\/sandbox$/) }],
    })
    expect('events' in told && names(told.events[0]!.request, 'rectify:mode')).toBe(true)
    sandbox().faults.push({ operation: 'LookupEvents', fault: { kind: 'throttle' } })
    expect(await ask()).toEqual({ silent: expect.stringMatching(/^cloudtrail:LookupEvents: /) })
  })
})
