import { expect, test } from '@jest/globals'
import { findingPorts } from '../../../playbooks/ec2/ingress/finding-ports.ts'
import type { Evidence, Source } from '../../../src/findings/finding.ts'
import { groupFinding } from '../../support/security-group.ts'

const TO = 'ec2_securitygroup_allow_ingress_from_internet_to_'
const OTHERWISE = [20, 22]
const portsOf = (source: Source, type: string, evidence: Evidence = {}) =>
  findingPorts([groupFinding({ source, type, evidence })], OTHERWISE)

test.each<[Source, string, number[]]>([
  ['securityhub', 'EC2.13', [22]],
  ['securityhub', 'EC2.14', [3389]],
  ['securityhub', 'EC2.53', [22, 3389]],
  ['securityhub', 'EC2.54', [22, 3389]],
  ['prowler', `${TO}tcp_port_22`, [22]],
  ['prowler', `${TO}tcp_port_kafka_9092`, [9092]],
  ['prowler', `${TO}tcp_port_sql_server_1433_1434`, [1433, 1434]],
  ['prowler', `${TO}tcp_port_elasticsearch_kibana_9200_9300_5601`, [5601, 9200, 9300]],
])('%s %s is about ports %j, which it names itself', (source, type, ports) => {
  expect(portsOf(source, type)).toEqual(ports)
})

test('EC2.19 is about the 24 ports of the user guide, whatever else is open', () => {
  const ports = portsOf('securityhub', 'EC2.19')
  expect(ports).toHaveLength(24)
  expect(ports).toEqual(expect.arrayContaining([20, 22, 23, 25, 1433, 3306, 3389, 5432, 8080, 8888, 9300]))
  expect(ports).not.toContain(80)
  expect(ports).not.toContain(443)
})

test.each<[Source, string]>([
  ['trustedadvisor', 'HCP4007jGY'],
  ['prowler', `${TO}high_risk_tcp_ports`],
  ['inspector', 'NETWORK_REACHABILITY'],
  ['guardduty', 'Recon:EC2/PortProbe'],
])('%s %s is about the ports that it tells, and about none where it tells none', (source, type) => {
  expect(portsOf(source, type, { ports: [5500, 21] })).toEqual([21, 5500])
  expect(portsOf(source, type)).toEqual([])
})

test.each<[Source, string]>([
  ['prowler', `${TO}tcp_port_of_99999`],
  ['prowler', `${TO}tcp_port_22_or_so`],
])('%s %s has ports that nobody told: none, never all', (source, type) => {
  expect(portsOf(source, type)).toEqual([])
})

test.each<[Source, string]>([
  ['prowler', `${TO}all_ports`],
  ['cloudtrail', 'ec2:AuthorizeSecurityGroupIngress'],
  ['config', 'item:AWS::EC2::SecurityGroup'],
  ['manual', 'ec2-close-open-ingress'],
])('%s %s is about a group and no port: those that are looked for otherwise', (source, type) => {
  expect(portsOf(source, type)).toEqual(OTHERWISE)
})
