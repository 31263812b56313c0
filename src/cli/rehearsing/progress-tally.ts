import type { Rejection } from '../../findings/finding.ts'
import type { Run } from '../../run/run.ts'
import type { Ended } from '../program/exit-status.ts'

/** What a rehearsal has come to so far, in numbers: what of it is needed when it has ended, and for saying how far it is. */
export class ProgressTally {
  /** Runs, those of before an interruption included. */
  runs = 0
  #done = 0
  #ofWindow = 0
  /** Findings of the window under way that a run has dealt with. */
  readonly #seen = new Set<string>()
  readonly #ends = new Map<string, Ended['runs'][number]>()
  readonly #codes = new Set<Rejection['code']>()

  /** A further window begins, with so many findings. */
  window(findings: number): void {
    this.#done += this.#ofWindow
    this.#ofWindow = findings
    this.#seen.clear()
  }

  run({ state, outcome, findings }: Run): void {
    this.runs += 1
    for (const { id } of findings) this.#seen.add(id)
    this.#ends.set(`${state} ${outcome}`, { state, outcome })
  }

  ignored(count: number): void {
    this.#done += count
    this.#ofWindow -= count
  }

  rejected({ code }: Rejection): void {
    this.#codes.add(code)
  }

  /** Findings that are dealt with, since this process began. */
  get findings(): number {
    return this.#done + Math.min(this.#ofWindow, this.#seen.size)
  }

  /** What the exit status is read from. */
  get ended(): Ended {
    return {
      runs: [...this.#ends.values()],
      rejected: [...this.#codes].map((code) => ({ code })),
    }
  }
}
