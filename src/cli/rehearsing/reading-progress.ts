import { statSync } from 'node:fs'
import type { Listed } from '../../engine/asking/detector-listing.ts'
import type { EventInput } from '../input/events-input.ts'
import type { Output } from '../terminal/output.ts'
import { paceText } from '../terminal/pace-text.ts'
import type { Portion } from './portions.ts'
import type { ProgressTally } from './progress-tally.ts'

/** The line is written so often at most (ms). */
const EVERY_MS = 100

/** How far a rehearsal is, as one line at the bottom of a terminal. */
export class ReadingProgress {
  readonly #output: Output
  readonly #tally: ProgressTally
  readonly #all: number
  #bytes = 0
  #findings = 0
  #isReadWhole = false
  #asked = ''
  #begunAt: number | undefined
  #toldAt = 0

  /** @param inputs files whose sizes say how much there is in all */
  constructor(output: Output, tally: ProgressTally, inputs: readonly EventInput[]) {
    this.#output = output
    this.#tally = tally
    this.#all = inputs.reduce(
      (sum, { file }) => sum + (file === undefined ? Number.NaN : statSync(file).size),
      0,
    )
  }

  /** The same inputs, which tell how much of them was read. */
  counting(inputs: readonly EventInput[]): EventInput[] {
    return inputs.map((input) => ({ ...input, bytes: this.#counted(input.bytes) }))
  }

  async *#counted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      this.#bytes += piece.length
      yield piece
    }
  }

  /** Detectors are being asked. */
  page({ asked }: Listed): void {
    const one = asked.at(-1)
    if (one === undefined) return
    this.#asked = `asking ${one.title} in ${one.account}: ${one.calls} calls, ${one.findings} findings`
    this.tell()
  }

  /** What is read and not yet rehearsed. */
  async *reading(portions: AsyncIterable<Portion>): AsyncGenerator<Portion> {
    for await (const portion of portions) {
      this.#findings += portion.findings.length
      yield portion
    }
    this.#isReadWhole = true
    this.#asked = ''
  }

  /** A run has ended. */
  tell(): void {
    const now = Date.now()
    const done = this.#tally.findings
    if (done > 0) this.#begunAt ??= now
    if (now - this.#toldAt < EVERY_MS) return
    this.#toldAt = now
    const part = this.#isReadWhole ? 1 : this.#bytes / this.#all
    const all = part > 0 ? this.#findings / part : undefined
    const pace = { done, ...(all !== undefined && { all }), ms: now - (this.#begunAt ?? now) }
    const rehearsed = done > 0 ? `rehearse: ${paceText(pace)}` : ''
    this.#output.status([rehearsed, this.#asked].filter(Boolean).join('; '))
  }
}
