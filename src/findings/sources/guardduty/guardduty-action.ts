import ipaddr from 'ipaddr.js'
import { at, list, port, text } from '../../fields.ts'
import type { Remote } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'

const ACTION = 'service.action'

/**
 * Every remote address of a finding, once per address, local port and direction: all details of a port probe, a
 * network connection, and the callers of AWS, Kubernetes and database log-ins. IPv4 and IPv6 where both are told.
 * A DNS request or a runtime event has none.
 */
export function remotes(body: Fields): Remote[] {
  const found = [...portProbe(body), ...connection(body), ...callers(body)]
  const byText = new Map(found.map((each) => [`${each.address} ${each.localPort} ${each.direction}`, each]))
  return [...byText.values()]
}

/** The local ports of the port probe or connection, ascending; also those of which no remote address is told. */
export function localPorts(body: Fields): number[] {
  const all = [...probeDetails(body), at(body, `${ACTION}.networkConnectionAction`)].map(localPort)
  return [...new Set(all.filter((port) => port !== undefined))].sort((a, b) => a - b)
}

function probeDetails(body: Fields): unknown[] {
  return list(body, `${ACTION}.portProbeAction.portProbeDetails`)
}

function portProbe(body: Fields): Remote[] {
  return probeDetails(body).flatMap((detail) => remotesOf(detail, 'INBOUND'))
}

function connection(body: Fields): Remote[] {
  const action = at(body, `${ACTION}.networkConnectionAction`)
  const said = text(action, 'connectionDirection')
  return remotesOf(action, said === 'INBOUND' || said === 'OUTBOUND' ? said : undefined)
}

/** Calls come over AWS's own endpoints: no local port, no direction. */
function callers(body: Fields): Remote[] {
  const kubernetes = at(body, `${ACTION}.kubernetesApiCallAction`)
  const sources = [...list(kubernetes, 'sourceIPs'), ...list(kubernetes, 'sourceIps')]
  return [
    ...remotesOf(at(body, `${ACTION}.awsApiCallAction`)),
    ...remotesOf(kubernetes),
    ...sources
      .filter((address) => typeof address === 'string' && address !== '')
      .map((address) => ({ address: unmapped(address as string) })),
    ...remotesOf(at(body, `${ACTION}.rdsLoginAttemptAction`)),
  ] as Remote[]
}

function remotesOf(action: unknown, direction?: 'INBOUND' | 'OUTBOUND'): Remote[] {
  const ours = localPort(action)
  return ['ipAddressV4', 'ipAddressV6']
    .map((version) => text(action, `remoteIpDetails.${version}`))
    .filter((address) => address !== undefined)
    .map((address) => ({
      address: unmapped(address),
      ...(ours !== undefined && { localPort: ours }),
      ...(direction !== undefined && { direction }),
    }))
}

/** `::ffff:192.0.2.7` is 192.0.2.7 as a socket of IPv6 sees it: one caller, and blocked as IPv4 or not at all. */
function unmapped(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : address
}

const localPort = (action: unknown): number | undefined => port(action, 'localPortDetails.port')
