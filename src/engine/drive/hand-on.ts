import { persistDriver } from './commit.ts'
import type { Drive } from './drive.ts'
import type { Position } from './machine.ts'
import { OutOfTime } from './out-of-time.ts'

/**
 * The invocation ends before the run: its lease is ended at once, and the run is woken to go on elsewhere. A run that
 * has not been stored yet is simply thrown away with this error, and its message comes again.
 */
export async function handOn(drive: Drive, at: Position): Promise<void> {
  const { run, ports, attached } = drive
  if (run.revision === 0) throw new OutOfTime()
  if (at.locked) {
    const [resource, owner, until] = [run.resource, ports.owners.self, ports.clock.now()]
    const lock = { op: 'renew' as const, resource, owner, until }
    await persistDriver(drive, { expect: { attached }, lock, events: ['handedOn'] })
  }
  await ports.waits.handedOn(ports, run)
}
