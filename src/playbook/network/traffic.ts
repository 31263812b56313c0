/** What flow logs say of the traffic that a plan would cut off. Plain JSON. */
export interface Traffic {
  /** ISO 8601 UTC: the time that was asked about. */
  since: string
  until: string
  /** One for each piece of what is cut, as the playbook says it. */
  cuts: CutTraffic[]
  /** Bytes of logs that CloudWatch has read for it: what it charges by. */
  scannedBytes: number
  /** The rehearsal was interrupted before all was asked: it is made again when it goes on. */
  interrupted?: true
}

export interface CutTraffic {
  /** `tcp 22 from 0.0.0.0/0` */
  what: string
  /** Network interfaces at which it would be cut off; with none, nothing is. */
  interfaces: number
  /** Accepted flows, as flow logs count them; null: nobody can tell, and `unknown` says why. */
  flows: number | null
  bytes: number
  /** Different addresses on the other end; of very many CloudWatch gives an approximate number. */
  sources: number
  /** ISO 8601 UTC: the end of the last of these flows. */
  lastSeen?: string
  /** Why this is not all, or not known at all; a sentence each. */
  unknown: string[]
}

/** Why traffic is not known, or is more than is counted: each sentence once. */
export function whysIn({ cuts }: Pick<Traffic, 'cuts'>): string[] {
  return [...new Set(cuts.flatMap(({ unknown }) => unknown))]
}

/**
 * What all of a plan's cuts come to. Flows are null where some cut is not known and the others have none; where the others have
 * any, it is so many at least.
 */
export function trafficSum({ cuts }: Traffic): Pick<CutTraffic, 'flows' | 'bytes'> {
  const flows = cuts.reduce((sum, cut) => sum + (cut.flows ?? 0), 0)
  const isKnown = flows > 0 || cuts.every((cut) => cut.flows !== null)
  return { flows: isKnown ? flows : null, bytes: cuts.reduce((sum, { bytes }) => sum + bytes, 0) }
}
