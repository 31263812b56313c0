import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress as playbook } from '../../../playbooks/ec2/close-open-ingress.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { groupFinding, groupModel, rule } from '../../support/security-group.ts'
import { idsOf, planFor, revoked, stepsFor } from './open-ingress-plans.ts'

const open = (port: number, more = {}) => rule('0.0.0.0/0', { FromPort: port, ToPort: port, ...more })
const UDP = { IpProtocol: 'udp' }
const ALL = { IpProtocol: '-1', FromPort: -1, ToPort: -1 }

const byRule = (ruleParameters?: Record<string, string>): Finding =>
  groupFinding({
    type: 'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS',
    evidence: { ruleName: 'only-web', ...(ruleParameters && { ruleParameters }) },
  })
const control = (ruleParameters?: Record<string, string>): Finding =>
  groupFinding({
    source: 'securityhub',
    type: 'EC2.18',
    evidence: ruleParameters ? { ruleParameters } : {},
  })
const anyPort = groupFinding({
  source: 'prowler',
  type: 'ec2_securitygroup_allow_ingress_from_internet_to_any_port',
})

describe('all ports but those that are authorized', () => {
  const rules = () => [
    open(22),
    open(80),
    open(443),
    open(1022),
    open(53, UDP),
    open(123, UDP),
    rule('10.0.0.0/8', ALL),
  ]
  test.each<[string, Finding, number[]]>([
    ['EC2.18', control(), [0, 3, 4, 5]],
    ['EC2.18 with ports of its own', control({ authorizedTcpPorts: '22' }), [1, 2, 3, 4, 5]],
    ['EC2.18 with UDP', control({ authorizedUdpPorts: '53' }), [0, 3, 5]],
    ['the rule', byRule({ authorizedTcpPorts: '443, 1020-1025', authorizedUdpPorts: '123' }), [0, 1, 4]],
    ['the rule that authorizes none', byRule({}), [0, 1, 2, 3, 4, 5]],
    ['Prowler', anyPort, [0, 1, 2, 3, 4, 5]],
  ])('%s', async (_, finding, going) => {
    const all = rules()
    const planned = await stepsFor(groupModel(all), [finding])
    expect(revoked(planned)).toEqual(idsOf(...going.map((index) => all[index]!)))
  })

  test('ports that a range has beside those that are authorized are enough, and who uses these is asked first', async () => {
    const range = rule('0.0.0.0/0', { FromPort: 443, ToPort: 500 })
    const planned = await stepsFor(groupModel([range]), [control()])
    expect(revoked(planned)).toEqual(idsOf(range))
    expect(planned.cautions).toEqual(['tcp 443 is authorized, and goes with a range of ports'])
    expect(planned.warnings).toEqual([])
  })

  test('a range within those that are authorized stays', async () => {
    const range = rule('0.0.0.0/0', { FromPort: 1020, ToPort: 1022 })
    const planned = await planFor(groupModel([range]), [byRule({ authorizedTcpPorts: '1000-1025' })])
    expect(planned).toMatchObject({
      kind: 'compliant',
      reason: 'no port that is not authorized is open to the world',
    })
  })

  test.each([22, 53])('halves of the world open a port together (%i)', async (port) => {
    const more = { FromPort: port, ToPort: port, ...(port === 53 && UDP) }
    const halves = [rule('0.0.0.0/1', more), rule('128.0.0.0/1', more)]
    expect(revoked(await stepsFor(groupModel(halves), [control()]))).toEqual(idsOf(...halves))
  })

  test('a prefix list of the world that opens a port of UDP goes, too', async () => {
    const world = rule('pl-0world', { FromPort: 53, ToPort: 53, ...UDP })
    const model = groupModel([world], { lists: { 'pl-0world': ['0.0.0.0/0'] } })
    expect(revoked(await stepsFor(model, [control()]))).toEqual(idsOf(world))
  })

  test('a web port that nobody has written down is closed when a person says so', async () => {
    const web = 'tcp 8080 is closed: a web site may answer there'
    expect((await stepsFor(groupModel([open(8080)]), [control()])).cautions).toEqual([web])
    expect((await stepsFor(groupModel([open(8080)]), [byRule({})])).cautions).toEqual([web])
    const written = byRule({ authorizedTcpPorts: '443' })
    expect((await stepsFor(groupModel([open(8080)]), [written])).cautions).toEqual([])
  })

  test.each<[string, Finding, string]>([
    ['parameters that were not read', byRule(), 'the parameters of rule only-web were not read'],
    [
      'ports that are none',
      byRule({ authorizedTcpPorts: 'https' }),
      'authorizedTcpPorts: https of rule only-web',
    ],
    ['ports that there are not', byRule({ authorizedUdpPorts: '53-99999' }), 'authorizedUdpPorts: 53-99999'],
    ['a range the wrong way round', byRule({ authorizedTcpPorts: '90-80' }), 'authorizedTcpPorts: 90-80'],
  ])('%s close nothing', async (_, finding, why) => {
    expect(await planFor(groupModel(rules()), [finding])).toMatchObject({
      kind: 'notApplicable',
      reason: expect.stringContaining(why),
    })
  })

  test('what a policy names bounds it, and what stays open is told', async () => {
    const set = playbook.parameters.parse({ ports: [22] })
    const all = rules()
    expect(revoked(await stepsFor(groupModel(all), [control()], set))).toEqual(idsOf(all[0]!))
    expect(await planFor(groupModel([open(1022)]), [control()], set)).toMatchObject({
      kind: 'notApplicable',
      reason: 'tcp 1022 stays open: parameters.ports closes only tcp 22',
    })
    expect(await planFor(groupModel([open(53, UDP)]), [control()], set)).toMatchObject({
      kind: 'notApplicable',
      reason: 'udp 53 stays open: parameters.ports closes only ports of TCP',
    })
  })

  test('ICMP is no port: Prowler goes on to report it, and that is told', async () => {
    const ping = rule('0.0.0.0/0', { IpProtocol: 'icmp', FromPort: 8, ToPort: -1 })
    expect(await planFor(groupModel([ping]), [anyPort])).toMatchObject({
      kind: 'notApplicable',
      reason: expect.stringContaining('stays: it opens no port'),
    })
    expect(await planFor(groupModel([ping]), [control()])).toMatchObject({ kind: 'compliant' })
  })

  test('a finding about one port beside it is closed as well', async () => {
    const all = [open(22), open(443)]
    const ssh = groupFinding()
    const planned = await stepsFor(groupModel(all), [ssh, control({ authorizedTcpPorts: '22,443' })])
    expect(revoked(planned)).toEqual(idsOf(all[0]!))
  })
})
