import type { TracedCall } from '../../aws/clients.ts'
import type { Aws } from '../../aws/port.ts'
import { tellingReader } from './counted-reads.ts'

/** What was asked of one action of AWS in one account and region, and what went over the wire for it. */
export interface WireOfAction {
  /** Reads that the engine asked for. */
  asked: number
  /** Those that anybody here asked for: of them calls were made. */
  askedByAll: number
  /** Calls that were made. */
  calls: number
  /** Further attempts at them: AWS said that it was too fast, or did not answer. */
  retries: number
  /** What the calls took together. */
  ms: number
}

/** What was counted of an action somewhere. */
export type WireEntry = ActionPlace & WireOfAction

/** An action of AWS, where. */
export interface ActionPlace {
  account: string
  region: string
  /** IAM action. */
  action: string
}

/**
 * Counts what a rehearsal asks of AWS, and what goes over the wire for it: reads that are asked for at one time are joined, and
 * lists have pages, so one is not the other.
 */
export class WireCount {
  readonly #counts = new Map<string, WireEntry>()

  /** @param home the caller's own account: a call that says no other is made there */
  entries(home: string): WireEntry[] {
    const all = new Map<string, WireEntry>()
    for (const one of this.#counts.values()) {
      const account = one.account || home
      const key = keyOf({ ...one, account })
      const { asked = 0, askedByAll = 0, calls = 0, retries = 0, ms = 0 } = all.get(key) ?? {}
      all.set(key, {
        ...{ account, region: one.region, action: one.action },
        ...{ asked: asked + one.asked, askedByAll: askedByAll + one.askedByAll },
        ...{ calls: calls + one.calls, retries: retries + one.retries, ms: ms + one.ms },
      })
    }
    return [...all.values()]
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0
  }

  /** A call has ended. */
  call({ account = '', region = '', action, attempts, ms }: TracedCall): void {
    const count = this.#of({ account, region, action })
    count.calls += 1
    count.retries += attempts - 1
    count.ms += ms
  }

  /**
   * The same AWS, which counts what is read through it.
   * @param isEngine whether what is read is what the real thing would read, too
   */
  counting(aws: Aws, isEngine: boolean): Aws {
    return {
      ...aws,
      reader: (place, reads, warn) =>
        tellingReader(aws.reader(place, reads, warn), aws.services, (region, action) => {
          const count = this.#of({ account: place.account, region, action })
          count.askedByAll += 1
          if (isEngine) count.asked += 1
        }),
    }
  }

  #of(place: ActionPlace): WireOfAction {
    const key = keyOf(place)
    const { account, region, action } = place
    const count = this.#counts.get(key) ?? {
      ...{ account, region, action },
      ...{ asked: 0, askedByAll: 0, calls: 0, retries: 0, ms: 0 },
    }
    this.#counts.set(key, count)
    return count
  }
}

const keyOf = ({ account, region, action }: ActionPlace): string => `${account} ${region} ${action}`
