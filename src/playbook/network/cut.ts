/**
 * Network traffic that a change cuts off, as far as a playbook knows: at whose interfaces, and who comes from where (or,
 * outwards, is gone to). Plain JSON. What another rule of the same interface lets through as well is in it, too.
 */
export interface Cut {
  /** For a person: `tcp 22 from 0.0.0.0/0`. */
  what: string
  /** Default: in. */
  direction?: 'in' | 'out'
  at: CutAt
  /** IANA's number, 6 for TCP; absent: all. */
  protocol?: number
  /** First and last port at the end that is reached; absent: all. */
  ports?: readonly [first: number, last: number]
  peers: CutPeers
  /** Why some of what is counted may not be of this change, a sentence. */
  doubt?: string
}

/** Network interfaces that wear any of these groups, or stand in any of these subnets. */
export interface CutAt {
  groups?: readonly string[]
  subnets?: readonly string[]
  /** Only those that this service of AWS has made for itself: `amazon-rds`. */
  requester?: string
  /** Or those at which it writes this: `RDSNetworkInterface`. */
  described?: string
}

/** Who is on the other end. */
export interface CutPeers {
  /** CIDR ranges. */
  ranges: readonly string[]
  /** CIDR ranges within them that get through as before. */
  except?: readonly string[]
  /** Security groups of this account whose interfaces are meant. */
  groups?: readonly string[]
  /** Whom a change cuts off besides, and nobody can say by addresses: `pl-63a5400a`. */
  unresolved?: readonly string[]
}

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 }

/** IANA's number of a protocol as EC2 says it: `tcp`, `6`; undefined for all of them. */
export function protocolNumber(protocol: string): number | undefined {
  if (protocol === '-1') return undefined
  const number = NUMBERS[protocol.toLowerCase()] ?? Number(protocol)
  return Number.isInteger(number) ? number : undefined
}
