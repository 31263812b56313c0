/** A process that uses the store of the folder in its first argument as its parent tells it, one request at a time. */
import { processOwners } from '../../src/store/sqlite/process-owners.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { aRun, commitOf, GROUP, next, release, taking } from './example-commits.ts'

export type Request =
  /** Makes itself an owner and answers with its name. */
  | { do: 'own' }
  /** Commits one run and answers with the result. */
  | { do: 'commit'; run: string }
  /** Claims and releases the lock until its epoch reaches `until`; answers with the epochs that it won. */
  | { do: 'race'; name: string; until: number }
  /** Tries to take up run-1, whose owner died, under this name; answers with the result. */
  | { do: 'takeUp'; owner: string; epoch: number }
  /** Commits run after run, and answers each with its id, until it is killed. */
  | { do: 'commitForEver' }

const folder = process.argv[2] ?? ''
const store = sqliteStore(folder)
const owners = processOwners(folder)

async function race(name: string, until: number): Promise<number[]> {
  const won: number[] = []
  for (;;) {
    const { epoch, lockedBy } = await store.lock(GROUP)
    if (epoch >= until) return won
    if (lockedBy) continue
    const run = aRun(`${name}-${epoch}`)
    const claim = await store.commit(commitOf(run, { lock: taking(name, { epoch }) }))
    if (claim.kind === 'conflict') continue
    won.push(epoch)
    await store.commit(commitOf(next(run), { lock: release }))
  }
}

async function carryOut(request: Request): Promise<unknown> {
  switch (request.do) {
    case 'own':
      return owners.self
    case 'commit':
      return store.commit(commitOf(aRun(request.run)))
    case 'race':
      return race(request.name, request.until)
    case 'takeUp': {
      const { owner, epoch } = request
      return store.commit(commitOf(next(aRun('run-1')), { lock: taking(owner, { epoch }) }))
    }
    case 'commitForEver':
      for (let count = 0; ; count++) {
        const run = aRun(`run-${count}`, { reason: 'x'.repeat(2000) })
        await store.commit(commitOf(run, { audit: [{ at: run.startedAt, event: 'started' }] }))
        process.send?.(run.id)
      }
  }
}

process.on('message', async (request: Request) => process.send?.(await carryOut(request)))
