import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { coverage, parseRange } from '../../playbooks/ec2/ingress/coverage.ts'
import { parseAddress } from '../../src/playbook/network/addresses.ts'
import { specialPurpose } from '../../src/playbook/network/special-addresses.ts'
import { SPECIAL_PURPOSE_V4, SPECIAL_PURPOSE_V6 } from '../../src/playbook/network/special-purpose.ts'

describe('the table of special-purpose ranges, held against IANA’s registries', () => {
  // https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry: an address of each
  // entry, and the RFC that the registry names for it.
  test.each([
    ['0.0.0.1', 'RFC 791'],
    ['10.1.2.3', 'RFC 1918'],
    ['100.64.0.1', 'RFC 6598'],
    ['127.0.0.1', 'RFC 1122'],
    ['169.254.169.254', 'RFC 3927'],
    ['172.16.0.1', 'RFC 1918'],
    ['192.0.0.200', 'RFC 6890'],
    ['192.0.0.7', 'RFC 7335'],
    ['192.0.0.8', 'RFC 7600'],
    ['192.0.0.9', 'RFC 7723'],
    ['192.0.0.10', 'RFC 8155'],
    ['192.0.0.170', 'RFC 8880'],
    ['192.0.0.171', 'RFC 8880'],
    ['192.0.2.1', 'RFC 5737'],
    ['192.31.196.1', 'RFC 7535'],
    ['192.52.193.1', 'RFC 7450'],
    ['192.88.99.1', 'RFC 7526'],
    ['192.168.0.1', 'RFC 1918'],
    ['192.175.48.1', 'RFC 7534'],
    ['198.18.0.1', 'RFC 2544'],
    ['198.51.100.1', 'RFC 5737'],
    ['203.0.113.1', 'RFC 5737'],
    ['240.0.0.1', 'RFC 1112'],
    ['255.255.255.255', 'RFC 8190'],
    ['224.0.0.1', 'RFC 5771'],
    ['::', 'RFC 4291'],
    ['::1', 'RFC 4291'],
    ['::8.8.8.8', 'RFC 4291'],
    ['::808:808', 'RFC 4291'],
    ['64:ff9b::8.8.8.8', 'RFC 6052'],
    ['64:ff9b:1::1', 'RFC 8215'],
    ['100::1', 'RFC 6666'],
    ['100:0:0:1::1', 'RFC 9780'],
    ['2001:1ff::1', 'RFC 2928'],
    ['2001::1', 'RFC 4380'],
    ['2001:1::1', 'RFC 7723'],
    ['2001:1::2', 'RFC 8155'],
    ['2001:1::3', 'RFC 9665'],
    ['2001:2::1', 'RFC 5180'],
    ['2001:3::1', 'RFC 7450'],
    ['2001:4:112::1', 'RFC 7535'],
    ['2001:10::1', 'RFC 4843'],
    ['2001:20::1', 'RFC 7343'],
    ['2001:30::1', 'RFC 9374'],
    ['2001:db8::1', 'RFC 3849'],
    ['2002::1', 'RFC 3056'],
    ['2620:4f:8000::1', 'RFC 7534'],
    ['3fff::1', 'RFC 9637'],
    ['3fff:fff:ffff::1', 'RFC 9637'],
    ['5f00::1', 'RFC 9602'],
    ['fc00::1', 'RFC 4193'],
    ['fe80::1', 'RFC 4291'],
    ['ff02::1', 'RFC 4291'],
  ])('%s is special by %s', (address, rfc) => {
    expect(specialPurpose(address)).toContain(`(${rfc}`)
  })

  test('an address is named by the narrowest range that holds it', () => {
    for (const table of [SPECIAL_PURPOSE_V4, SPECIAL_PURPOSE_V6]) {
      for (const [index, [cidr]] of table.entries()) {
        const [network, prefix] = ipaddr.parseCIDR(cidr)
        const wider = table.slice(0, index).find(([earlier]) => {
          const [start, bits] = ipaddr.parseCIDR(earlier)
          return bits <= prefix && network.match(start, bits)
        })
        expect([cidr, wider?.[0]]).toEqual([cidr, undefined])
      }
    }
  })

  test('no range of the tables counts as a part of the world', () => {
    for (const [cidr] of SPECIAL_PURPOSE_V4) expect([cidr, coverage(4, [cidr]).covered]).toEqual([cidr, 0n])
    for (const [cidr] of SPECIAL_PURPOSE_V6) expect([cidr, coverage(6, [cidr]).covered]).toEqual([cidr, 0n])
  })
})

describe('the table beside the one that ipaddr.js keeps', () => {
  const isSpecial = (address: string): boolean => specialPurpose(address) !== undefined
  const isSpecialThere = (address: string): boolean => ipaddr.process(address).range() !== 'unicast'
  const v4 = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  const v6 = (value: bigint): string =>
    Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':')

  /** Both ends of each range, and what lies just outside. */
  const edges = [
    ...SPECIAL_PURPOSE_V4.flatMap(([cidr]) => {
      const { start, end } = parseRange(4, cidr)
      return [start - 1n, start, end, end + 1n].filter((at) => at >= 0n && at < 1n << 32n).map(v4)
    }),
    ...SPECIAL_PURPOSE_V6.flatMap(([cidr]) => {
      const { start, end } = parseRange(6, cidr)
      return [start - 1n, start, end, end + 1n].filter((at) => at >= 0n && at < 1n << 128n).map(v6)
    }),
  ]
  const globalUnicast = fc
    .tuple(fc.integer({ min: 0x2000, max: 0x3fff }), fc.array(fc.nat(0xffff), { minLength: 7, maxLength: 7 }))
    .map(([first, rest]) => [first, ...rest].map((group) => group.toString(16)).join(':'))
  const address = fc.oneof(fc.constantFrom(...edges), fc.ipV4(), globalUnicast, fc.ipV6())

  test('knows whatever that one knows, and nothing more but what is not global unicast', () => {
    fc.assert(
      fc.property(address, (text) => {
        const parsed = parseAddress(text)
        fc.pre(parsed !== undefined)
        const plain = parsed!.address
        const outside = parsed!.family === 6 && !/^[23][0-9a-f]{3}:/.test(plain)
        expect([plain, isSpecial(plain)]).toEqual([plain, outside || isSpecialThere(plain)])
      }),
      { numRuns: 2_000 },
    )
  })
})
