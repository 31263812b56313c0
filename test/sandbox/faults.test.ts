import {
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { GetIPSetCommand, ListIPSetsCommand, UpdateIPSetCommand, WAFV2Client } from '@aws-sdk/client-wafv2'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { openRules } from './open-rules.ts'

const sandbox = withSandbox()
let ec2: EC2Client
let ssm: SSMClient
let wafv2: WAFV2Client
beforeAll(() => {
  ec2 = new EC2Client(clientConfig(sandbox()))
  ssm = new SSMClient(clientConfig(sandbox()))
  wafv2 = new WAFV2Client(clientConfig(sandbox()))
})
beforeEach(() => {
  sandbox().requests.length = 0
})
afterEach(() => {
  sandbox().faults.length = 0
})

const groups = () => ec2.send(new DescribeSecurityGroupsCommand({}))
const sets = () => wafv2.send(new ListIPSetsCommand({ Scope: 'REGIONAL' }))
const statuses = () => sandbox().requests.map(({ status }) => status)

describe('a throttle', () => {
  test('of EC2 is RequestLimitExceeded, 503, and the SDK tries again', async () => {
    sandbox().faults.push({ service: 'ec2', fault: { kind: 'throttle' }, count: 2 })
    const { $metadata } = await groups()
    expect($metadata.attempts).toBe(3)
    expect(statuses()).toEqual([503, 503, 200])
  })

  test('that lasts fails after three attempts under the service’s own name', async () => {
    sandbox().faults.push({ fault: { kind: 'throttle' } })
    await expect(groups()).rejects.toMatchObject({
      name: 'RequestLimitExceeded',
      $metadata: { httpStatusCode: 503, attempts: 3 },
    })
    const json = { name: 'ThrottlingException', $metadata: { httpStatusCode: 400, attempts: 3 } }
    await expect(sets()).rejects.toMatchObject(json)
    await expect(ssm.send(new ListCommandsCommand({}))).rejects.toMatchObject(json)
    const sts = new STSClient(clientConfig(sandbox()))
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'Throttling' })
  })
})

describe('a denial', () => {
  test('is final, names the action and the principal, and nothing reaches AWS', async () => {
    sandbox().faults.push({ fault: { kind: 'deny' } })
    await expect(groups()).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: expect.stringMatching(/arn:aws:iam::123456789012:user\/sandbox .* ec2:DescribeSecurityGroups/),
      $metadata: { httpStatusCode: 403, attempts: 1 },
    })
    await expect(sets()).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { attempts: 1 } })
  })
})

describe('a broken connection', () => {
  test('before the request took effect is retried by the SDK', async () => {
    sandbox().faults.push({ operation: 'DescribeSecurityGroups', fault: { kind: 'reset' }, count: 1 })
    expect((await groups()).$metadata.attempts).toBe(2)
    expect(statuses()).toEqual([0, 200])
  })

  // The change has happened, and the SDK's own retry says that there is nothing to change.
  test('after a revoke took effect looks like an absent rule on the retry', async () => {
    const { 'range-open': GroupId } = sandbox().seeds
    const SecurityGroupRuleIds = await openRules(ec2, GroupId!)
    sandbox().faults.push({ operation: 'RevokeSecurityGroupIngress', fault: { kind: 'swallow' }, count: 1 })
    const revoke = new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds })
    await expect(ec2.send(revoke)).rejects.toMatchObject({
      name: 'InvalidSecurityGroupRuleId.NotFound',
      $metadata: { attempts: 2 },
    })
    expect(await openRules(ec2, GroupId!)).toEqual([])
  })
})

describe('a lie', () => {
  // The call answers success and changes nothing.
  test('answers success to a revoke that never happens', async () => {
    const { 'split-halves': GroupId } = sandbox().seeds
    const SecurityGroupRuleIds = await openRules(ec2, GroupId!)
    sandbox().faults.push({ operation: 'RevokeSecurityGroupIngress', fault: { kind: 'lie' } })
    const { Return } = await ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }),
    )
    expect(Return).toBe(true)
    expect(await openRules(ec2, GroupId!)).toEqual(SecurityGroupRuleIds)
  })

  test('leaves dry runs alone, unless it is meant for them', async () => {
    const { 'db-open-common-ports': GroupId } = sandbox().seeds
    const SecurityGroupRuleIds = await openRules(ec2, GroupId!)
    const dryRun = () =>
      ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds, DryRun: true }))
    sandbox().faults.push({ operation: 'RevokeSecurityGroupIngress', fault: { kind: 'lie' } })
    await expect(dryRun()).rejects.toMatchObject({ name: 'DryRunOperation' })
    sandbox().faults.push({ operation: 'RevokeSecurityGroupIngress', fault: { kind: 'deny' }, dryRun: true })
    await expect(dryRun()).rejects.toMatchObject({ name: 'UnauthorizedOperation' })
  })

  test('to UpdateIPSet gives a new lock token and leaves the set as it is', async () => {
    const where = {
      Name: 'rectify-block-v4',
      Scope: 'REGIONAL',
      Id: sandbox().seeds['rectify-block-v4'],
    } as const
    const { IPSet, LockToken } = await wafv2.send(new GetIPSetCommand(where))
    sandbox().faults.push({ operation: 'UpdateIPSet', fault: { kind: 'lie' } })
    const { NextLockToken } = await wafv2.send(new UpdateIPSetCommand({ ...where, LockToken, Addresses: [] }))
    expect(NextLockToken).toBeTruthy()
    expect((await wafv2.send(new GetIPSetCommand(where))).IPSet?.Addresses).toEqual(IPSet?.Addresses)
  })
})

describe('a rule', () => {
  test('strikes only the calls it names: the nth, so many, of that service and operation', async () => {
    const code = 'InternalError'
    sandbox().faults.push({
      service: 'wafv2',
      operation: 'ListIPSets',
      nth: 2,
      count: 1,
      fault: { kind: 'error', status: 400, code, message: 'broken' },
    })
    await sets()
    await groups()
    await expect(sets()).rejects.toMatchObject({ name: code, message: 'broken' })
    await sets()
  })

  test('may look at the request', async () => {
    const { closed } = sandbox().seeds
    sandbox().faults.push({ fault: { kind: 'deny' }, when: ({ input }) => input['GroupId.1'] === closed })
    await groups()
    await expect(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [closed!] }))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
    })
  })

  test('may run something just before the request takes effect, and just after', async () => {
    const { 'web-ssh-open': GroupId } = sandbox().seeds
    const [id] = await openRules(ec2, GroupId!)
    const seen: string[][] = []
    sandbox().faults.push({
      operation: 'RevokeSecurityGroupIngress',
      fault: {
        kind: 'hook',
        before: async () => seen.push(await openRules(ec2, GroupId!)),
        after: async () => seen.push(await openRules(ec2, GroupId!)),
      },
    })
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [id!] }))
    expect(seen[0]).toContain(id)
    expect(seen[1]).not.toContain(id)
  })

  test('that delays holds the answer back for its time', async () => {
    sandbox().faults.push({ service: 'ec2', fault: { kind: 'delay', ms: 120 } })
    const before = performance.now()
    await groups()
    expect(performance.now() - before).toBeGreaterThanOrEqual(119)
  })
})

test('every request is written down with its parameters, its answer and whose it was', async () => {
  const { closed } = sandbox().seeds
  await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [closed!] }))
  await sets()
  expect(sandbox().requests).toMatchObject([
    {
      service: 'ec2',
      operation: 'DescribeSecurityGroups',
      input: { 'GroupId.1': closed },
      dryRun: false,
      status: 200,
      account: '123456789012',
      region: 'us-east-1',
    },
    { service: 'wafv2', operation: 'ListIPSets', input: { Scope: 'REGIONAL' }, status: 200 },
  ])
})
