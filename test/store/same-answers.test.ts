import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Run } from '../../src/run/run.ts'
import type { Commit, RunStore, TimeBoxChange } from '../../src/run/store.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { aFinding, aPlan, approval, aRun, decline, GROUP, NOW, PLAYBOOK } from './example-commits.ts'

const root = mkdtempSync(join(tmpdir(), 'rectify-same-'))
afterAll(() => rmSync(root, { recursive: true }))

const RUNS = ['run-1', 'run-2', 'run-3']
const ENTRIES = ['198.51.100.1/32', '2001:db8::/64']
const KEYS = [`${GROUP}#one`, 'run-2']
const HASHES = ['sha256:a', 'sha256:b']
const OWNERS = ['me', 'you']

/** Does one thing to a store. The same is done to two, and both must answer the same. */
type Action = (store: RunStore) => Promise<unknown>

class Same implements fc.AsyncCommand<RunStore, RunStore> {
  readonly #action: Action
  readonly #text: string
  constructor(text: string, action: Action) {
    this.#text = text
    this.#action = action
  }
  check = () => true
  async run(model: RunStore, real: RunStore): Promise<void> {
    const [expected, actual] = [await this.#action(model), await this.#action(real)]
    expect(actual).toEqual(expected)
    expect(await everything(real)).toEqual(await everything(model))
  }
  toString = () => this.#text
}

async function everything(store: RunStore): Promise<unknown> {
  return {
    runs: await store.list(),
    audit: await Promise.all(RUNS.map((run) => store.audit(run))),
    attached: await Promise.all(RUNS.map((run) => store.attached(run))),
    newest: await store.newest(PLAYBOOK, GROUP),
    lock: await store.lock(GROUP),
    timeBoxes: await store.timeBoxes(GROUP),
    due: await store.timeBoxesDue(NOW + 5),
    on: await store.timeBoxesOn(ENTRIES[0]!),
    others: await Promise.all(KEYS.map((key) => store.newest(PLAYBOOK, key))),
    control: await store.control(),
  }
}

/** What the store answered or how it refused. */
async function settled(answer: Promise<unknown>): Promise<unknown> {
  const [result] = await Promise.allSettled([answer])
  return result.status === 'fulfilled' ? result.value : { refused: result.reason.kind }
}

const run = fc.constantFrom(...RUNS)
const owner = fc.constantFrom(...OWNERS)
const when = fc.integer({ min: NOW, max: NOW + 10 })
const timeBox: fc.Arbitrary<TimeBoxChange> = fc.oneof(
  fc.record(
    {
      op: fc.constant('put' as const),
      timeBox: fc.record(
        {
          resource: fc.constant(GROUP),
          entry: fc.constantFrom(...ENTRIES),
          key: fc.constantFrom(...KEYS),
          run,
          until: when,
          madeBy: run,
          notBefore: when,
        },
        { requiredKeys: ['resource', 'entry', 'key', 'run', 'until', 'madeBy'] },
      ),
      onlyIfOurs: fc.boolean(),
      now: when,
    },
    { requiredKeys: ['op', 'timeBox', 'onlyIfOurs'] },
  ),
  fc.record({
    op: fc.constant('drop' as const),
    key: fc.constantFrom(...KEYS),
    resource: fc.constant(GROUP),
    entry: fc.constantFrom(...ENTRIES),
  }),
)
const lock: fc.Arbitrary<NonNullable<Commit['lock']>> = fc.oneof(
  fc.record(
    {
      op: fc.constant('take' as const),
      resource: fc.constant(GROUP),
      epoch: fc.nat(3),
      owner,
      until: when,
    },
    { requiredKeys: ['op', 'resource', 'epoch', 'owner', 'until'] },
  ),
  fc.record({ op: fc.constant('renew' as const), resource: fc.constant(GROUP), owner, until: when }),
  fc.record({ op: fc.constant('release' as const), resource: fc.constant(GROUP) }),
)

/** Mostly the commit of somebody who has just read the run; sometimes of somebody who reads no further. */
const commits = fc
  .record(
    {
      run,
      stale: fc.constantFrom(0, 0, 0, 0, 1),
      state: fc.constantFrom('open' as const, 'waiting' as const, 'waiting' as const, 'closed' as const),
      hash: fc.constantFrom(...HASHES),
      round: fc.integer({ min: 1, max: 2 }),
      minute: fc.nat(9),
      newest: fc.constantFrom(null, ...RUNS),
      attached: fc.nat(2),
      lock,
      timeBoxes: fc.array(timeBox, { maxLength: 2 }),
      undone: run,
      alsoNewestOf: fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 2 }),
    },
    { requiredKeys: ['run', 'stale', 'state', 'hash', 'round', 'minute'] },
  )
  .map((given) => new Same(`commit ${JSON.stringify(given)}`, (store) => commitAs(store, given)))

interface Given extends Pick<Commit, 'lock' | 'timeBoxes' | 'alsoNewestOf'> {
  run: string
  stale: number
  state: Run['state']
  hash: string
  round: number
  minute: number
  newest?: string | null
  attached?: number
  undone?: string
}

async function commitAs(store: RunStore, given: Given): Promise<unknown> {
  const stored = await store.get(given.run)
  const revision = Math.max(0, (stored?.revision ?? 0) - given.stale)
  const { newest, attached, lock, timeBoxes, undone, alsoNewestOf } = given
  const waiting = { waitingFor: 'approval' as const, waitingUntil: new Date(NOW + 8).toISOString() }
  const commit: Commit = {
    id: `${given.run}-${revision + 1}`,
    run: aRun(given.run, {
      revision: revision + 1,
      state: given.state,
      plan: aPlan(given.hash),
      round: given.round,
      decisions: given.stale ? [] : (stored?.decisions ?? []),
      startedAt: `2026-08-01T12:0${given.minute}:00.000Z`,
      approval: { quorum: 2, expiresAfter: 'PT4H', onExpiry: 'decline' },
      ...(given.state === 'waiting' ? waiting : {}),
    }),
    expect: {
      revision,
      ...(newest === undefined ? {} : { newest }),
      ...(attached === undefined ? {} : { attached }),
    },
    audit: [{ at: new Date(NOW).toISOString(), event: given.state }],
    ...(lock ? { lock } : {}),
    ...(timeBoxes ? { timeBoxes } : {}),
    ...(undone ? { undone: { run: undone, by: given.run } } : {}),
    ...(alsoNewestOf ? { alsoNewestOf } : {}),
  }
  return settled(store.commit(commit))
}

const attachments = fc
  .record({ run, findings: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }) })
  .map(
    ({ run, findings }) =>
      new Same(`attach ${findings} to ${run}`, (store) =>
        settled(
          store.attach(
            run,
            findings.map((id) => aFinding(id)),
          ),
        ),
      ),
  )

const decisions = fc
  .record({
    run,
    by: fc.constantFrom('alice', 'bob', 'carol'),
    hash: fc.constantFrom(...HASHES),
    yes: fc.boolean(),
    when,
  })
  .map(
    ({ run, by, hash, yes, when }) =>
      new Same(`${by} ${yes ? 'approves' : 'declines'} ${hash} of ${run} at ${when - NOW}`, (store) =>
        settled(store.decide(run, yes ? approval(by, hash) : decline(by, hash), when)),
      ),
  )

const pauses = fc
  .record({ paused: fc.boolean(), by: fc.constantFrom('alice', 'bob') })
  .map((control) => new Same(`set ${JSON.stringify(control)}`, (store) => store.setControl(control)))

const lists = fc
  .record(
    { state: fc.subarray(['open', 'waiting', 'closed'] as Run['state'][]), limit: fc.nat(3) },
    { requiredKeys: [] },
  )
  .map((filter) => new Same(`list ${JSON.stringify(filter)}`, (store) => store.list(filter)))

const pages = fc
  .integer({ min: 1, max: 3 })
  .map((size) => new Same(`list all, ${size} at a time`, (store) => inPages(store, size)))

async function inPages(store: RunStore, limit: number): Promise<string[]> {
  const ids: string[] = []
  for (let behind: Run | undefined; ; ) {
    const page: Run[] = await store.list({ limit, ...(behind && { behind }) })
    ids.push(...page.map(({ id }) => id))
    behind = page.at(-1)
    if (page.length === limit) continue
    expect(ids).toEqual((await store.list()).map(({ id }) => id))
    return ids
  }
}

/** @param more further operations, of which each takes many calls */
function sequences(maxCommands: number, ...more: (typeof pages)[]) {
  return fc.commands([commits, commits, attachments, decisions, lists, pauses, ...more], { maxCommands })
}

test('memory and SQLite answer every sequence of operations alike and hold the same afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(sequences(40, pages), async (sequence) => {
      const real = sqliteStore(mkdtempSync(join(root, 'state-')))
      try {
        await fc.asyncModelRun(() => ({ model: memoryStore(), real }), sequence)
      } finally {
        await real.close()
      }
    }),
    { numRuns: 100 },
  )
})

const endpoint = withMinistack()

test('memory and DynamoDB do so too', async () => {
  const client = dynamoClient(endpoint())
  await fc.assert(
    fc.asyncProperty(sequences(25), async (sequence) => {
      const real = dynamoStore(client, await newRunTable(client))
      await fc.asyncModelRun(() => ({ model: memoryStore(), real }), sequence)
    }),
    { numRuns: 25 },
  )
  client.destroy()
  // Some thousand calls to the emulator, half a minute of a machine that does nothing else.
}, 240_000)
