import { describe, expect, test } from '@jest/globals'
import { closeOpenIngress as playbook } from '../../../playbooks/ec2/close-open-ingress.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { GROUP, groupFinding, groupModel, rule } from '../../support/security-group.ts'
import { forPorts, idsOf, planFor, revoked, stepsFor } from './open-ingress-plans.ts'

describe('which ports are meant', () => {
  test.each([
    ['tcp', 22, 22],
    ['tcp', 0, 65535],
    ['tcp', 20, 25],
    ['6', 22, 22],
    ['-1', -1, -1],
  ])('%s %s-%s holds SSH', async (IpProtocol, FromPort, ToPort) => {
    const open = rule('0.0.0.0/0', { IpProtocol, FromPort, ToPort })
    expect(revoked(await stepsFor(groupModel([open])))).toEqual(idsOf(open))
  })

  test.each([
    ['udp', 22, 22],
    ['17', 0, 65535],
    ['icmp', -1, -1],
    ['1', 8, -1],
    ['icmpv6', -1, -1],
    ['58', 0, 255],
    ['50', -1, -1],
    ['tcp', 1024, 65535],
    ['tcp', 443, 443],
  ])('%s %s-%s does not', async (IpProtocol, FromPort, ToPort) => {
    const planned = await planFor(groupModel([rule('0.0.0.0/0', { IpProtocol, FromPort, ToPort })]))
    expect(planned).toMatchObject({ kind: 'compliant' })
  })

  test('all traffic comes without ports from the API as well', async () => {
    const { FromPort: _from, ToPort: _to, ...open } = rule('0.0.0.0/0', { IpProtocol: '-1' })
    const planned = await stepsFor(groupModel([open]))
    expect(planned.before).toEqual({
      rules: [{ id: open.SecurityGroupRuleId, protocol: '-1', from: -1, to: -1, source: '0.0.0.0/0' }],
    })
  })

  test.each<[string, Finding, number[]]>([
    ['restricted-ssh', groupFinding(), [22]],
    [
      'restricted-common-ports',
      groupFinding({ type: 'RESTRICTED_INCOMING_TRAFFIC' }),
      [20, 21, 3306, 3389, 4333],
    ],
    [
      'restricted-common-ports with parameters',
      groupFinding({
        type: 'RESTRICTED_INCOMING_TRAFFIC',
        evidence: { ruleParameters: { blockedPort1: '5432', blockedPort2: ' 6379' } },
      }),
      [5432, 6379],
    ],
    ['a port probe', forPorts(3306, 5432), [3306, 5432]],
    [
      'a changed group',
      groupFinding({ type: 'item:AWS::EC2::SecurityGroup' }),
      [20, 21, 22, 3306, 3389, 4333],
    ],
    [
      'a group named by a person',
      groupFinding({ source: 'manual', type: 'manual' }),
      [20, 21, 22, 3306, 3389, 4333],
    ],
  ])('%s', async (_name, finding, ports) => {
    const every = [20, 21, 22, 443, 3306, 3389, 4333, 5432, 6379, 8080]
    const rules = every.map((port) => rule('0.0.0.0/0', { FromPort: port, ToPort: port }))
    const planned = await stepsFor(groupModel(rules), [finding])
    expect(revoked(planned)).toEqual(idsOf(...rules.filter(({ FromPort = 0 }) => ports.includes(FromPort))))
  })

  const open = (port: number) => rule('0.0.0.0/0', { FromPort: port, ToPort: port })

  test.each([80, 443, 8080, 8443])(
    'a web port that is only probed (%i) is not closed, and why is said',
    async (port) => {
      expect(await planFor(groupModel([open(port)]), [forPorts(port)])).toEqual({
        kind: 'notApplicable',
        reason: expect.stringMatching(
          `^tcp ${port} is a web port, which is meant to be open: wafv2-block-attacker-ip`,
        ),
      })
    },
  )

  test('beside a web port the other probed ports are closed, and the plan says what stays', async () => {
    const rules = [open(22), open(443)]
    const planned = await stepsFor(groupModel(rules), [forPorts(22, 443)])
    expect(revoked(planned)).toEqual(idsOf(rules[0]!))
    expect(planned.warnings?.join()).toContain('not closed: tcp 443 is a web port')
    expect(planned.cautions).toEqual([])
  })

  test('a probed web port that goes with a range is a reason to ask first', async () => {
    const all = rule('0.0.0.0/0', { FromPort: 0, ToPort: 65535 })
    const planned = await stepsFor(groupModel([all]), [forPorts(22, 443)])
    expect(planned.cautions).toEqual([expect.stringContaining('tcp 443 goes with a range of ports')])
    expect(planned.warnings?.join()).not.toContain('not closed')
  })

  test('a web port that only a list of AWS names is closed when a person says so', async () => {
    const listed = groupFinding({ source: 'securityhub', type: 'EC2.19' })
    const rules = [open(22), open(8080)]
    const planned = await stepsFor(groupModel(rules), [listed])
    expect(revoked(planned)).toEqual(idsOf(...rules))
    expect(planned.cautions).toEqual(['tcp 8080 is closed: a web site may answer there'])

    const wanted = groupFinding({
      type: 'RESTRICTED_INCOMING_TRAFFIC',
      evidence: { ruleParameters: { blockedPort1: '8080' } },
    })
    expect((await stepsFor(groupModel([open(8080)]), [listed, wanted])).cautions).toEqual([])
    const named = playbook.parameters.parse({ ports: [22, 8080] })
    expect((await stepsFor(groupModel(rules), [listed], named)).cautions).toEqual([])
  })

  test('a web port that Inspector can reach stays open, and another that it can reach is closed', async () => {
    const reached = (...ports: number[]) =>
      groupFinding({
        source: 'inspector',
        type: 'NETWORK_REACHABILITY',
        evidence: { ports, groups: [GROUP] },
      })
    expect(await planFor(groupModel([open(443)]), [reached(443)])).toMatchObject({ kind: 'notApplicable' })
    const rules = [open(22), open(443)]
    expect(revoked(await stepsFor(groupModel(rules), [reached(22, 443)]))).toEqual(idsOf(rules[0]!))
  })

  test('which web ports are spared is for the policy to say; none with an empty list', async () => {
    const rules = [open(443), open(9443)]
    const other = playbook.parameters.parse({ webPorts: [9443] })
    expect(revoked(await stepsFor(groupModel(rules), [forPorts(443, 9443)], other))).toEqual(idsOf(rules[0]!))
    const none = playbook.parameters.parse({ webPorts: [] })
    expect(revoked(await stepsFor(groupModel(rules), [forPorts(443, 9443)], none))).toEqual(idsOf(...rules))
  })

  test.each([
    ['a port probe', forPorts(22, 443, 3389), [22, 443]],
    ['restricted-ssh', groupFinding(), [22]],
    [
      'restricted-common-ports with parameters',
      groupFinding({
        type: 'RESTRICTED_INCOMING_TRAFFIC',
        evidence: { ruleParameters: { blockedPort1: '5432', blockedPort2: '3389' } },
      }),
      [5432],
    ],
    [
      'restricted-common-ports without parameters',
      groupFinding({ type: 'RESTRICTED_INCOMING_TRAFFIC' }),
      [22, 443, 5432],
    ],
    ['a changed group', groupFinding({ type: 'item:AWS::EC2::SecurityGroup' }), [22, 443, 5432]],
    ['a group named by a person', groupFinding({ source: 'manual', type: 'manual' }), [22, 443, 5432]],
  ])('ports that the policy sets hold for %s', async (_, finding, ports) => {
    const rules = [22, 443, 3306, 3389, 5432].map(open)
    const set = playbook.parameters.parse({ ports: [22, 443, 5432] })
    const planned = await stepsFor(groupModel(rules), [finding], set)
    expect(revoked(planned)).toEqual(idsOf(...rules.filter(({ FromPort = 0 }) => ports.includes(FromPort))))
  })

  test('a finding about other ports than the policy sets is not applicable, with both told', async () => {
    const set = playbook.parameters.parse({ ports: [22, 3389] })
    expect(await planFor(groupModel([open(22), open(9200)]), [forPorts(9200)], set)).toEqual({
      kind: 'notApplicable',
      reason: 'the finding is about tcp 9200; parameters.ports of the policy closes only tcp 22, 3389',
    })
    const { warnings } = await stepsFor(groupModel([open(22), open(9200)]), [forPorts(22, 9200)], set)
    expect(warnings).toContain('not closed: tcp 9200: parameters.ports does not name it')
  })

  test('a port that the policy leaves open is told as open, not taken for compliance', async () => {
    const set = playbook.parameters.parse({ ports: [22, 3389] })
    expect(await planFor(groupModel([open(9200)]), [forPorts(22, 9200)], set)).toMatchObject({
      kind: 'notApplicable',
      reason: 'tcp 9200 stays open: parameters.ports closes only tcp 22, 3389',
    })
    expect(await planFor(groupModel([open(443)]), [forPorts(22, 443)])).toMatchObject({
      kind: 'notApplicable',
      reason: expect.stringContaining('tcp 443 is a web port'),
    })
    const closed = await planFor(groupModel([open(8888)]), [forPorts(22, 9200)], set)
    expect(closed).toMatchObject({ kind: 'compliant' })
  })

  test('a run with several findings closes the ports of all of them', async () => {
    const rules = [rule('0.0.0.0/0'), rule('0.0.0.0/0', { FromPort: 3389, ToPort: 3389 })]
    const findings = [groupFinding(), groupFinding({ type: 'RESTRICTED_INCOMING_TRAFFIC' })]
    expect(revoked(await stepsFor(groupModel(rules), findings))).toEqual(idsOf(...rules))
  })

  test('a port probe without ports is not guessed at', async () => {
    expect(await planFor(groupModel([rule('0.0.0.0/0')]), [forPorts()])).toMatchObject({
      kind: 'notApplicable',
    })
  })

  test('the plan says which other ports go with a range', async () => {
    const ranges = [rule('0.0.0.0/0', { FromPort: 0, ToPort: 65535 }), rule('::/0', { IpProtocol: '-1' })]
    const { warnings } = await stepsFor(groupModel(ranges))
    expect(warnings).toEqual([
      `${ranges[1]?.SecurityGroupRuleId} from ::/0 also closes every other port and protocol`,
      `${ranges[0]?.SecurityGroupRuleId} from 0.0.0.0/0 also closes tcp 0-21, 23-65535`,
    ])
  })

  test('the policy may name other ports, prefixes and another threshold, and nothing else', async () => {
    const eighth = rule('8.0.0.0/5')
    expect(await planFor(groupModel([eighth]))).toMatchObject({ kind: 'compliant' })
    const stricter = playbook.parameters.parse({ threshold: 0.03 })
    expect(revoked(await stepsFor(groupModel([eighth]), [groupFinding()], stricter))).toEqual(idsOf(eighth))
    const beyond = playbook.parameters.parse({ maxPrefixV4: 4, threshold: 0.03 })
    expect(await planFor(groupModel([eighth]), [groupFinding()], beyond)).toMatchObject({
      kind: 'notApplicable',
    })
    expect(() => playbook.parameters.parse({ port: 22 })).toThrow()
  })
})
