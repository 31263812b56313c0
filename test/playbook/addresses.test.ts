import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalCidr, inRanges, parseAddress } from '../../src/playbook/network/addresses.ts'
import { specialPurpose } from '../../src/playbook/network/special-addresses.ts'

describe('reading an address', () => {
  test.each([
    ['8.8.8.8', 4, '8.8.8.8', '8.8.8.8/32'],
    [' 8.8.8.8\n', 4, '8.8.8.8', '8.8.8.8/32'],
    [
      '2A00:1450:4001:800::200E',
      6,
      '2a00:1450:4001:800::200e',
      '2a00:1450:4001:0800:0000:0000:0000:200e/128',
    ],
    // An IPv4-mapped address is the IPv4 address.
    ['::ffff:8.8.8.8', 4, '8.8.8.8', '8.8.8.8/32'],
    ['::FFFF:0808:0808', 4, '8.8.8.8', '8.8.8.8/32'],
    // An IPv4-compatible one is not, nor is any other that only ends in the notation of IPv4.
    ['::8.8.8.8', 6, '::808:808', '0000:0000:0000:0000:0000:0000:0808:0808/128'],
    ['::0.0.0.1', 6, '::1', '0000:0000:0000:0000:0000:0000:0000:0001/128'],
    ['64:ff9b::8.8.8.8', 6, '64:ff9b::808:808', '0064:ff9b:0000:0000:0000:0000:0808:0808/128'],
  ])('%j is IPv%i %s, for WAF %s', (text, family, address, cidr) => {
    expect(parseAddress(text)).toEqual({ family, address, cidr })
  })

  test.each([
    '',
    'unknown',
    'undefined/32',
    'ec2-52-1-1-1.compute.amazonaws.com',
    '8.8.8.8/32',
    '8.8.8.8:443',
    '[2a00::1]:443',
    'fe80::1%eth0',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '256.1.1.1',
    '134744072',
  ])('%j is not an address', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  test('every IPv4 address and its mapped form are the same address', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parseAddress(`::ffff:${text}`)).toEqual(parseAddress(text))
      }),
    )
  })

  test('an IPv6 address that ends in IPv4 notation is the address that the WHATWG URL parser reads', () => {
    const prefix = fc.constantFrom(
      '::',
      '::ffff:0:',
      '64:ff9b::',
      '64:ff9b:1::',
      '2001:db8::',
      '1:2:3:4:5:6:',
    )
    fc.assert(
      fc.property(prefix, fc.ipV4(), (before, octets) => {
        const { hostname } = new URL(`http://[${before}${octets}]/`)
        expect(parseAddress(before + octets)?.address).toBe(parseAddress(hostname.slice(1, -1))?.address)
        expect(canonicalCidr(`${before}${octets}/120`)).toBe(canonicalCidr(`${hostname.slice(1, -1)}/120`))
      }),
    )
  })
})

describe('special-purpose addresses', () => {
  // Both ends of each range.
  test.each([
    ['10.0.0.0', '10.255.255.255'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['169.254.0.0', '169.254.169.254'],
    ['0.0.0.0', '0.255.255.255'],
    ['192.0.0.0', '192.0.0.255'],
    ['192.0.2.0', '192.0.2.255'],
    ['198.51.100.0', '198.51.100.255'],
    ['203.0.113.0', '203.0.113.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['224.0.0.0', '239.255.255.255'],
    ['240.0.0.0', '255.255.255.255'],
    ['::', '::1'],
    ['fe80::', 'febf:ffff::1'],
    ['fc00::', 'fdff:ffff::1'],
    ['2001:db8::', '2001:db8:ffff:ffff::1'],
    ['64:ff9b::', '64:ff9b::808:808'],
    ['2002::', '2002:ffff::1'],
    ['2001::', '2001:0:ffff::1'],
    ['ff00::', 'ffff::1'],
    ['::ffff:10.0.0.5', '::ffff:127.0.0.1'],
  ])('%s and %s are', (first, last) => {
    expect(specialPurpose(first)).toEqual(expect.any(String))
    expect(specialPurpose(last)).toEqual(expect.any(String))
  })

  test.each([
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2600::1',
    '2a00:1450:4001:800::200e',
    '::ffff:8.8.8.8',
  ])('%s is not', (address) => {
    expect(specialPurpose(address)).toBeUndefined()
  })

  test('the range is named', () => {
    expect(specialPurpose('169.254.169.254')).toBe('link-local, instance metadata (RFC 3927)')
  })
})

describe('ranges', () => {
  test('the range that holds the address is named', () => {
    expect(inRanges('52.1.2.3', ['2600::/12', '52.1.2.0/25', '52.1.0.0/16'])).toBe('52.1.2.0/25')
    expect(inRanges('2600:1f00::7', ['52.1.0.0/16', '2600:1F00::/24'])).toBe('2600:1F00::/24')
  })

  test('a bare address is a range of one, host bits are masked and mapped ranges are IPv4', () => {
    expect(inRanges('52.1.2.3', ['52.1.2.3'])).toBe('52.1.2.3')
    expect(inRanges('52.1.2.3', ['52.1.2.99/24'])).toBe('52.1.2.99/24')
    expect(inRanges('52.1.2.3', ['::ffff:52.1.0.0/112'])).toBe('::ffff:52.1.0.0/112')
    expect(inRanges('52.1.2.4', ['52.1.2.3', '::/0'])).toBeUndefined()
  })

  test('a range that cannot be read is an error, because it may be the one', () => {
    expect(() => inRanges('52.1.2.3', ['office'])).toThrow()
  })
})

describe('the form in which WAF writes an entry', () => {
  test.each([
    ['52.1.2.3', '52.1.2.3/32'],
    ['52.1.2.3/24', '52.1.2.0/24'],
    ['2600::1', '2600:0000:0000:0000:0000:0000:0000:0001/128'],
    ['2600:ABCD:ffff::/33', '2600:abcd:8000:0000:0000:0000:0000:0000/33'],
    ['not a range', 'not a range'],
    ['52.1.2.3/33', '52.1.2.3/33'],
  ])('%s is %s', (text, written) => {
    expect(canonicalCidr(text)).toBe(written)
  })

  const cidr = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
  )

  test('writing it twice changes nothing', () => {
    fc.assert(
      fc.property(cidr, ([address, prefix]) => {
        const once = canonicalCidr(`${address}/${prefix}`)
        expect(canonicalCidr(once)).toBe(once)
        expect(once.length).toBeLessThanOrEqual(50)
      }),
    )
  })

  test('every address is in the range that is written for it', () => {
    fc.assert(
      fc.property(cidr, ([address, prefix]) => {
        const written = canonicalCidr(`${address}/${prefix}`)
        const inside = parseAddress(address)?.address ?? ''
        fc.pre(inside.includes(':') === written.includes(':'))
        expect(inRanges(inside, [written])).toBe(written)
      }),
    )
  })
})
