/**
 * IP addresses and ranges: parsed by a library, never compared as text. Pure.
 * WAF's form (how `GetIPSet` answers): IPv6 in full, lower case and zero-padded, host bits masked, always a prefix.
 */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type Ip = ipaddr.IPv4 | ipaddr.IPv6
export type Range = [Ip, number]

export interface Address {
  family: 4 | 6
  /** RFC 5952 text: how EC2 writes it. */
  address: string
  /** The address alone as a range in WAF's form: `192.0.2.1/32`. */
  cidr: string
}

/**
 * Reads one address; an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) becomes the IPv4 address that it is.
 * Undefined for all that is not exactly one address: host names, ranges, ports, zones, octets with leading zeros.
 */
export function parseAddress(text: string): Address | undefined {
  const ip = parse(text.trim())
  if (!ip) return undefined
  const family = ip.kind() === 'ipv4' ? 4 : 6
  return { family, address: ip.toString(), cidr: wafForm(ip, family === 4 ? 32 : 128) }
}

/** The first of these ranges that holds the address. Throws when a range cannot be read: it may be the one. */
export function inRanges(address: string, cidrs: readonly string[]): string | undefined {
  const ip = parse(address)
  return ip && cidrs.find((cidr) => holds(parseRange(cidr), ip))
}

/**
 * A range in WAF's form, host bits masked; a bare address becomes a range of one. For comparing the entries of a
 * set: equal ranges give equal texts. What is no range comes back as it is, and equals only itself.
 */
export function canonicalCidr(text: string): string {
  const [address = '', prefix] = text.split('/')
  if (address.includes('%') || !isIP(address)) return text
  const ip = ipaddr.parse(inHex(address))
  const most = ip.kind() === 'ipv4' ? 32 : 128
  const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  return bits <= most ? wafForm(ip, bits) : text
}

/**
 * Undefined for what is not exactly one address: `node:net` is strict where ipaddr.js is lenient (octal octets, `127.1`),
 * but takes zones.
 */
export function parse(text: string): Ip | undefined {
  return isIP(text) && !text.includes('%') ? ipaddr.process(inHex(text)) : undefined
}

/**
 * An IPv6 address whose last 32 bits are written as IPv4 (RFC 4291 section 2.2), in hexadecimal: ipaddr.js takes
 * `::8.8.8.8` for the IPv4-mapped `::ffff:8.8.8.8`, which is another address.
 */
function inHex(address: string): string {
  return address.replace(/:(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number)
    return `:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
}

function wafForm(ip: Ip, prefix: number): string {
  const cidr = `${ip}/${prefix}`
  if (ip instanceof ipaddr.IPv4) return `${ipaddr.IPv4.networkAddressFromCIDR(cidr)}/${prefix}`
  const { parts } = ipaddr.IPv6.networkAddressFromCIDR(cidr)
  return `${parts.map((part) => part.toString(16).padStart(4, '0')).join(':')}/${prefix}`
}

/** A range of IPv4-mapped addresses stands for the IPv4 range, as the address does. */
export function parseRange(text: string): Range {
  const [ip, prefix] = ipaddr.parseCIDR(canonicalCidr(text))
  const mapped = ip instanceof ipaddr.IPv6 && ip.isIPv4MappedAddress() && prefix >= 96
  return mapped ? [ip.toIPv4Address(), prefix - 96] : [ip, prefix]
}

export function holds([network, prefix]: Range, ip: Ip): boolean {
  return network.kind() === ip.kind() && ip.match(network, prefix)
}
