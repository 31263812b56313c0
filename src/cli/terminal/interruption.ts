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
