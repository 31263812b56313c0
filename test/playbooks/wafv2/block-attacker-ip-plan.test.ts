import { describe, expect, test } from '@jest/globals'
import type { UndoCall } from '../../../src/playbook/step.ts'
import { denied } from '../../support/reader.ts'
import { steps } from '../planned.ts'
import { ARN4, ATTACKER, account, defaults, planOf, SETS } from './account-that-blocks.ts'
import { on, probe } from './port-probe-finding.ts'

describe('the plan', () => {
  test('adds all new addresses in one update and names nothing of others', async () => {
    const eight = [
      '52.1.1.8',
      '52.1.1.7',
      '52.1.1.6',
      '52.1.1.5',
      '52.1.1.4',
      '52.1.1.3',
      '52.1.1.2',
      '52.1.1.1',
    ]
    const { planned } = await planOf(
      probe({ remotes: on(80, ...eight) }),
      account({ entries: () => ['9.9.9.0/24', '52.1.1.8/32'] }),
    )
    const plan = steps(planned)
    const added = eight
      .slice(1)
      .sort()
      .map((address) => `${address}/32`)
    expect(plan.steps).toHaveLength(1)
    expect(plan.steps[0]).toMatchObject({
      call: {
        service: 'wafv2',
        operation: 'UpdateIPSet',
        input: { Name: 'rectify-block-v4', Scope: 'REGIONAL', Id: 's4' },
      },
      merge: {
        field: 'Addresses',
        add: added,
        remove: [],
        compare: 'cidr',
        limit: 10_000,
        expiresAfter: 'PT24H',
      },
      permissions: [{ action: 'wafv2:UpdateIPSet', resource: ARN4 }],
    })
    expect(plan.steps[0]?.call.input).not.toHaveProperty('LockToken')
    expect((plan.steps[0]!.undo as UndoCall[])[0]?.merge).toMatchObject({ add: [], remove: added })
    expect(plan.before).toEqual({ addresses: [] })
    expect(plan.after).toEqual({ addresses: added, expiresAfter: 'PT24H' })
    // The one that is there already is extended if it is ours.
    expect(plan.timeBoxes).toEqual({ entries: ['52.1.1.8/32'], expiresAfter: 'PT24H' })
  })

  test('writes IPv6 as WAF writes it, and finds it again however it is written', async () => {
    const finding = probe({ remotes: on(443, '2600:AB::1') })
    const written = '2600:00ab:0000:0000:0000:0000:0000:0001/128'
    expect(steps((await planOf(finding, account())).planned).after).toMatchObject({ addresses: [written] })
    const { planned } = await planOf(finding, account({ entries: () => ['2600:ab::1/128'] }))
    expect(planned).toMatchObject({ kind: 'compliant', timeBoxes: { entries: [written] } })
  })

  test('is empty when all are there, on a first look and on a later one, and holds them', async () => {
    for (const first of [true, false]) {
      const { planned } = await planOf(ATTACKER, account({ entries: () => ['52.1.1.1/32'] }), { first })
      expect(planned).toEqual({
        kind: 'compliant',
        timeBoxes: { entries: ['52.1.1.1/32'], expiresAfter: 'PT24H' },
        reason: '52.1.1.1/32 is in the set already',
      })
    }
  })

  test('is empty where the attacker is inside a range of somebody else, which is told and not held', async () => {
    const finding = probe({ remotes: on(443, '7.70.45.212') })
    const { planned } = await planOf(finding, account({ entries: () => ['7.70.45.0/24'] }))
    expect(planned).toEqual({
      kind: 'compliant',
      reason: "7.70.45.212 is inside 7.70.45.0/24, which is somebody else's",
      timeBoxes: { entries: [], expiresAfter: 'PT24H' },
    })
  })

  test('adds of several only those that no range covers, also of IPv6', async () => {
    const finding = probe({ remotes: on(443, '7.70.45.212', '52.1.1.1') })
    const plan = steps((await planOf(finding, account({ entries: () => ['7.70.45.0/24'] }))).planned)
    expect(plan.after).toMatchObject({ addresses: ['52.1.1.1/32'] })
    expect(plan.warnings).toContain("not added: 7.70.45.212 is inside 7.70.45.0/24, which is somebody else's")
    const v6 = probe({ remotes: on(443, '2600:ab::1') })
    const covered = await planOf(
      v6,
      account({ entries: () => ['2600:00ab:0000:0000:0000:0000:0000:0000/32'] }),
    )
    expect(covered.planned).toMatchObject({
      kind: 'compliant',
      reason: expect.stringMatching(/^2600:ab::1 is inside 2600:00ab:/),
    })
  })

  test('holds the entry itself where a range covers it as well', async () => {
    const { planned } = await planOf(ATTACKER, account({ entries: () => ['52.1.1.0/24', '52.1.1.1/32'] }))
    expect(planned).toMatchObject({
      kind: 'compliant',
      timeBoxes: { entries: ['52.1.1.1/32'], expiresAfter: 'PT24H' },
    })
  })

  test('is made where the attachment cannot be read, and says that its effect will not be proven', async () => {
    const aws = account({
      'wafv2:ListResourcesForWebACL': () => {
        throw denied('wafv2:ListResourcesForWebACL')
      },
    })
    const { planned } = await planOf(ATTACKER, aws)
    expect(steps(planned).unproven).toMatch(/^attachment cannot be read: what web ACL shop stands before/)
    const present = account({
      entries: () => ['52.1.1.1/32'],
      'wafv2:ListResourcesForWebACL': () => {
        throw denied('wafv2:ListResourcesForWebACL')
      },
    })
    expect((await planOf(ATTACKER, present)).planned).toMatchObject({
      kind: 'compliant',
      unproven: expect.stringContaining('attachment cannot be read'),
      timeBoxes: { entries: ['52.1.1.1/32'] },
    })
  })

  test('is empty after the change although one attacker is our own address', async () => {
    const aws = account({
      entries: () => ['52.1.1.1/32'],
      'ec2:DescribeAddresses': () => ({ Addresses: [{ PublicIp: '52.1.1.2' }] }),
    })
    const { planned } = await planOf(probe({ remotes: on(80, '52.1.1.1', '52.1.1.2') }), aws, {
      first: false,
    })
    expect(planned).toMatchObject({ kind: 'compliant' })
  })

  test('names each address that is left out, with its reason', async () => {
    const finding = probe({
      remotes: [...on(80, '52.1.1.1', '10.0.0.5', '2600::1', '52.1.1.9'), ...on(22, '52.1.1.3')],
    })
    const aws = account({
      'wafv2:ListIPSets': () => ({ IPSets: SETS.slice(0, 1) }),
      'ec2:DescribeAddresses': () => ({ Addresses: [{ PublicIp: '52.1.1.9' }] }),
    })
    const warnings = steps((await planOf(finding, aws)).planned).warnings?.join('\n')
    for (const expected of [
      'not blocked: 10.0.0.5: not a public address',
      'not blocked: 52.1.1.3: seen on port 22',
      'not blocked: 52.1.1.9: our own address',
      'not blocked: 2600::1: there is no IP set rectify-block-v6',
    ]) {
      expect(warnings).toContain(expected)
    }
  })

  test('warns that WAF does not see other protocols when any port is taken', async () => {
    const parameters = { ...defaults, ports: 'any' as const }
    const { planned } = await planOf(probe({ remotes: on(22, '52.1.1.1') }), account(), { parameters })
    expect(steps(planned).warnings?.join()).toContain('WAF sees HTTP only')
  })

  test('is not made when no rule blocks on the set, and the command that makes one is told', async () => {
    const { planned } = await planOf(ATTACKER, account({ 'wafv2:ListWebACLs': () => ({ WebACLs: [] }) }))
    expect(planned).toMatchObject({ kind: 'notApplicable' })
    expect(planned).toHaveProperty(
      'reason',
      expect.stringMatching(/^blocks nothing: .*aws wafv2 create-web-acl/),
    )
  })

  test('is not made when the web ACL stands before nothing', async () => {
    const aws = account({ 'wafv2:ListResourcesForWebACL': () => ({ ResourceArns: [] }) })
    const { planned } = await planOf(ATTACKER, aws)
    expect(planned).toHaveProperty(
      'reason',
      expect.stringMatching(/^blocks nothing: .*associate-web-acl.*arn:shop/),
    )
  })

  test('is not made when the set has no room for all', async () => {
    const others = Array.from({ length: 9_999 }, (_, n) => `60.${n >> 8}.${n & 255}.1/32`)
    const aws = account({ entries: () => others })
    expect(steps((await planOf(ATTACKER, aws)).planned).warnings?.join()).toContain(
      'nearly full: 10000 of 10000',
    )
    const { planned } = await planOf(probe({ remotes: on(80, '52.1.1.1', '52.1.1.2') }), aws)
    expect(planned).toHaveProperty(
      'reason',
      'the set is full: it holds 9999 of 10000 entries, 2 more are wanted',
    )
  })

  test('is not made for a set of the other family', async () => {
    const parameters = { ...defaults, ipv4Set: 'rectify-block-v6' }
    const { planned } = await planOf(ATTACKER, account(), { parameters })
    expect(planned).toHaveProperty('reason', 'the set rectify-block-v6 holds IPv6 addresses, not IPv4')
  })
})
