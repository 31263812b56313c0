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

const realTimers: Timers = {
  now: () => performance.now(),
  after: (ms, wake) => void setTimeout(wake, ms),
}

/**
 * Whose turn it is: at most so many requests under way over all services, and to each service in an account and region
 * no more than it takes (`Pace`). One for all clients of a process. A request that waits takes up no room of others.
 */
export class Turns {
  readonly #concurrency: number
  readonly #timers: Timers
  readonly #lines = new Map<string, Line>()
  #underWay = 0

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
        go(turn) {
          signal?.removeEventListener('abort', giveUp)
          resolve(turn)
        },
      }
      const giveUp = () => {
        queue.delete(waiting)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      queue.add(waiting)
      this.#serve(line)
    })
  }

  #lineTo(to: string): Line {
    const known = this.#lines.get(to)
    if (known) return known
    const pace = new Pace(this.#concurrency)
    const line: Line = {
      pace,
      again: new Set(),
      fresh: new Set(),
      wakeAt: Number.POSITIVE_INFINITY,
    }
    this.#lines.set(to, line)
    return line
  }

  /** Sends on whoever may go now, and comes back for the next when they may. */
  #serve(line: Line): void {
    while (this.#underWay < this.#concurrency) {
      const queue = line.again.size > 0 ? line.again : line.fresh
      const [first] = queue
      if (!first) return
      const now = this.#timers.now()
      const wait = line.pace.wait(now)
      if (wait > 0) {
        this.#comeBack(line, now, wait)
        return
      }
      queue.delete(first)
      first.go(this.#turn(line, now))
    }
  }

  #turn(line: Line, now: number): Turn {
    this.#underWay += 1
    const sentAt = line.pace.sent(now)
    return {
      end: (how) => {
        this.#underWay -= 1
        line.pace[how](sentAt, this.#timers.now())
        // In turn: the line that was served last is served last again.
        for (const [to, each] of [...this.#lines]) {
          if (each.again.size + each.fresh.size === 0) continue
          this.#lines.delete(to)
          this.#lines.set(to, each)
          this.#serve(each)
        }
      },
    }
  }

  #comeBack(line: Line, now: number, wait: number): void {
    const at = now + wait
    if (at === Number.POSITIVE_INFINITY || line.wakeAt <= at) return
    line.wakeAt = at
    this.#timers.after(Math.ceil(wait), () => {
      line.wakeAt = Number.POSITIVE_INFINITY
      this.#serve(line)
    })
  }
}
