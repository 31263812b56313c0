import type { CutTraffic, Traffic } from '../../../playbook/network/traffic.ts'
import type { SummaryList } from '../summary-list.ts'
import type { TrafficSummary } from './traffic-tally.ts'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `512 B`, `1.4 MB`: by thousands. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const number = bytes / 1000 ** power
  return `${number < 10 && power > 0 ? Number(number.toFixed(1)) : Math.round(number)} ${UNITS[power]}`
}

/** `tcp 22 from 0.0.0.0/0: 12 flows, 3.1 kB, from 2 sources, last 2026-11-20T09:00:00.000Z` */
export function cutText({ what, interfaces, flows, bytes, sources, lastSeen, unknown }: CutTraffic): string {
  const all = unknown.length > 0 ? `; not all is known: ${unknown.join('; ')}` : ''
  if (flows === null) return `${what}: nobody can tell: ${unknown.join('; ')}`
  if (flows === 0 && interfaces === 0)
    return `${what}: nothing, for no network interface is behind it now${all}`
  const now = interfaces === 1 ? 'the network interface' : `the ${interfaces} network interfaces`
  if (flows === 0) return `${what}: no accepted flow was seen at ${now} of now${all}`
  const last = lastSeen === undefined ? '' : `, last ${lastSeen}`
  return `${what}: ${flows} flows, ${bytesText(bytes)}, ${sources} addresses${last}${all}`
}

/** A line for each piece of what a plan cuts off; none where nobody asked. */
export const trafficLines = (traffic: Traffic | undefined): string[] => (traffic?.cuts ?? []).map(cutText)

/** What is read before any single run. */
export function trafficLists({ cuts, untold }: TrafficSummary): SummaryList[] {
  return [
    {
      name: 'What traffic the changes would cut off, most first',
      head: ['Resource', 'Playbook', 'What', 'Flows', 'Bytes', 'Addresses', 'Last seen'],
      rows: cuts.map(({ resource, playbook, what, flows, bytes, sources, lastSeen = '' }) => [
        ...[resource, playbook, what, flows, bytesText(bytes), sources, lastSeen],
      ]),
    },
    {
      name: 'Of what traffic nobody can tell all',
      head: ['Why', 'Plans'],
      rows: untold.map(({ why, plans }) => [why, plans]),
    },
  ]
}

/** How much was asked, in a sentence; empty where nothing was. */
export function trafficSentence(traffic: TrafficSummary): string {
  const { asked, busy, unknown, doubtful, scannedBytes, since, until } = traffic
  if (asked === 0) return ''
  const partly = doubtful - unknown
  const told = [
    `${busy} had traffic between ${since} and ${until}`,
    ...(unknown > 0 ? [`of ${unknown} nobody can tell`] : []),
    ...(partly > 0 ? [`of ${partly} not all is known`] : []),
  ]
  const cut = asked === 1 ? 'plan cuts' : 'plans cut'
  return `${asked} ${cut} off a way through the network: ${told.join(', ')}; ${bytesText(scannedBytes)} of flow logs were read`
}
