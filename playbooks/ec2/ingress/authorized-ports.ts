import type { Finding } from '../../../src/findings/finding.ts'
import type { IngressRule } from './ingress.ts'

/**
 * Findings for which every port is wrong that is open to the world, but for those that are authorized: the rule
 * vpc-sg-open-only-to-authorized-ports, the control EC2.18 that is made of it, Prowler's check of any port.
 */

type Protocol = 'tcp' | 'udp'
interface PortRange {
  from: number
  to: number
}
export type AuthorizedPorts = Record<Protocol, PortRange[]>

const RULE = 'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS'
const CONTROL = 'EC2.18'
export const ANY_PORT = 'ec2_securitygroup_allow_ingress_from_internet_to_any_port'

/** What Security Hub's control authorizes where a finding does not say otherwise (user guide, "EC2.18"). */
const OF_CONTROL = { authorizedTcpPorts: '80,443' }

const PARAMETERS = { tcp: 'authorizedTcpPorts', udp: 'authorizedUdpPorts' } as const
const LAST_PORT = 65_535

/** Whether a finding is about all ports but some. */
export const isAboutAll = ({ source, type }: Pick<Finding, 'source' | 'type'>): boolean =>
  (source === 'config' && type === RULE) ||
  (source === 'securityhub' && type === CONTROL) ||
  (source === 'prowler' && type === ANY_PORT)

/** Whether somebody of the account has written down which ports are authorized. */
export const areWritten = ({ type, evidence }: Finding): boolean =>
  type === RULE && evidence.ruleParameters?.[PARAMETERS.tcp] !== undefined

/** The ports that such a finding leaves open; a sentence: why they are not known. */
export function authorizedPorts({ type, evidence }: Finding): AuthorizedPorts | string {
  const { ruleName, ruleParameters, ruleUnread } = evidence
  const rule = ruleName === undefined ? 'the rule' : `rule ${ruleName}`
  if (type === RULE && !ruleParameters) return ruleUnread ?? `the parameters of ${rule} were not read`
  const given = type === CONTROL ? { ...OF_CONTROL, ...ruleParameters } : (ruleParameters ?? {})
  const read = (protocol: Protocol) => rangesIn(given[PARAMETERS[protocol]] ?? '')
  const [tcp, udp] = [read('tcp'), read('udp')]
  if (tcp && udp) return { tcp, udp }
  const name = PARAMETERS[tcp ? 'udp' : 'tcp']
  return `parameter ${name}: ${given[name]} of ${rule} is not understood`
}

/** `443,1020-1025` */
function rangesIn(text: string): PortRange[] | undefined {
  if (text.trim() === '') return []
  const ranges = text.split(',').map((part) => /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part))
  const read = ranges.map((range) => ({ from: Number(range?.[1]), to: Number(range?.[2] ?? range?.[1]) }))
  return read.every(({ from, to }) => from <= to && to <= LAST_PORT) ? read : undefined
}

/**
 * The ports that some rules let in, one for each run of ports that all of them, the authorization and `apart` treat
 * alike: what is true of it is true of the run. Sorted.
 * @param apart ports that are told apart from their neighbours
 */
export function portsLetIn(
  rules: readonly IngressRule[],
  protocol: Protocol,
  authorized: readonly PortRange[],
  apart: readonly number[],
): { authorized: number[]; others: number[] } {
  const own = rules.flatMap((rule) => portsOf(rule, protocol) ?? [])
  const bounds = [...own, ...authorized, ...apart.map((port) => ({ from: port, to: port }))]
  const starts = new Set(bounds.flatMap(({ from, to }) => [from, to + 1]))
  const letIn = [...starts].filter((port) => isIn(own, port)).sort((a, b) => a - b)
  return {
    authorized: letIn.filter((port) => isIn(authorized, port)),
    others: letIn.filter((port) => !isIn(authorized, port)),
  }
}

const isIn = (ranges: readonly PortRange[], port: number): boolean =>
  ranges.some(({ from, to }) => from <= port && port <= to)

const NUMBERS: Record<Protocol, string> = { tcp: '6', udp: '17' }

function portsOf({ protocol, from, to }: IngressRule, wanted: Protocol): PortRange | undefined {
  const isAll = protocol === '-1'
  if (!isAll && protocol !== wanted && protocol !== NUMBERS[wanted]) return undefined
  return isAll || from === -1 ? { from: 0, to: LAST_PORT } : { from, to }
}

/** Whether a rule lets in what has no ports (ICMP, ESP): no finding about ports means it. */
export const hasNoPorts = (rule: IngressRule): boolean =>
  portsOf(rule, 'tcp') === undefined && portsOf(rule, 'udp') === undefined

/** Whether a rule lets a port of the protocol in. */
export function admits(rule: IngressRule, protocol: Protocol, port: number): boolean {
  const ports = portsOf(rule, protocol)
  return ports !== undefined && isIn([ports], port)
}
