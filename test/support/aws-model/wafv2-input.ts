import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { canonicalCidr } from '../../../src/playbook/network/addresses.ts'
import { refusalOf } from '../../../src/sandbox/overlay/wafv2-input.ts'
import { type Fields, failure, listOf } from './failure.ts'

/** Refuses what WAF refuses before it looks at anything: missing and unknown fields, forms, a scope in the wrong place. */
export function checkInput(operation: string, input: Fields, region: string): void {
  const refusal = refusalOf(operation, input, region)
  if (refusal) throw failure(`wafv2:${operation}`, refusal.code, refusal.message)
}

/** The addresses as WAF stores them; it refuses bare addresses and /0, masks host bits and writes IPv6 out in full. */
export function storedAddresses(given: unknown, version: 'IPV4' | 'IPV6', action: string): string[] {
  const addresses = listOf<string>(given).map((address) => {
    const invalid = () => failure(action, 'WAFInvalidParameterException', `invalid address ${address}`)
    if (address.length > 50 || !ipaddr.isValidCIDR(address)) throw invalid()
    const [parsed, prefix] = ipaddr.parseCIDR(address)
    if (prefix === 0 || (parsed.kind() === 'ipv4') !== (version === 'IPV4')) throw invalid()
    return canonicalCidr(address)
  })
  if (addresses.length > 10_000) throw failure(action, 'WAFLimitsExceededException')
  return [...new Set(addresses)]
}

/** An id as WAF makes them, the same for the same text. */
export function idOf(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex')
  return [8, 4, 4, 4, 12]
    .reduce<string[]>((parts, length) => {
      const from = parts.join('').length
      parts.push(digits.slice(from, from + length))
      return parts
    }, [])
    .join('-')
}
