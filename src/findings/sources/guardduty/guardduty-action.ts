import { accountAt } from '../../account.ts'
import { at, flag, list, port, text } from '../../fields.ts'
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
  if (found.length < 2) return found
  const byText = new Map(found.map((each) => [`${each.address} ${each.localPort} ${each.direction}`, each]))
  return [...byText.values()]
}

/** The local ports of the port probe or connection, ascending; also those of which no remote address is told. */
export function localPorts(body: Fields): number[] {
  const action = actionOf(body)
  const all = [...probeDetails(action), at(action, 'networkConnectionAction')].flatMap(
    (each) => localPort(each) ?? [],
  )
  return all.length < 2 ? all : [...new Set(all)].sort((a, b) => a - b)
}

/**
 * Whether an action is the call of another account on a resource of this one: then the key that it was made with is that
 * account's. API reference, RemoteAccountDetails.
 * @param action `service.action`
 */
export function isForeignCall(action: unknown, account: string): boolean {
  const caller = at(action, 'awsApiCallAction.remoteAccountDetails')
  return (accountAt(caller, 'accountId') ?? account) !== account || flag(caller, 'affiliated') === false
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
  return [
    ...remotesOf(at(action, 'awsApiCallAction')),
    ...kubernetesCallers(at(action, 'kubernetesApiCallAction')),
    ...remotesOf(at(action, 'rdsLoginAttemptAction')),
  ]
}

function kubernetesCallers(action: unknown): Remote[] {
  if (action === undefined) return []
  const sources = [...list(action, 'sourceIPs'), ...list(action, 'sourceIps')]
  const told = sources.filter((address) => typeof address === 'string' && address !== '')
  return [...remotesOf(action), ...told.map((address) => ({ address: unmapped(address as string) }))]
}

function remotesOf(action: unknown, direction?: 'INBOUND' | 'OUTBOUND'): Remote[] {
  if (action === undefined) return []
  const told = at(action, 'remoteIpDetails')
  if (told === undefined) return []
  const ours = localPort(action)
  return [text(told, 'ipAddressV4'), text(told, 'ipAddressV6')]
    .filter((address) => address !== undefined)
    .map((address) => ({
      address: unmapped(address),
      ...(ours !== undefined && { localPort: ours }),
      ...(direction !== undefined && { direction }),
    }))
}

/** Addresses of which it takes a parser to tell whether they are IPv4-mapped (RFC 4291, 2.5.5.2). */
const MAYBE_MAPPED = /^[0:]*:ffff:[\da-f:.]+$/i
const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/

/**
 * `::ffff:192.0.2.7` is 192.0.2.7 as a socket of IPv6 sees it: one caller, and blocked as IPv4 or not at all. The parser is
 * that of URLs, which writes each address in one way: a library for that would be a tenth of what `triage` reads.
 */
function unmapped(address: string): string {
  const url = `http://[${address}]`
  if (!MAYBE_MAPPED.test(address) || !URL.canParse(url)) return address
  const [, high, low] = MAPPED.exec(new URL(url).hostname) ?? []
  if (high === undefined || low === undefined) return address
  return [high, low]
    .flatMap((hex) => [Number.parseInt(hex, 16) >> 8, Number.parseInt(hex, 16) & 0xff])
    .join('.')
}

const localPort = (action: unknown): number | undefined => port(action, 'localPortDetails.port')
