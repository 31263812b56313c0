/** The account of the benchmark: security groups by number, of which every tenth is not open to the world. */

export const ACCOUNT = '123456789012'
export const REGION = 'eu-west-1'

export interface World {
  /** How many groups there are. */
  groups: number
  /** ms added to the answer of each call. */
  delayMs: number
  /** When EC2 says `RequestLimitExceeded`: to the call of this number (from 1), or by a token bucket. */
  throttle?: { call: number } | { size: number; perSecond: number }
}

export interface Rule {
  id: string
  group: string
  egress: boolean
  protocol: string
  port: number
  /** Ready XML: the benchmark measures the caller, so the server does as little as it can for each answer. */
  xml: string
}

export function groupId(number: number): string {
  return `sg-${number.toString(16).padStart(17, '0')}`
}

export function isOpen(number: number): boolean {
  return number % 10 !== 9
}

/** SSH from two offices, from everywhere in both families where the group is open, and the usual egress rule. */
export function rulesOf(number: number): Rule[] {
  const world = isOpen(number) ? ['0.0.0.0/0', '::/0'] : []
  const sources = ['10.0.0.0/8', '192.0.2.0/24', ...world]
  const ingress = sources.map((source, index) => rule(number, index, source))
  return [...ingress, rule(number, sources.length, '0.0.0.0/0', true)]
}

function rule(number: number, index: number, source: string, egress = false): Rule {
  const group = groupId(number)
  const id = `sgr-${(number * 16 + index).toString(16).padStart(17, '0')}`
  const [protocol, port] = egress ? ['-1', -1] : ['tcp', 22]
  const cidr = source.includes(':') ? `<cidrIpv6>${source}</cidrIpv6>` : `<cidrIpv4>${source}</cidrIpv4>`
  const xml =
    `<item><securityGroupRuleId>${id}</securityGroupRuleId><groupId>${group}</groupId>` +
    `<groupOwnerId>${ACCOUNT}</groupOwnerId><isEgress>${egress}</isEgress><ipProtocol>${protocol}</ipProtocol>` +
    `<fromPort>${port}</fromPort><toPort>${port}</toPort>${cidr}<description>rule ${index}</description>` +
    `<tagSet><item><key>owner</key><value>team-${number % 7}</value></item></tagSet></item>`
  return { id, group, egress, protocol: protocol!, port: Number(port), xml }
}

export function groupXml(number: number): string {
  return (
    `<item><ownerId>${ACCOUNT}</ownerId><groupId>${groupId(number)}</groupId><groupName>group-${number}</groupName>` +
    `<groupDescription>benchmark</groupDescription><vpcId>vpc-0bench</vpcId>` +
    `<tagSet><item><key>environment</key><value>prod</value></item></tagSet></item>`
  )
}

/** Each group is worn by one interface. */
export function interfaceXml(number: number): string {
  return (
    `<item><networkInterfaceId>eni-${number.toString(16).padStart(17, '0')}</networkInterfaceId>` +
    `<interfaceType>interface</interfaceType><status>in-use</status><vpcId>vpc-0bench</vpcId>` +
    `<groupSet><item><groupId>${groupId(number)}</groupId><groupName>group-${number}</groupName></item></groupSet></item>`
  )
}
