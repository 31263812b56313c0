import ipaddr from 'ipaddr.js'
import { at, list, port, text } from '../../fields.ts'
import type { Remote } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'

/**
 * Every remote address of a finding, once per address, local port and direction: all details of a port probe, a
 * network connection, and the callers of AWS, Kubernetes and database log-ins. IPv4 and IPv6 where both are told.
 * A DNS request or a runtime event has none.
 */
export function remotes(body: Fields): Remote[] {
  const action = actionOf(body)
  const found = [...portProbe(action), ...connection(action), ...callers(action)]
  const byText = new Map(found.map((each) => [`${each.address} ${each.localPort} ${each.direction}`, each]))
  return [...byText.values()]
}

/** The local ports of the port probe or connection, ascending; also those of which no remote address is told. */
export function localPorts(body: Fields): number[] {
  const action = actionOf(body)
  const all = [...probeDetails(action), at(action, 'networkConnectionAction')].map(localPort)
  return [...new Set(all.filter((port) => port !== undefined))].sort((a, b) => a - b)
}

const actionOf = (body: Fields): unknown => at(body, 'service.action')

function probeDetails(action: unknown): unknown[] {
  return list(action, 'portProbeAction.portProbeDetails')
}

function portProbe(action: unknown): Remote[] {
  return probeDetails(action).flatMap((detail) => remotesOf(detail, 'INBOUND'))
}

function connection(action: unknown): Remote[] {
  const made = at(action, 'networkConnectionAction')
  const said = text(made, 'connectionDirection')
  return remotesOf(made, said === 'INBOUND' || said === 'OUTBOUND' ? said : undefined)
}

/** Calls come over AWS's own endpoints: no local port, no direction. */
function callers(action: unknown): Remote[] {
  const kubernetes = at(action, 'kubernetesApiCallAction')
  const sources = [...list(kubernetes, 'sourceIPs'), ...list(kubernetes, 'sourceIps')]
  return [
    ...remotesOf(at(action, 'awsApiCallAction')),
    ...remotesOf(kubernetes),
    ...sources
      .filter((address) => typeof address === 'string' && address !== '')
      .map((address) => ({ address: unmapped(address as string) })),
    ...remotesOf(at(action, 'rdsLoginAttemptAction')),
  ] as Remote[]
}

function remotesOf(action: unknown, direction?: 'INBOUND' | 'OUTBOUND'): Remote[] {
  if (action === undefined) return []
  const ours = localPort(action)
  const told = at(action, 'remoteIpDetails')
  return [text(told, 'ipAddressV4'), text(told, 'ipAddressV6')]
    .filter((address) => address !== undefined)
    .map((address) => ({
      address: unmapped(address),
      ...(ours !== undefined && { localPort: ours }),
      ...(direction !== undefined && { direction }),
    }))
}

/** `::ffff:192.0.2.7` is 192.0.2.7 as a socket of IPv6 sees it: one caller, and blocked as IPv4 or not at all. */
function unmapped(address: string): string {
  // Nearly no address is one, and to read an address takes longer than the rest of it.
  if (!/ffff:/i.test(address) || !ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : address
}

const localPort = (action: unknown): number | undefined => port(action, 'localPortDetails.port')
