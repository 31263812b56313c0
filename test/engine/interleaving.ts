import type { Around } from './killed-process.ts'

/** Which of the waiting processes goes on: given their numbers, the place of one of them in that list. */
export type Choice = (waiting: readonly number[]) => number

/**
 * Lets processes that work side by side take turns, one call to AWS or operation of the store at a time, in an order
 * that the test chooses.
 */
export class Interleaving {
  readonly #waiting: { who: number; go: () => void }[] = []

  /** What a process must go through for each thing that it does. */
  of(who: number): Around {
    return async (_what, work) => {
      await new Promise<void>((go) => this.#waiting.push({ who, go }))
      return work()
    }
  }

  /** Until all work has ended. Its errors are those of the test. */
  play<T>(work: Promise<T>[], choose: Choice): Promise<T[]> {
    return inTurn(this.#waiting, work, choose)
  }
}

/** Lets one after the other of those who wait go on, and waits for it where it is waited for, until all work has ended. */
export async function inTurn<T>(
  waiting: { who: number; go: () => void | Promise<void> }[],
  work: Promise<T>[],
  choose: Choice,
): Promise<T[]> {
  let ended = false
  const results = Promise.allSettled(work).finally(() => {
    ended = true
  })
  while (!ended) {
    await quiet()
    const at = choose(waiting.map(({ who }) => who))
    if (waiting.length > 0) await waiting.splice(at, 1)[0]?.go()
  }
  await results
  return Promise.all(work)
}

/** Everybody has come to their next turn: an answer of the model, a gathered read and a sleep take one tick each. */
async function quiet(): Promise<void> {
  for (let tick = 0; tick < 4; tick++) await new Promise((resolve) => setImmediate(resolve))
}

/** Each process in its turn. */
export function fair(): Choice {
  let last = -1
  return (waiting) => {
    const next = waiting.findIndex((who) => who > last)
    const at = Math.max(next, 0)
    last = waiting[at] ?? -1
    return at
  }
}

/** The first process for so many turns, then the second for so many, then the first to its end, then the others. */
export function switching(first: number, second: number): Choice {
  let turn = 0
  return (waiting) => {
    const preferred = turn >= first && turn < first + second ? 1 : 0
    if (waiting.length > 0) turn += 1
    return Math.max(waiting.indexOf(preferred), 0)
  }
}

/** As the numbers say, then each in its turn. */
export function drawn(numbers: readonly number[]): Choice {
  const rest = fair()
  let turn = 0
  return (waiting) => {
    if (waiting.length === 0) return 0
    const number = numbers[turn++]
    return number === undefined ? rest(waiting) : number % waiting.length
  }
}
