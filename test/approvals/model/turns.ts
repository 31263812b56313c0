import { type Choice, inTurn } from '../../engine/interleaving.ts'
import { Life } from '../../engine/killed-process.ts'

/**
 * Lets those who work side by side take turns, in an order that the test chooses: one call or one write at a time, and
 * the next begins when it has ended, however long that takes. So that the same order is the same story each time.
 */
export class Turns {
  readonly #waiting: { who: number; go: () => Promise<void> }[] = []

  take<T>(who: number, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ who, go: () => work().then(resolve, reject) })
    })
  }

  async play(work: Promise<unknown>[], choose: Choice): Promise<void> {
    await inTurn(this.#waiting, work, choose)
  }
}

/** The life of one of those who take turns. */
export class TurnLife extends Life {
  readonly #turns: Turns
  readonly #who: number

  constructor(turns: Turns, who: number, end?: number) {
    super(end)
    this.#turns = turns
    this.#who = who
  }

  override around<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(this.#who, () => super.around(what, work))
  }
}
