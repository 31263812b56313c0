import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * What is still said when somebody interrupts the program (Ctrl-C, SIGTERM, a terminal that is closed). It then ends
 * with the status that a shell gives to a process that died of the signal: 130 after Ctrl-C. Returns the function that
 * takes this back.
 */
export function uponInterruption(tell: () => void): () => void {
  const end = (signal: NodeJS.Signals) => {
    // Whoever is told and interrupts once more is not made to wait.
    off()
    tell()
    process.exit(128 + constants.signals[signal])
  }
  const off = () => {
    for (const signal of SIGNALS) process.off(signal, end)
  }
  for (const signal of SIGNALS) process.on(signal, end)
  return off
}

/** Work that somebody may ask to stop. */
export interface Stoppable {
  /** Aborts when it is asked to: nothing more is begun, and what is under way ends. */
  readonly signal: AbortSignal
  /** With which status the program then ends, as a shell has it; undefined: nobody has asked. */
  status(): InterruptedStatus | undefined
  /** Asks for the same where it cannot go on by itself. */
  stop(): void
  /** Interruptions end the program again. */
  off(): void
}

/** 128 and the number of the signal: Ctrl-C, SIGTERM, a terminal that is closed. */
export type InterruptedStatus = 129 | 130 | 143

/**
 * For work of which the first part is worth having: the first interruption asks it to stop, the next one ends the program
 * at once.
 * @param tell what is said when it is asked to stop
 */
export function stoppable(tell: () => void): Stoppable {
  const stop = new AbortController()
  let status: InterruptedStatus | undefined
  const ask = (signal: NodeJS.Signals) => {
    off()
    status = (128 + constants.signals[signal]) as InterruptedStatus
    tell()
    stop.abort()
  }
  const off = () => {
    for (const signal of SIGNALS) process.off(signal, ask)
  }
  for (const signal of SIGNALS) process.on(signal, ask)
  return { signal: stop.signal, status: () => status, stop: () => stop.abort(), off }
}
