import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress as playbook } from '../../../playbooks/ec2/close-open-ingress.ts'
import { fakeReader } from '../../support/reader.ts'
import { GROUP, groupAnswers, groupFinding, groupModel, rule } from '../../support/security-group.ts'
import { defaults, idsOf, planFor, revoked, stepsFor, target } from './open-ingress-plans.ts'

describe('which rules go', () => {
  test('the open source goes, 10.0.0.0/8 of the same permission stays', async () => {
    // Each source is a rule of its own
    const open = rule('0.0.0.0/0', { Description: 'temporary' })
    const planned = await stepsFor(groupModel([rule('10.0.0.0/8', { Description: 'office' }), open]))
    expect(planned.steps).toHaveLength(1)
    expect(planned.steps[0]).toMatchObject({
      call: {
        operation: 'RevokeSecurityGroupIngress',
        input: { GroupId: GROUP, SecurityGroupRuleIds: idsOf(open) },
      },
      subset: 'SecurityGroupRuleIds',
    })
  })

  test.each([[['0.0.0.0/0']], [['::/0']], [['0.0.0.0/0', '::/0']]])(
    'of %j whatever exists goes, in one call',
    async (sources) => {
      // Config does not see IPv6
      const rules = sources.map((source) => rule(source))
      const planned = await stepsFor(groupModel(rules))
      expect(planned.steps).toHaveLength(1)
      expect(revoked(planned)).toEqual(idsOf(...rules))
    },
  )

  test.each([
    [['0.0.0.0/1', '128.0.0.0/1']],
    [['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2']],
    [['::/1', '8000::/1']],
    [['2000::/3']],
    [['0::/0']],
    [['208.236.235.254/0']],
  ])('%j are the world together', async (sources) => {
    const rules = sources.map((source) => rule(source))
    expect(revoked(await stepsFor(groupModel(rules)))).toEqual(idsOf(...rules))
  })

  test.each([
    [['0.0.0.0/16']],
    [['10.0.0.0/8']],
    [['128.0.0.0/1']],
    [['fc00::/7', 'fe80::/10']],
    [['8.0.0.0/8', '9.0.0.0/8']],
    [[]],
  ])('%j is not the world', async (sources) => {
    // The substring trap
    expect(await planFor(groupModel(sources.map((source) => rule(source))))).toMatchObject({
      kind: 'compliant',
    })
  })

  test('wide private ranges and narrow public ones stay beside an open rule, and are told', async () => {
    const open = [rule('::/0'), rule('0.0.0.0/0'), rule('8.0.0.0/8')]
    const stay = [rule('10.0.0.0/8'), rule('fd00::/8'), rule('198.51.100.0/24'), rule('9.0.0.0/9')]
    const planned = await stepsFor(groupModel([...stay, ...open]))
    expect(revoked(planned)).toEqual(idsOf(...open))
    for (const each of stay) {
      expect(planned.warnings?.join()).toContain(String(each.CidrIpv4 ?? each.CidrIpv6))
    }
  })

  test('rules of several protocols open a port together', async () => {
    const rules = [rule('0.0.0.0/1'), rule('128.0.0.0/1', { IpProtocol: '-1', FromPort: -1, ToPort: -1 })]
    expect(revoked(await stepsFor(groupModel(rules)))).toEqual(idsOf(...rules))
  })

  test('a prefix list that holds the world goes as a rule, one that does not stays', async () => {
    const world = rule('pl-0world')
    const model = groupModel([world, rule('pl-0cdn')], {
      lists: { 'pl-0world': ['192.0.2.0/24', '0.0.0.0/0'], 'pl-0cdn': ['130.176.0.0/17'] },
    })
    expect(revoked(await stepsFor(model))).toEqual(idsOf(world))
  })

  test('a prefix list of many narrow ranges that cover the world together goes as well', async () => {
    const world = rule('pl-0world')
    const ranges = Array.from({ length: 512 }, (_, half) => `${half >> 1}.${(half & 1) * 128}.0.0/9`)
    expect(revoked(await stepsFor(groupModel([world], { lists: { 'pl-0world': ranges } })))).toEqual(
      idsOf(world),
    )
  })

  test('only prefix lists of rules on the ports in question are read', async () => {
    const reader = fakeReader(
      groupAnswers(groupModel([rule('pl-0ssh'), rule('pl-0web', { FromPort: 443, ToPort: 443 })])),
    )
    await playbook.inspect(target, defaults, reader, { first: false, findings: [groupFinding()] })
    expect(reader.calls.filter(({ action }) => action === 'ec2:GetManagedPrefixListEntries')).toMatchObject([
      { action: 'ec2:GetManagedPrefixListEntries', input: { PrefixListId: 'pl-0ssh' } },
    ])
  })

  test('references to groups and egress rules stay whatever they say', async () => {
    const model = groupModel([rule('sg-0peer'), rule('0.0.0.0/0', { IsEgress: true })])
    expect(await planFor(model)).toMatchObject({ kind: 'compliant' })
  })

  test('many narrow sources that add up to the world are left to a person', async () => {
    const narrow = Array.from({ length: 400 }, (_, half) => rule(`${half >> 1}.${(half & 1) * 128}.0.0/9`))
    expect(await planFor(groupModel(narrow))).toMatchObject({ kind: 'notApplicable' })
    const planned = await stepsFor(groupModel([...narrow, rule('0.0.0.0/0')]))
    expect(planned.warnings?.join()).toContain('tcp 22 stays open')
  })
})
