import { describe, expect, test } from '@jest/globals'
import { attackersOf, nothingToBlock } from '../../../playbooks/wafv2/attackers.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { on, probe } from './port-probe-finding.ts'

const WEB = [80, 443]
const NOTHING = { addresses: [] }

const blockable = (finding: Finding, ports: number[] | 'any' = WEB) =>
  attackersOf([finding], ports, NOTHING).blockable.map(({ address }) => address)

describe('who may be blocked', () => {
  test('all addresses of a probe, each once, in both families', () => {
    const remotes = [...on(80, '52.1.1.1', '52.1.1.2', '2600::1'), ...on(443, '52.1.1.1', '2600:0::1')]
    expect(blockable(probe({ remotes }))).toEqual(['52.1.1.1', '52.1.1.2', '2600::1'])
  })

  test('an IPv4-mapped address is blocked as the IPv4 address that it is', () => {
    const { blockable: all } = attackersOf([probe({ remotes: on(80, '::ffff:52.1.1.1') })], WEB, NOTHING)
    expect(all).toEqual([{ family: 4, address: '52.1.1.1', cidr: '52.1.1.1/32' }])
  })

  test('an address seen on a watched port and on another is blocked and not refused', () => {
    const remotes = [...on(22, '52.1.1.1'), ...on(80, '52.1.1.1')]
    expect(attackersOf([probe({ remotes })], WEB, NOTHING)).toMatchObject({ refused: [], blockable: [{}] })
  })

  test('the ports of the finding stand in where a remote has none', () => {
    expect(blockable(probe({ remotes: [{ address: '52.1.1.1' }], ports: [80] }))).toEqual(['52.1.1.1'])
    expect(blockable(probe({ remotes: [{ address: '52.1.1.1' }] }))).toEqual([])
    expect(blockable(probe({ remotes: [{ address: '52.1.1.1' }] }), 'any')).toEqual(['52.1.1.1'])
  })

  test('a connection that came in needs no role', () => {
    const { role: _, ...evidence } = probe({}).evidence
    const inbound = { address: '52.1.1.1', localPort: 80, direction: 'INBOUND' } as const
    expect(blockable(probe({}, { evidence: { ...evidence, remotes: [inbound] } }))).toEqual(['52.1.1.1'])
    expect(blockable(probe({}, { evidence: { ...evidence, remotes: on(80, '52.1.1.1') } }))).toEqual([])
  })
})

describe('who is refused', () => {
  const reasonFor = (finding: Finding, never: string[] = []) => {
    const found = attackersOf([finding], WEB, { addresses: never })
    expect(found.blockable).toEqual([])
    return nothingToBlock(found.refused)
  }

  test('the victim: our side acts', () => {
    const reason = reasonFor(probe({ role: 'ACTOR', remotes: on(80, '52.1.1.1') }))
    expect(reason).toContain('52.1.1.1: our resource is the one who acts')
  })

  test('the victim: the connection went out, although our side is the target', () => {
    const remotes = [{ address: '52.1.1.1', localPort: 80, direction: 'OUTBOUND' as const }]
    expect(reasonFor(probe({ remotes }))).toContain('the connection went out')
  })

  test.each([
    '10.0.0.5',
    '127.0.0.1',
    '169.254.169.254',
    '198.51.100.7',
    '::1',
    'fe80::1',
    '64:ff9b::808:808',
  ])('%s, which is no public address', (address) => {
    expect(reasonFor(probe({ remotes: on(80, address) }))).toContain(`${address}: not a public address`)
  })

  test('what the policy never blocks', () => {
    const reason = reasonFor(probe({ remotes: on(80, '52.1.1.1') }), ['52.1.0.0/16'])
    expect(reason).toContain('52.1.1.1: in 52.1.0.0/16, which the policy never blocks')
  })

  test('who came to a port that no web ACL watches', () => {
    expect(reasonFor(probe({ remotes: on(22, '52.1.1.1', '52.1.1.2') }))).toBe(
      'no address to block: 52.1.1.1, 52.1.1.2: seen on port 22; WAF is asked to watch 80, 443',
    )
  })

  test.each(['', 'unknown', 'evil.example.com'])('%j, which is no address', (address) => {
    expect(reasonFor(probe({ remotes: on(80, address) }))).toContain('not an IP address')
  })

  test('nobody, when the finding names nobody', () => {
    expect(reasonFor(probe({}))).toBe('the finding names no remote address')
  })
})
