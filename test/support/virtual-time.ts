import type { Timers } from '../../src/aws/attempts/turns.ts'

/** Time that only passes from one appointment to the next, and takes none of ours. */
export class VirtualTime implements Timers {
  #now = 0
  #due: { at: number; wake: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, wake: () => void): void {
    this.#due.push({ at: this.#now + ms, wake })
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Lets time pass until nobody waits for it any more. */
  async pass(): Promise<void> {
    for (;;) {
      // Whoever has just been woken may make the next appointment.
      await new Promise((resolve) => setImmediate(resolve))
      const next = this.#due.toSorted((a, b) => a.at - b.at)[0]
      if (!next) return
      this.#due.splice(this.#due.indexOf(next), 1)
      this.#now = Math.max(this.#now, next.at)
      next.wake()
    }
  }
}
