import type { ParseResult, RejectionCode } from '../../findings/finding.ts'
import { compileWhatIsHot } from '../compilers.ts'

/** From so many findings on it takes less time to compile what is hot than to go without. */
const MANY = 2_000

/** What is remembered of results that pass: why some could not be read. Where there are many, what is hot is compiled. */
export class SeenResults {
  readonly unread = new Set<RejectionCode>()
  #count = 0

  add(results: readonly ParseResult[]): void {
    const before = this.#count
    for (const { findings, rejected } of results) {
      for (const { code } of rejected) this.unread.add(code)
      this.#count += findings.length + rejected.length
    }
    if (before < MANY && this.#count >= MANY) compileWhatIsHot()
  }
}
