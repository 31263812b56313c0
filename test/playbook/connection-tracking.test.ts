import { describe, expect, test } from '@jest/globals'
import { openEgress, sessionsNote } from '../../playbooks/ec2/ingress/connection-tracking.ts'
import { rule } from '../support/security-group.ts'

const out = (source: string, more = {}) =>
  rule(source, { IsEgress: true, IpProtocol: '-1', FromPort: -1, ToPort: -1, ...more })
const tcp = (FromPort: number, ToPort: number) => ({ IpProtocol: 'tcp', FromPort, ToPort })

describe('the families for which a group lets everything out', () => {
  test.each([
    ['no rule', [], []],
    ['all traffic of IPv4', [out('0.0.0.0/0')], [4]],
    ['all traffic of both', [out('0.0.0.0/0'), out('::/0')], [4, 6]],
    ['all ports of TCP', [out('0.0.0.0/0', tcp(0, 65_535))], [4]],
    ['some ports', [out('0.0.0.0/0', tcp(443, 443)), out('::/0', tcp(1, 65_535))], []],
    ['all of another protocol', [out('0.0.0.0/0', { ...tcp(0, 65_535), IpProtocol: 'udp' })], []],
    ['half of the world', [out('0.0.0.0/1'), out('128.0.0.0/1')], []],
    ['a prefix list', [out('pl-0world')], []],
    ['the same as ingress', [rule('0.0.0.0/0', { IpProtocol: '-1' })], []],
  ])('%s: %j', (_, rules, families) => {
    expect(openEgress(rules)).toEqual(families)
  })
})

describe('what is said of the sessions of revoked rules', () => {
  const [v4, v6, half] = [
    { id: 'sgr-4', source: '0.0.0.0/0' },
    { id: 'sgr-6', source: '::/0' },
    { id: 'sgr-half', source: '0.0.0.0/1' },
  ]
  const [server, balancer] = [
    { id: 'eni-1', mayCut: true },
    { id: 'eni-2', mayCut: false },
  ]

  test.each([
    ['IPv4', [v4], [4]],
    ['IPv6', [v6], [6]],
    ['both', [v4, v6], [4, 6]],
    ['another spelling of the world', [{ id: 'sgr', source: '208.236.235.254/0' }], [4]],
  ] as const)('they end at once where no flow is tracked: %s', (_, revoked, egress) => {
    expect(sessionsNote(revoked, egress, [server])).toMatch(/end at once(?!.*go on)/)
  })

  test.each([
    ['half of the world', [half], [4, 6], [server]],
    ['egress that is not all open', [v4], [], [server]],
    ['egress that is all open for the other family alone', [v4], [6], [server]],
    ['a prefix list', [{ id: 'sgr', source: 'pl-0world' }], [4, 6], [server]],
    ['interfaces that are always tracked', [v4, v6], [4, 6], [balancer]],
  ] as const)('they go on, and how to cut them is said: %s', (_, revoked, egress, interfaces) => {
    const note = sessionsNote(revoked, egress, interfaces)
    expect(note).toMatch(/^existing sessions go on until they end.*to cut them.*network ACL/)
    expect(note).not.toContain('at once')
  })

  test.each([
    [
      'by some of the rules',
      [v4, v6],
      [4],
      [server],
      'through sgr-4 end at once; other existing sessions go on',
    ],
    ['at some of the interfaces', [v4], [4], [server, balancer], 'in at eni-1 end at once; other existing'],
    ['both', [v4, half], [4], [balancer, server], 'in through sgr-4 at eni-1 end at once; other'],
  ] as const)('some end and some go on, %s', (_, revoked, egress, interfaces, said) => {
    expect(sessionsNote(revoked, egress, interfaces)).toContain(said)
  })

  test('nothing is said where nobody wears the group, or nothing is revoked', () => {
    expect(sessionsNote([v4], [4], [])).toBeUndefined()
    expect(sessionsNote([], [4], [server])).toBeUndefined()
  })
})
