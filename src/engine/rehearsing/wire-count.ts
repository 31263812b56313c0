import type { TracedCall } from '../../aws/clients.ts'
import type { Aws } from '../../aws/port.ts'
import { entryOf, type Services } from '../../aws/services.ts'
import type { ApiCall } from '../../playbook/api.ts'
import { canonicalJson } from '../../playbook/json.ts'
import { tellingReader } from './counted-reads.ts'

/** What was counted of an action of AWS in one account and region: what was asked, and what went over the wire for it. */
export interface WireEntry {
  account: string
  region: string
  /** IAM action. */
  action: string
  /** Reads that the engine asked for. */
  asked: number
  /** Those that anybody here asked for: of them calls were made. */
  askedByAll: number
  /** Calls that were made: fewer than were asked for where reads were joined, more where lists have pages. */
  calls: number
  /** The fewest calls that as many reads take: all that can be joined is, and equal ones are made once. */
  fewest: number
  /** Further attempts at calls: AWS said that it was too fast, or did not answer. */
  retries: number
  /** What the calls took together. */
  ms: number
  /** What the quickest of them took, which the fewest others held up; 0 where there was none. */
  quickestMs: number
}

/** Different inputs of an action that are told apart; of more each counts as another. */
const MOST_TOLD_APART = 1_000

/** What is kept of an action while it is counted. */
interface Counted extends Omit<WireEntry, 'fewest'> {
  /** Reads that can be joined, and how many of them in one call. */
  joinable: number
  most: number
  /** Of all others, those that differ. */
  inputs: Set<string>
  further: number
}

/**
 * Counts what a rehearsal asks of AWS, and what goes over the wire for it: reads that are asked for at one time are joined, and
 * lists have pages, so one is not the other.
 */
export class WireCount {
  readonly #counts = new Map<string, Counted>()

  /** @param home the caller's own account: a call that says no other is made there */
  entries(home: string): WireEntry[] {
    const own = [...this.#counts.values()].map((one) => ({ ...one, account: one.account || home }))
    return [...Map.groupBy(own, keyOf).values()].map((same) => {
      const { account, region, action } = same[0]!
      const sum = (of: (one: Counted) => number) => same.reduce((all, one) => all + of(one), 0)
      const [askedByAll, calls] = [sum((one) => one.askedByAll), sum((one) => one.calls)]
      const pages = askedByAll === 0 ? 1 : Math.max(1, calls / askedByAll)
      const apart = sum((one) => one.inputs.size + one.further) * pages
      const joined = Math.ceil(sum(({ joinable, most }) => joinable / most))
      return {
        ...{ account, region, action, askedByAll, calls },
        ...{ asked: sum((one) => one.asked), retries: sum((one) => one.retries), ms: sum((one) => one.ms) },
        fewest: Math.min(calls, apart + joined),
        quickestMs: calls === 0 ? 0 : Math.min(...same.map((one) => one.quickestMs)),
      }
    })
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
    count.quickestMs = Math.min(count.quickestMs, ms)
  }

  /**
   * The same AWS, which counts what is read through it.
   * @param isEngine whether what is read is what the real thing would read, too
   */
  counting(aws: Aws, isEngine: boolean): Aws {
    return {
      ...aws,
      reader: ({ account, ...place }, reads, warn) =>
        tellingReader(aws.reader({ account, ...place }, reads, warn), (region, call) => {
          const count = this.#of({ account, region, action: aws.services.iamAction(call) })
          count.askedByAll += 1
          if (isEngine) count.asked += 1
          note(count, aws.services, call)
        }),
    }
  }

  #of(place: Pick<WireEntry, 'account' | 'region' | 'action'>): Counted {
    const key = keyOf(place)
    const { account, region, action } = place
    const count = this.#counts.get(key) ?? {
      ...{ account, region, action, asked: 0, askedByAll: 0, calls: 0, retries: 0, ms: 0 },
      quickestMs: Number.POSITIVE_INFINITY,
      ...{ joinable: 0, most: 1, inputs: new Set(), further: 0 },
    }
    this.#counts.set(key, count)
    return count
  }
}

/** With how many others a read could go. */
function note(count: Counted, services: Services, call: ApiCall): void {
  const how = entryOf(services.of(call).joinable, call.operation)
  if (how?.ids(call.input)) {
    count.joinable += 1
    count.most = how.most
    return
  }
  if (count.inputs.size < MOST_TOLD_APART) count.inputs.add(canonicalJson(call.input))
  else count.further += 1
}

const keyOf = ({ account, region, action }: Pick<WireEntry, 'account' | 'region' | 'action'>): string =>
  `${account} ${region} ${action}`
