import { type CutTraffic, type Traffic, whysIn } from '../../../playbook/network/traffic.ts'
import type { Run } from '../../../run/run.ts'
import { Counts, MOST_LISTED } from '../../counts.ts'

/** A piece of what a plan would cut off, and had traffic. */
export interface BusyCut extends Pick<CutTraffic, 'what' | 'bytes' | 'sources' | 'lastSeen'> {
  /** ARN. */
  resource: string
  playbook: string
  flows: number
}

/** What flow logs say of the plans of a rehearsal. */
export interface TrafficSummary {
  /** Plans of which they were asked. */
  asked: number
  /** Of them those with traffic that would be cut off. */
  busy: number
  /** Of them those of which nobody can tell anything. */
  unknown: number
  /** Of them those of which not all is known, or nothing. */
  doubtful: number
  /** Bytes of logs that were read for it. */
  scannedBytes: number
  /** ISO 8601 UTC; absent where nothing was asked. */
  since?: string
  until?: string
  /** Most flows first. */
  cuts: BusyCut[]
  /** Why not all is known, most first. */
  untold: { why: string; plans: number }[]
}

/** So many are kept before the least of them go. */
const MOST_KEPT = 4 * MOST_LISTED

/** What is counted of traffic run by run: it holds no run. */
export class TrafficTally {
  #asked = 0
  #busy = 0
  #unknown = 0
  #doubtful = 0
  #scannedBytes = 0
  #time: Pick<Traffic, 'since' | 'until'> | undefined
  #cuts: BusyCut[] = []
  readonly #untold = new Counts()

  add({ resource, playbook, traffic }: Run): void {
    if (traffic === undefined) return
    this.#asked += 1
    this.#scannedBytes += traffic.scannedBytes
    this.#time ??= { since: traffic.since, until: traffic.until }
    if (traffic.cuts.some(({ flows }) => (flows ?? 0) > 0)) this.#busy += 1
    if (traffic.cuts.every(({ flows }) => flows === null)) this.#unknown += 1
    const whys = whysIn(traffic)
    if (whys.length > 0) this.#doubtful += 1
    for (const why of whys) this.#untold.add(why)
    for (const { what, flows, bytes, sources, lastSeen } of traffic.cuts) {
      if (flows === null || flows === 0) continue
      const seen = { bytes, sources, ...(lastSeen !== undefined && { lastSeen }) }
      this.#cuts.push({ resource, playbook, what, flows, ...seen })
    }
    if (this.#cuts.length > MOST_KEPT) this.#cuts = this.#most()
  }

  summary(): TrafficSummary {
    return {
      ...{ asked: this.#asked, busy: this.#busy, unknown: this.#unknown, doubtful: this.#doubtful },
      scannedBytes: this.#scannedBytes,
      ...this.#time,
      cuts: this.#most(),
      untold: this.#untold.list(([why = ''], plans) => ({ why, plans })),
    }
  }

  #most(): BusyCut[] {
    return this.#cuts.toSorted((a, b) => b.flows - a.flows || b.bytes - a.bytes).slice(0, MOST_LISTED)
  }
}
