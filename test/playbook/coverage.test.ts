import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type AddressRange,
  BadAddressRange,
  coverage,
  coverageOf,
  isInternal,
  parseRange,
  publicShare,
} from '../../playbooks/ec2/ingress/coverage.ts'

/** Ranges within a window of 256 addresses. */
const range = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
  .map(([a, b]): AddressRange => ({ start: BigInt(Math.min(a, b)), end: BigInt(Math.max(a, b)) }))
const ranges = fc.array(range, { maxLength: 8 })
/** A sorted list of ranges without overlap. */
const space = fc
  .uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
  .map((addresses) =>
    addresses
      .toSorted((a, b) => a - b)
      .map((address): AddressRange => ({ start: BigInt(address), end: BigInt(address) })),
  )
const holds = (list: readonly AddressRange[], address: bigint): boolean =>
  list.some(({ start, end }) => start <= address && address <= end)

const cidrV4 = fc
  .tuple(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 32 }))
  .map(([octets, prefix]) => `${octets.join('.')}/${prefix}`)
const cidrV6 = fc
  .tuple(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), fc.integer({ min: 0, max: 128 }))
  .map(([groups, prefix]) => `${groups.map((group) => group.toString(16)).join(':')}/${prefix}`)

describe('what the union of ranges covers', () => {
  test('is what counting address by address gives', () => {
    fc.assert(
      fc.property(space, ranges, (space, ranges) => {
        const window = Array.from({ length: 256 }, (_, address) => BigInt(address))
        const total = window.filter((address) => holds(space, address))
        const covered = total.filter((address) => holds(ranges, address))
        const counted = coverageOf(space, ranges)
        expect(counted.total).toBe(BigInt(total.length))
        expect(counted.covered).toBe(BigInt(covered.length))
      }),
    )
  })

  test.each([
    [4, cidrV4],
    [6, cidrV6],
  ] as const)('never shrinks by one range more, whatever their order (IPv%s)', (family, cidr) => {
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 10 }), cidr, (cidrs, more) => {
        const before = coverage(family, cidrs)
        const after = coverage(family, [more, ...cidrs])
        expect(after.covered).toBeGreaterThanOrEqual(before.covered)
        expect(after.covered).toBeLessThanOrEqual(after.total)
        expect(coverage(family, [...cidrs, more].reverse())).toEqual(after)
      }),
    )
  })

  test.each([
    [4, cidrV4],
    [6, cidrV6],
  ] as const)('is the share that is told alone (IPv%s)', (family, cidr) => {
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 10 }), (cidrs) => {
        expect(publicShare(family, cidrs)).toBe(coverage(family, cidrs).share)
      }),
    )
  })

  test('a range cut in two covers what it covered whole', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.integer({ min: 0, max: 7 }), (octet, prefix) => {
        const whole = `${octet}.0.0.0/${prefix}`
        const start = Number(parseRange(4, whole).start >> 24n)
        const halves = [`${start}.0.0.0/${prefix + 1}`, `${start + 2 ** (7 - prefix)}.0.0.0/${prefix + 1}`]
        expect(coverage(4, halves)).toEqual(coverage(4, [whole]))
      }),
    )
  })
})

describe('the world', () => {
  test.each([
    [4, ['0.0.0.0/0']],
    [4, ['0.0.0.0/1', '128.0.0.0/1']],
    [4, ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2']],
    [4, ['208.236.235.254/0']],
    [6, ['::/0']],
    [6, ['0::/0']],
    [6, ['2000::/3']],
    [6, ['::/1', '8000::/1']],
  ] as const)('IPv%s %j is all of it', (family, cidrs) => {
    expect([coverage(family, cidrs).share, publicShare(family, cidrs)]).toEqual([1, 1])
  })

  test.each([
    [4, ['0.0.0.0/16']],
    [4, ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '224.0.0.0/4']],
    [6, ['fc00::/7', 'fe80::/10', '64:ff9b::/96', '8000::/1']],
    [4, []],
  ] as const)('IPv%s %j is none of it', (family, cidrs) => {
    expect(coverage(family, cidrs).covered).toBe(0n)
  })

  test('one half of IPv4 has more public addresses than the other, which multicast and reserved space cut down', () => {
    expect(coverage(4, ['0.0.0.0/1']).share).toBeCloseTo(0.565, 3)
    expect(coverage(4, ['128.0.0.0/1']).share).toBeCloseTo(0.435, 3)
  })

  test('a single address is one address', () => {
    expect(coverage(4, ['8.8.8.8', '8.8.8.8/32']).covered).toBe(1n)
    expect(coverage(6, ['2600::1']).covered).toBe(1n)
  })
})

describe('what is no address range', () => {
  test.each([
    '',
    '/0',
    '0.0.0.0/33',
    '0.0.0.0/',
    '300.0.0.0/8',
    '010.0.0.0/8',
    '0.0.0/0',
    '1.2.3.4/a',
    '::/0',
    'pl-1',
    'x',
  ])('%j is refused as IPv4, by name', (cidr) => {
    expect(() => publicShare(4, ['0.0.0.0/0', cidr])).toThrow(BadAddressRange)
  })
  test.each(['0.0.0.0/0', '::/129', 'fe80::1%eth0/64', ':::/0'])('%j is refused as IPv6', (cidr) => {
    expect(() => publicShare(6, ['::/0', cidr])).toThrow(BadAddressRange)
  })
})

test('ranges that networks use inside are told from wide ones that only contain them', () => {
  expect(
    ['10.0.0.0/8', '10.1.0.0/16', '100.64.0.0/10', 'fd00::/8', 'fe80::/64'].filter(isInternal),
  ).toHaveLength(5)
  expect(['0.0.0.0/4', '8000::/1', '9.0.0.0/8', '10.0.0.0/7'].filter(isInternal)).toEqual([])
})
