import { Pace } from './pace.ts'

/** When it is, and a way to be called later: real, or held still by a test. */
export interface Timers {
  /** ms; never goes back. */
  now(): number
  /** Calls `wake` once, after `ms`. */
  after(ms: number, wake: () => void): void
}

/** How a request ended: the service took it (whatever it said), it said "too fast", or nothing came back. */
export type Ending = 'answered' | 'throttled' | 'lost'

/** Leave to send one request; it counts as under way until it is ended. */
export type Turn = { end(how: Ending): void }

interface Waiting {
  /** Its place in the order in which requests came, over all lines; what is sent again comes before. */
  no: number
  go(turn: Turn): void
}

interface Line {
  pace: Pace
  /** Requests that are sent again, and those that are sent for the first time: the former have waited longer. */
  again: Set<Waiting>
  fresh: Set<Waiting>
  /** When it will be looked at next, if a timer is set (ms). */
  wakeAt: number
}

function headOf({ again, fresh }: Line): Waiting | undefined {
  const [first] = again.size > 0 ? again : fresh
  return first
}

const realTimers: Timers = {
  now: () => performance.now(),
  after: (ms, wake) => void setTimeout(wake, ms),
}

/**
 * Whose turn it is: at most so many requests under way over all services, and to each service in an account and region
 * no more than it takes (`Pace`); of those that may go, whoever came first. One for all clients of a process.
 */
export class Turns {
  readonly #concurrency: number
  readonly #timers: Timers
  readonly #lines = new Map<string, Line>()
  /** Those in which somebody waits. */
  readonly #waiting = new Set<Line>()
  #underWay = 0
  #came = 0

  constructor(concurrency: number, timers: Timers = realTimers) {
    this.#concurrency = concurrency
    this.#timers = timers
  }

  /**
   * Resolves when a request may be sent. Rejects with the signal's reason when that aborts first.
   * @param to what has a limit of its own: account, region, service
   */
  take(to: string, { again = false, signal }: { again?: boolean; signal?: AbortSignal } = {}): Promise<Turn> {
    const line = this.#lineTo(to)
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const queue = again ? line.again : line.fresh
      const waiting: Waiting = {
        no: again ? 0 : ++this.#came,
        go: (turn) => {
          this.#leave(line, queue, waiting)
          signal?.removeEventListener('abort', giveUp)
          resolve(turn)
        },
      }
      const giveUp = () => {
        this.#leave(line, queue, waiting)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      queue.add(waiting)
      this.#waiting.add(line)
      this.#serve()
    })
  }

  #leave(line: Line, queue: Set<Waiting>, waiting: Waiting): void {
    queue.delete(waiting)
    if (line.again.size + line.fresh.size === 0) this.#waiting.delete(line)
  }

  #lineTo(to: string): Line {
    const known = this.#lines.get(to)
    if (known) return known
    const line: Line = {
      pace: new Pace(this.#concurrency),
      again: new Set(),
      fresh: new Set(),
      wakeAt: Number.POSITIVE_INFINITY,
    }
    this.#lines.set(to, line)
    return line
  }

  /** Sends on whoever may go now. */
  #serve(): void {
    while (this.#underWay < this.#concurrency) {
      const now = this.#timers.now()
      const line = this.#next(now)
      if (!line) return
      headOf(line)!.go(this.#turn(line, now))
    }
  }

  /** Of the lines that may send now the one whose first has waited longest; for the others it comes back in time. */
  #next(now: number): Line | undefined {
    let next: Line | undefined
    for (const line of this.#waiting) {
      const wait = line.pace.wait(now)
      if (wait > 0) this.#comeBack(line, now, wait)
      else if (!next || headOf(line)!.no < headOf(next)!.no) next = line
    }
    return next
  }

  #turn({ pace }: Line, now: number): Turn {
    this.#underWay += 1
    const sentAt = pace.sent(now)
    return {
      end: (how) => {
        this.#underWay -= 1
        pace[how](sentAt, this.#timers.now())
        this.#serve()
      },
    }
  }

  #comeBack(line: Line, now: number, wait: number): void {
    const at = now + wait
    if (at === Number.POSITIVE_INFINITY || line.wakeAt <= at) return
    line.wakeAt = at
    this.#timers.after(Math.ceil(wait), () => {
      line.wakeAt = Number.POSITIVE_INFINITY
      this.#serve()
    })
  }
}
