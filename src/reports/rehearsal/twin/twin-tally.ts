import { TWIN_STATUSES, type TwinStatus } from '../../../run/rehearsed/twin.ts'
import type { Run } from '../../../run/run.ts'
import { Counts } from '../../counts.ts'

/** What became of the twins of a rehearsal. */
export interface TwinsSummary {
  /** How many came to what; absent where none was made. */
  twins?: Record<TwinStatus, number>
  /** Those that do not agree, and why, most first. */
  otherTwins?: { status: TwinStatus; playbook: string; why: string; plans: number }[]
}

/** What is counted of twins run by run: it holds no run. */
export class TwinTally {
  readonly #twins: Record<TwinStatus, number> = { agrees: 0, disagrees: 0, notShown: 0, notCopied: 0 }
  readonly #others = new Counts()

  add({ twin, playbook }: Run): void {
    if (!twin) return
    this.#twins[twin.status]++
    if (twin.status !== 'agrees') this.#others.add(twin.status, playbook, twin.why)
  }

  summary(): TwinsSummary {
    if (TWIN_STATUSES.every((status) => this.#twins[status] === 0)) return {}
    const otherTwins = this.#others.list(([status, playbook = '', why = ''], plans) => ({
      status: status as TwinStatus,
      ...{ playbook, why, plans },
    }))
    return { twins: this.#twins, otherTwins }
  }
}
