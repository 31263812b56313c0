import { commitOnce, TakenOver } from './commit.ts'
import { iso, type Session } from './driven.ts'
import type { Position } from './machine.ts'

/**
 * The invocation ends before the run: its lease is ended at once, and the run is woken to go on elsewhere. A run that
 * has not been stored yet is simply thrown away with this error, and its message comes again.
 */
export async function handOn({ run, ports, attached }: Session, at: Position): Promise<void> {
  if (run.revision === 0) throw new OutOfTime()
  if (at.locked) {
    const now = ports.clock.now()
    const { self } = ports.owners
    const result = await commitOnce(ports.store, {
      id: `${run.id}-${run.revision + 1}`,
      run: { ...run, revision: run.revision + 1 },
      expect: { revision: run.revision, attached },
      lock: { op: 'renew', resource: run.resource, owner: self, until: now },
      audit: [{ at: iso(now), event: 'handedOn', by: self }],
    })
    if (result.kind === 'conflict') throw new TakenOver(run.id)
    run.revision += 1
  }
  await ports.waker?.now(run.id, run.resource, 'handedOn')
}

/** An effect has come to the end of its invocation and not to its own: it is carried out anew in another. */
export class EndOfInvocation extends Error {
  constructor() {
    super('the invocation ends before the effect')
    this.name = 'EndOfInvocation'
  }
}

/** There was not enough time left to do anything: nothing was done. */
export class OutOfTime extends Error {
  constructor() {
    super('not enough time was left in this invocation')
    this.name = 'OutOfTime'
  }
}
