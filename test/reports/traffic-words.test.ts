import { describe, expect, test } from '@jest/globals'
import { type CutTraffic, type Traffic, trafficSum } from '../../src/playbook/network/traffic.ts'
import { csvReport } from '../../src/reports/rehearsal/rehearsal-csv.ts'
import { summaryOf } from '../../src/reports/rehearsal/summary.ts'
import { cutText, trafficSentence } from '../../src/reports/rehearsal/traffic/traffic-words.ts'
import { rehearsal, rehearsed } from '../support/sample-rehearsal.ts'

const TIME = { since: '2026-11-23T11:45:00.000Z', until: '2026-11-30T11:45:00.000Z' }
const cut = (flows: number | null, ...unknown: string[]): CutTraffic => {
  const why = flows === null && unknown.length === 0 ? ['no flow log tells of it'] : unknown
  const counted = { flows, bytes: 100 * (flows ?? 0), sources: flows === null ? 0 : 1 }
  return { what: 'tcp 22 from 0.0.0.0/0', interfaces: 2, ...counted, unknown: why }
}
const traffic = (...cuts: CutTraffic[]): Traffic => ({ ...TIME, cuts, scannedBytes: 1_000 })

describe('the traffic of a plan', () => {
  test.each([
    ['all cuts together', [cut(3), cut(4)], 7],
    ['none where all of them have none', [cut(0), cut(0)], 0],
    ['not known where one is not and the others have none', [cut(0), cut(null)], null],
    ['so much at least where one is not known and another has some', [cut(5), cut(null)], 5],
    ['not known where none is', [cut(null), cut(null)], null],
  ])('is %s', (_, cuts, flows) => {
    expect(trafficSum(traffic(...cuts))).toEqual({ flows, bytes: 100 * (flows ?? 0) })
  })

  test('stands in CSV with why not all is known, and is never none where nobody knows', async () => {
    const report = csvReport()
    for (const each of [traffic(cut(0)), traffic(cut(0), cut(null)), traffic(cut(5), cut(null)), undefined])
      report.run(rehearsed(each && { traffic: each }))
    const whole = await report.end({ at: '', titles: {}, incomplete: [] }, summaryOf(rehearsal()))
    const [head, ...lines] = Buffer.concat([...whole])
      .toString()
      .trimEnd()
      .split('\r\n')
    const at = head!.split(',').indexOf('flows')
    expect(head!.split(',').slice(at, at + 3)).toEqual(['flows', 'bytes', 'flows not known'])
    const width = head!.split(',').length
    expect(lines.map((line) => line.split(',').slice(at - width, at - width + 3))).toEqual([
      ['0', '0', ''],
      ['', '', 'no flow log tells of it'],
      ['5', '500', 'no flow log tells of it'],
      ['', '', ''],
    ])
  })

  test('is said to be about the interfaces of now', () => {
    expect(cutText(cut(0))).toBe(
      'tcp 22 from 0.0.0.0/0: no accepted flow was seen at the 2 network interfaces of now',
    )
    expect(cutText({ ...cut(0, 'why'), interfaces: 0 })).toMatch(/behind it now; not all is known: why$/)
  })
})

describe('the traffic of a rehearsal', () => {
  const sentenceOf = (...all: Traffic[]) =>
    trafficSentence(summaryOf(rehearsal({ runs: all.map((each) => rehearsed({ traffic: each })) })).traffic)

  test('counts plans of which nobody can tell apart from those of which not all is known', () => {
    const all = [
      traffic(cut(null)),
      traffic(cut(null), cut(null)),
      traffic(cut(0), cut(null)),
      traffic(cut(5)),
    ]
    expect(sentenceOf(...all)).toBe(
      `4 plans cut off a way through the network: 1 had traffic between ${TIME.since} and ${TIME.until}, of 2 nobody can tell, of 1 not all is known; 4 kB of flow logs were read`,
    )
    const runs = all.map((each) => rehearsed({ traffic: each }))
    expect(summaryOf(rehearsal({ runs })).traffic).toMatchObject({
      asked: 4,
      busy: 1,
      unknown: 2,
      doubtful: 3,
    })
  })

  test('counts a plan that has some traffic, whatever nobody can tell of the rest', () => {
    expect(sentenceOf(traffic(cut(5), cut(null)))).toMatch(
      /: 1 had traffic between .*, of 1 not all is known;/,
    )
  })
})
