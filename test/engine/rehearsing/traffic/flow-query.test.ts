import { describe, expect, test } from '@jest/globals'
import { containsCidr } from 'cidr-tools'
import fc from 'fast-check'
import {
  DEFAULT_FIELDS,
  fieldsIn,
  flowQuery,
  lackingIn,
} from '../../../../src/engine/rehearsing/traffic/flow-query.ts'
import { answerOf } from '../../../../src/sandbox/overlay/insights/query-answer.ts'
import { queryIn } from '../../../../src/sandbox/overlay/insights/query-language.ts'

/** A format as EC2 has it: names in braces, after a dollar each. */
const formatOf = (...names: string[]) => names.map((name) => `$${`{${name}}`}`).join(' ')
const SSH = { protocol: 6, ports: [22, 22] as const, peers: { ranges: ['0.0.0.0/0', '::/0'] } }
const WEB = { id: 'eni-0a1', addresses: ['10.0.0.5', 'fd00::5'] }
const all = { fields: DEFAULT_FIELDS, acceptedOnly: false }

/** A record as the default format has it. */
interface Flow {
  eni: string
  from: string
  to: string
  port: number
  protocol: number
  bytes: number
  end: number
  action: string
}
const record = ({ eni, from, to, port, protocol, bytes, end, action }: Flow) =>
  `2 123456789012 ${eni} ${from} ${to} 49152 ${port} ${protocol} 7 ${bytes} ${end - 60} ${end} ${action} OK`

const asked = (text: string, flows: readonly Flow[], more: readonly string[] = []) =>
  answerOf(queryIn(text), [...flows.map(record), ...more]).rows

describe('a query about flow logs', () => {
  test('takes the fields out of a record by the format of the log, in its order', () => {
    const own = fieldsIn(
      formatOf(...['end', 'dstport', 'protocol', 'dstaddr', 'srcaddr', 'interface-id', 'bytes', 'action']),
    )!
    const { text } = flowQuery(SSH, [WEB], { fields: own, acceptedOnly: false })
    const line = '1700000000 22 6 10.0.0.5 203.0.113.9 eni-0a1 640 ACCEPT'
    expect(answerOf(queryIn(text), [line]).rows).toEqual([
      { flows: '1', all_bytes: '640', sources: '1', last_end: '1700000000' },
    ])
  })

  test('says which fields a format lacks, and asks for no action where the log has accepted flows only', () => {
    const own = fieldsIn(
      formatOf('interface-id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'bytes', 'end'),
    )!
    expect(lackingIn(own, true)).toEqual([])
    expect(lackingIn(own, false)).toEqual(['action'])
    expect(lackingIn(fieldsIn(formatOf('version', 'srcaddr'))!, true)).toContain('dstport')
    expect(flowQuery(SSH, [WEB], { fields: own, acceptedOnly: true }).text).not.toContain('ACCEPT')
  })

  test.each(['', 'json', formatOf('srcaddr', 'dstaddr').replace(' ', ',')])(
    'understands no format "%s"',
    (format) => {
      expect(fieldsIn(format)).toBeUndefined()
    },
  )

  test('is about as many interfaces as it has room for, and says how many', () => {
    const many = Array.from({ length: 400 }, (_, n) => ({
      id: `eni-${n}`,
      addresses: [`10.0.${n >> 8}.${n & 255}`],
    }))
    const { text, interfaces } = flowQuery(SSH, many, all)
    expect(text.length).toBeLessThanOrEqual(10_000)
    expect(interfaces).toBeGreaterThan(80)
    expect(interfaces).toBeLessThan(400)
    expect(text).toContain(`"eni-${interfaces - 1}"`)
    expect(text).not.toContain(`"eni-${interfaces}"`)
  })

  test('does not count what NODATA says nothing of', () => {
    const { text } = flowQuery(SSH, [WEB], all)
    const nodata = '2 123456789012 eni-0a1 - - - - - - - 1 2 - NODATA'
    expect(asked(text, [], [nodata])).toEqual([])
  })

  test('counts what SKIPDATA says of the interfaces apart, whatever the cut', () => {
    const { text } = flowQuery(SSH, [WEB], all)
    const skipped = (eni: string) => `2 123456789012 ${eni} - - - - - - - 1 2 - SKIPDATA`
    expect(asked(text, [], [skipped('eni-0a1'), skipped('eni-0a1'), skipped('eni-9')])).toMatchObject([
      { flow_log_status: 'SKIPDATA', flows: '2' },
    ])
  })

  test('never asks of a subnet that is all addresses', () => {
    const one = (...ranges: string[]) => flowQuery({ ...SSH, peers: { ranges } }, [WEB], all).text
    expect(one('0.0.0.0/0')).toContain('(isValidIpV4(flow_srcaddr))')
    expect(one('::/0', '10.0.0.0/8')).toContain(
      '(isValidIpV6(flow_srcaddr) or isIpv4InSubnet(flow_srcaddr, "10.0.0.0/8"))',
    )
    expect(one('0.0.0.0/0', '::/0')).not.toContain('InSubnet')
  })

  test('counts exactly what comes in at the interfaces, accepted, at the ports, from the ranges and not from the others', () => {
    const eni = fc.constantFrom('eni-0a1', 'eni-0b2', 'eni-0c3')
    const address = fc.constantFrom(
      '10.0.0.5',
      '10.0.0.6',
      '203.0.113.9',
      '198.51.100.7',
      '10.1.2.3',
      'fd00::5',
    )
    const flow = fc.record({
      ...{ eni, from: address, to: address },
      port: fc.constantFrom(21, 22, 23, 443),
      protocol: fc.constantFrom(6, 17),
      bytes: fc.nat(10_000),
      end: fc.integer({ min: 1_700_000_000, max: 1_700_000_999 }),
      action: fc.constantFrom('ACCEPT', 'REJECT'),
    })
    const interfaces = [WEB, { id: 'eni-0b2', addresses: ['10.0.0.6'] }]
    const cut = {
      ...{ protocol: 6, ports: [22, 23] as const },
      peers: { ranges: ['0.0.0.0/0'], except: ['10.0.0.0/8', '198.51.100.0/24'] },
    }
    fc.assert(
      fc.property(
        fc.array(flow, { maxLength: 40 }),
        fc.constantFrom('in' as const, 'out' as const),
        (flows, direction) => {
          const counted = flows.filter((one) => {
            const [own, other] = direction === 'in' ? [one.to, one.from] : [one.from, one.to]
            const at = interfaces.find(({ id }) => id === one.eni)
            return (
              one.action === 'ACCEPT' &&
              one.protocol === 6 &&
              (one.port === 22 || one.port === 23) &&
              at?.addresses.includes(own) === true &&
              !other.includes(':') &&
              !cut.peers.except.some((range) => containsCidr(range, other))
            )
          })
          const others = counted.map(({ from, to }) => (direction === 'in' ? from : to))
          const row = {
            ...{ flow_log_status: 'OK', flows: String(counted.length) },
            all_bytes: String(counted.reduce((sum, { bytes }) => sum + bytes, 0)),
            sources: String(new Set(others).size),
            last_end: String(Math.max(...counted.map(({ end }) => end))),
          }
          const rows = asked(flowQuery({ ...cut, direction }, interfaces, all).text, flows)
          expect(rows).toEqual(counted.length === 0 ? [] : [row])
        },
      ),
    )
  })
})
