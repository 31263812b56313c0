import { MOST_LISTED } from '../../counts.ts'
import { PlanCounts } from './plan-counts.ts'

/** A resource that more than one plan changes. */
export interface RepeatedResource {
  /** ARN. */
  resource: string
  plans: number
  /** Ids, in the order in which they came. */
  playbooks: string[]
}

/** So many names are kept before the least of them go. */
const MOST_KEPT = 4 * MOST_LISTED

/**
 * Finds the resources that most plans change. Names are kept of those only that may be among them: whatever is at the end
 * was from its last plan on, because the plans of others only grow.
 */
export class RepeatedTally {
  readonly #counts = new PlanCounts()
  /** By row. */
  #names = new Map<number, string>()

  add(resource: string, playbook: string): void {
    const { row, plans } = this.#counts.add(resource, playbook)
    if (plans < 2) return
    this.#names.set(row, resource)
    if (this.#names.size > MOST_KEPT) this.#names = new Map(this.#most())
  }

  /** Most plans first; of equally many the first that came. */
  list(): RepeatedResource[] {
    return this.#most().map(([row, resource]) => ({
      resource,
      plans: this.#counts.plansOf(row),
      playbooks: this.#counts.playbooksOf(row),
    }))
  }

  #most(): [row: number, resource: string][] {
    const plansOf = ([row]: [number, string]) => this.#counts.plansOf(row)
    return [...this.#names].sort((a, b) => plansOf(b) - plansOf(a) || a[0] - b[0]).slice(0, MOST_LISTED)
  }
}
