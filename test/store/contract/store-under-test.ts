import { afterEach, beforeEach, expect } from '@jest/globals'
import type { Commit, RunStore } from '../../../src/run/store.ts'
import { COMMITTED } from '../example-commits.ts'

export { COMMITTED, next } from '../example-commits.ts'

/** What a commit gives that met another: on what. */
export const conflict = (on: string) => ({ kind: 'conflict', on })

/** The store that is held to the contract: a new one for each test. */
export let store: RunStore

/** Gives each test a store of its own. `make` gives an empty one. */
export function withStore(make: () => RunStore | Promise<RunStore>): void {
  beforeEach(async () => {
    store = await make()
  })
  afterEach(() => store.close())
}

/** Commits, and expects that it is stored. */
export const committed = async (commit: Commit) => expect(await store.commit(commit)).toEqual(COMMITTED)
