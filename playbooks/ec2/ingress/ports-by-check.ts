import type { Finding } from '../../../src/findings/finding.ts'
import { ANY_PORT, areWritten, isAboutAll } from './authorized-ports.ts'

/** The TCP ports of Security Hub's controls (user guide, "Security Hub controls for Amazon EC2"); they take no parameters. */
const OF_CONTROL: Readonly<Record<string, readonly number[]>> = {
  'EC2.13': [22],
  'EC2.14': [3389],
  'EC2.19': [
    20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080,
    8088, 8888, 9200, 9300,
  ],
  'EC2.53': [22, 3389],
  'EC2.54': [22, 3389],
}
export const CONTROLS = [...Object.keys(OF_CONTROL), 'EC2.18']

const TO_PORT = 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_'
/** Where everything is open, Prowler passes all its checks of single ports. */
const TO_ALL = 'ec2_securitygroup_allow_ingress_from_internet_to_all_ports'
/** What counts as high risk is each scan's own setting: the finding says which of those ports are open. */
const TO_HIGH_RISK = 'ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports'
export const CHECKS = [`${TO_PORT}*`, TO_ALL, TO_HIGH_RISK, ANY_PORT]

/**
 * The TCP ports that a detector's check is about: told by its id or by the finding. Undefined for findings that are
 * about a group and no port: all is open, the group was changed, a person named it.
 */
export function portsOfCheck({ source, type, evidence }: Finding): readonly number[] | undefined {
  switch (source) {
    case 'guardduty':
    case 'inspector':
    case 'trustedadvisor':
      return evidence.ports ?? []
    case 'securityhub':
      return OF_CONTROL[type] ?? []
    case 'prowler':
      if (type === TO_HIGH_RISK) return evidence.ports ?? []
      return type === TO_ALL ? undefined : portsInName(type)
    default:
      return undefined
  }
}

/** Whether the ports of a finding are on a list that nobody of the account wrote: a web port on it may be meant. */
export function isListed(finding: Finding): boolean {
  if (finding.source === 'config') return isAboutAll(finding) && !areWritten(finding)
  return ['securityhub', 'trustedadvisor', 'prowler'].includes(finding.source)
}

/** Whether a finding says only that a port can be reached, which is what a web port is for. */
export const isSeenOpen = ({ source }: Finding): boolean => source === 'guardduty' || source === 'inspector'

/** `…_tcp_port_mongodb_27017_27018`; a name that ends in no number tells none. */
function portsInName(check: string): number[] {
  if (!check.startsWith(TO_PORT)) return []
  const [, numbers = ''] = /^(?:[a-z_]+_)?(\d+(?:_\d+)*)$/.exec(check.slice(TO_PORT.length)) ?? []
  const ports = numbers === '' ? [] : numbers.split('_').map(Number)
  return ports.every((port) => port <= 65_535) ? ports : []
}
