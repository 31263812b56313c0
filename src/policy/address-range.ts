import ipaddr from 'ipaddr.js'

/**
 * An address or a CIDR range as the range of its network address; undefined for what is none. Only the usual notation:
 * `0177.1` and IPv4 inside IPv6 would name another range than the reader thinks.
 */
export function addressRange(value: string): string | undefined {
  const range = value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(range)) {
    return `${ipaddr.IPv4.networkAddressFromCIDR(range)}/${ipaddr.IPv4.parseCIDR(range)[1]}`
  }
  if (!ipaddr.IPv6.isValidCIDR(range) || range.includes('%')) return undefined
  const [address, bits] = ipaddr.IPv6.parseCIDR(range)
  return address.isIPv4MappedAddress() ? undefined : `${ipaddr.IPv6.networkAddressFromCIDR(range)}/${bits}`
}
