import {
  AssociateWebACLCommand,
  CreateIPSetCommand,
  CreateRuleGroupCommand,
  CreateWebACLCommand,
  DisassociateWebACLCommand,
  GetIPSetCommand,
  GetRuleGroupCommand,
  ListIPSetsCommand,
  ListResourcesForWebACLCommand,
  UpdateIPSetCommand,
  type UpdateIPSetCommandInput,
  WAFV2Client,
} from '@aws-sdk/client-wafv2'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const sandbox = withSandbox()
let wafv2: WAFV2Client
beforeAll(() => {
  wafv2 = new WAFV2Client(clientConfig(sandbox()))
})
beforeEach(() => sandbox().reset())

const UUID = '11111111-2222-3333-4444-555555555555'
const where = (name: string) => ({ Name: name, Scope: 'REGIONAL', Id: sandbox().seeds[name] }) as const
const get = (name: string) => wafv2.send(new GetIPSetCommand(where(name)))
async function update(name: string, ...Addresses: string[]) {
  const { LockToken } = await get(name)
  await wafv2.send(new UpdateIPSetCommand({ ...where(name), LockToken, Addresses }))
  return (await get(name)).IPSet?.Addresses
}

describe('an IP set', () => {
  test('stores ranges in AWS’s spelling: IPv6 in full, host bits masked, each once', async () => {
    expect(
      await update('rectify-block-v6', '2606:4700::1111/128', '2606:4700:1::99/48', '2606:4700:1::/48'),
    ).toEqual(['2606:4700:0000:0000:0000:0000:0000:1111/128', '2606:4700:0001:0000:0000:0000:0000:0000/48'])
    expect(await update('rectify-block-v4', '45.155.205.10/32', '45.155.205.99/24')).toEqual([
      '45.155.205.10/32',
      '45.155.205.0/24',
    ])
  })

  test.each([
    ['an address without a prefix', '45.155.205.10'],
    ['a prefix of 0', '0.0.0.0/0'],
    ['an address of the other family', '2606:4700::1111/128'],
    ['what is no address', 'attacker.example/32'],
  ])('refuses %s and stays as it is', async (_what, entry) => {
    const before = (await get('rectify-block-v4')).IPSet?.Addresses
    await expect(update('rectify-block-v4', entry)).rejects.toMatchObject({
      name: 'WAFInvalidParameterException',
    })
    expect((await get('rectify-block-v4')).IPSet?.Addresses).toEqual(before)
  })

  test('refuses more than 10,000 entries', async () => {
    const many = Array.from({ length: 10_001 }, (_, n) => `45.${n >> 8}.${n & 255}.1/32`)
    await expect(update('rectify-block-v4', ...many)).rejects.toMatchObject({
      name: 'WAFLimitsExceededException',
    })
  })

  test('refuses a write under a lock token that is no longer current', async () => {
    const { LockToken } = await get('rectify-block-v4')
    await update('rectify-block-v4', '45.155.205.10/32')
    const stale = new UpdateIPSetCommand({ ...where('rectify-block-v4'), LockToken, Addresses: [] })
    await expect(wafv2.send(stale)).rejects.toMatchObject({ name: 'WAFOptimisticLockException' })
  })

  test('is checked the same when it is created', async () => {
    const create = new CreateIPSetCommand({
      Name: 'other',
      Scope: 'REGIONAL',
      IPAddressVersion: 'IPV6',
      Addresses: ['1.2.3.4/32'],
    })
    await expect(wafv2.send(create)).rejects.toMatchObject({ name: 'WAFInvalidParameterException' })
  })
})

describe('an input that WAF does not take', () => {
  test.each([
    ['a missing lock token', { Addresses: [] }, 'ValidationException'],
    ['a lock token of another form', { Addresses: [], LockToken: 'mine' }, 'ValidationException'],
    [
      'a description that is empty',
      { Addresses: [], LockToken: UUID, Description: '' },
      'ValidationException',
    ],
    ['an id of another form', { Addresses: [], LockToken: UUID, Id: 'mine' }, 'ValidationException'],
  ])('%s', async (_what, input, name) => {
    const update = new UpdateIPSetCommand({
      ...where('rectify-block-v4'),
      ...input,
    } as UpdateIPSetCommandInput)
    await expect(wafv2.send(update)).rejects.toMatchObject({ name })
  })

  test('a scope of CloudFront outside us-east-1', async () => {
    const elsewhere = new WAFV2Client({ ...clientConfig(sandbox()), region: 'eu-west-1' })
    const list = elsewhere.send(new ListIPSetsCommand({ Scope: 'CLOUDFRONT' }))
    await expect(list).rejects.toMatchObject({ name: 'WAFInvalidParameterException' })
    elsewhere.destroy()
  })
})

describe('what is CloudFront’s', () => {
  const at = { Name: 'global-v4', Scope: 'CLOUDFRONT' } as const
  const visible = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'global' }

  test('has ARNs of us-east-1 and is found by them', async () => {
    const set = (await wafv2.send(new CreateIPSetCommand({ ...at, IPAddressVersion: 'IPV4', Addresses: [] })))
      .Summary
    expect(set?.ARN).toMatch(/^arn:aws:wafv2:us-east-1:123456789012:global\/ipset\/global-v4\//)
    const rule = {
      ...{ Name: 'block', Priority: 0, Action: { Block: {} }, VisibilityConfig: visible },
      Statement: { IPSetReferenceStatement: { ARN: set!.ARN! } },
    }
    const group = await wafv2.send(
      new CreateRuleGroupCommand({ ...at, Capacity: 1, VisibilityConfig: visible, Rules: [rule] }),
    )
    const { RuleGroup } = await wafv2.send(new GetRuleGroupCommand({ ARN: group.Summary!.ARN! }))
    expect(RuleGroup?.Rules).toMatchObject([{ Statement: { IPSetReferenceStatement: { ARN: set!.ARN } } }])
    const acl = await wafv2.send(
      new CreateWebACLCommand({
        ...at,
        DefaultAction: { Allow: {} },
        VisibilityConfig: visible,
        Rules: [rule],
      }),
    )
    const app = 'arn:aws:amplify:eu-west-1:123456789012:apps/d1234567890'
    sandbox().control.associations.set(acl.Summary!.ARN!, [app])
    const behind = await wafv2.send(
      new ListResourcesForWebACLCommand({ WebACLArn: acl.Summary!.ARN!, ResourceType: 'AMPLIFY' }),
    )
    expect(behind.ResourceArns).toEqual([app])
  })
})

describe('the resources of a web ACL', () => {
  const list = async (ResourceType?: 'API_GATEWAY', WebACLArn = sandbox().seeds['rectify-demo-arn']) =>
    (
      await wafv2.send(
        new ListResourcesForWebACLCommand({ WebACLArn, ...(ResourceType ? { ResourceType } : {}) }),
      )
    ).ResourceArns

  test('are the load balancers that it was attached to, other types only when asked for', async () => {
    const { 'rectify-demo-arn': acl, 'load-balancer-arn': balancer } = sandbox().seeds
    expect(await list()).toEqual([balancer])
    expect(await list('API_GATEWAY')).toEqual([])
    const stage = 'arn:aws:apigateway:us-east-1::/restapis/abc123/stages/prod'
    sandbox().control.associations.set(acl!, [balancer!, stage])
    expect(await list('API_GATEWAY')).toEqual([stage])
  })

  test('follow attaching and detaching', async () => {
    const { 'rectify-demo-arn': WebACLArn, 'load-balancer-arn': ResourceArn } = sandbox().seeds
    await wafv2.send(new DisassociateWebACLCommand({ ResourceArn }))
    expect(await list()).toEqual([])
    await wafv2.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn }))
    expect(await list()).toEqual([ResourceArn])
  })

  test('of an unknown web ACL are an error', async () => {
    const unknown = `${sandbox().seeds['rectify-demo-arn']}0`
    await expect(list(undefined, unknown)).rejects.toMatchObject({ name: 'WAFNonexistentItemException' })
  })
})
