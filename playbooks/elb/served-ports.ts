import type { Listener } from '@aws-sdk/client-elastic-load-balancing-v2'
import { type Reader, Unplannable } from '../../src/playbook/playbook.ts'
import { admitsTcp, type IngressRule } from '../ec2/ingress/ingress.ts'

/** A port at which a listener answers. */
export interface Served {
  protocol: 'tcp' | 'udp'
  port: number
}

/** The load balancers that wear a group, and where they answer. */
export interface Serving {
  balancers: string[]
  served: Served[]
}

/**
 * Where the load balancers answer that wear a group: all of them, because a rule is for each. Errors: `Unplannable` for
 * a protocol that is not known.
 */
export async function servedThrough(aws: Reader, group: string): Promise<Serving> {
  const all = await aws.list('elb', 'DescribeLoadBalancers', {}, 'LoadBalancers')
  const wearing = all.filter(({ SecurityGroups = [] }) => SecurityGroups.includes(group))
  const listeners = await Promise.all(
    wearing.map(({ LoadBalancerArn }) =>
      aws.list('elb', 'DescribeListeners', { LoadBalancerArn }, 'Listeners'),
    ),
  )
  return {
    balancers: wearing.map(({ LoadBalancerName = '' }) => LoadBalancerName).sort(),
    served: listeners.flat().flatMap(servedBy),
  }
}

/** Of each protocol of a listener (API reference, CreateListener). */
const CARRIED_BY: Record<string, Served['protocol'][]> = {
  HTTP: ['tcp'],
  HTTPS: ['tcp'],
  TCP: ['tcp'],
  TLS: ['tcp'],
  UDP: ['udp'],
  TCP_UDP: ['tcp', 'udp'],
  QUIC: ['udp'],
  TCP_QUIC: ['tcp', 'udp'],
}

function servedBy({ Protocol, Port, ListenerArn }: Listener): Served[] {
  const carried = Protocol && CARRIED_BY[Protocol]
  if (!carried || Port === undefined)
    throw new Unplannable(`listener ${ListenerArn} speaks "${Protocol}" at port ${Port}, which is not known`)
  return carried.map((protocol) => ({ protocol, port: Port }))
}

export interface Judged {
  /** Rules for ports only at which nothing answers. */
  idle: IngressRule[]
  /** Rules for such ports and for others at which something does. */
  mixed: IngressRule[]
}

/** Which rules let in at ports without a listener. ICMP, and protocols that have no ports, are none of them. */
export function judged(rules: readonly IngressRule[], served: readonly Served[]): Judged {
  const ofPorts = rules.filter(({ protocol }) => PORTED.has(protocol))
  const used = (rule: IngressRule) => new Set(served.filter((each) => admits(rule, each)).map(textOf))
  return {
    idle: ofPorts.filter((rule) => used(rule).size === 0),
    mixed: ofPorts.filter((rule) => used(rule).size > 0 && used(rule).size < sizeOf(rule)),
  }
}

const PORTED: ReadonlySet<string> = new Set(['tcp', '6', 'udp', '17', '-1'])
const textOf = ({ protocol, port }: Served): string => `${protocol} ${port}`

function admits({ protocol, from, to }: IngressRule, served: Served): boolean {
  const asTcp = protocol === '17' || protocol === 'udp' ? 'tcp' : protocol
  const isOfProtocol = protocol === '-1' || (asTcp !== protocol) === (served.protocol === 'udp')
  return isOfProtocol && admitsTcp({ protocol: asTcp, from, to }, served.port)
}

/** How many ports a rule lets in at; those of both protocols where it is for all. */
function sizeOf({ protocol, from, to }: IngressRule): number {
  if (protocol === '-1') return 2 * 65_536
  return from === -1 ? 65_536 : to - from + 1
}
