import type { Progress } from '../../engine/ports.ts'
import { visible } from '../../reports/paint.ts'
import type { Output } from './output.ts'

/**
 * Tells on stderr how far the engine is: one line that is written over on a terminal, only facts elsewhere.
 * @param hasStatus false where the command tells by itself how far it is: then only facts
 */
export function progressOn(output: Output, { hasStatus = true } = {}): (event: Progress) => void {
  const open = new Set<string>()
  /** Whose hands change things where is said once, not for every run; so is that a run is stuck. */
  const told = new Set<string>()
  let closed = 0
  return (event) => {
    switch (event.kind) {
      case 'identity': {
        const line = `account ${event.account} as ${event.principal} in ${event.region}`
        if (!told.has(line)) output.note(line)
        told.add(line)
        break
      }
      case 'warning':
        output.note(output.notePaint.warn(`warning: ${visible(event.message)}`))
        break
      case 'stuck':
        // Whoever waits for its lock comes by again and again.
        if (!told.has(event.message)) output.note(output.notePaint.warn(`warning: ${visible(event.message)}`))
        told.add(event.message)
        break
      case 'state':
        if (!hasStatus) break
        open.add(event.run.id)
        output.status(`${closed} of ${open.size} done; ${visible(event.run.target.id)}: ${event.state}`)
        break
      case 'closed':
        if (!hasStatus) break
        open.add(event.run.id)
        closed += 1
        output.status(`${closed} of ${open.size} done`)
        break
    }
  }
}
