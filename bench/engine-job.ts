import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playbooks, services } from '../playbooks/index.ts'
import { sdkAws } from '../src/aws/sdk.ts'
import type { Engine } from '../src/engine/engine.ts'
import { createEngine } from '../src/engine/engine.ts'
import { configRules } from '../src/engine/jobs/rule-facts.ts'
import type { Intent } from '../src/engine/ports.ts'
import { systemClock, ulids } from '../src/engine/system.ts'
import { stay } from '../src/engine/waits/stay.ts'
import { parseText } from '../src/findings/read.ts'
import { parsePolicy } from '../src/policy/file/load.ts'
import type { Run } from '../src/run/run.ts'
import { processOwners } from '../src/store/sqlite/process-owners.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { sshEvent } from './events.ts'
import { groupId, isOpen } from './security-groups.ts'

export interface EngineJob {
  seconds: number
  runs: Run[]
  /** Commits of the store. */
  transactions: number
}

export interface OpenedEngine {
  /** From the text of the events of these groups to closed runs in the store. */
  handle(groups: readonly number[], intent: Intent): Promise<EngineJob>
  close(): Promise<void>
}

/** The engine as `rectify` builds it: the SDK, the SQLite store, the owners; in a folder that goes when it is closed. */
export function openEngine(endpoint: string): OpenedEngine {
  const folder = mkdtempSync(join(tmpdir(), 'rectify-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const store = sqliteStore(folder)
  const owners = processOwners(folder)
  const policy = parsePolicy('version: 1\nrules:\n  - mode: auto\n', join(folder, 'rectify.yaml'), playbooks)
  let transactions = 0
  const aws = sdkAws({ services, endpoint })
  const engine: Engine = createEngine({
    aws,
    configRules: configRules(aws, systemClock),
    calendars: { ask: async () => ({ kind: 'open' }) },
    store: {
      ...store,
      async commit(commit) {
        transactions += 1
        return store.commit(commit)
      },
    },
    owners,
    clock: systemClock,
    ids: ulids(),
    playbooks,
    policy,
    policyAt: async () => policy,
    patienceSeconds: 60,
    waits: stay(async () => ({ kind: 'leave' })),
  })
  return {
    async handle(groups, intent) {
      const events = groups.map((number) => sshEvent(groupId(number))).join('\n')
      const before = transactions
      const start = performance.now()
      const { findings } = parseText(events, 'bench')
      const { runs } = await engine.handle(findings, intent)
      const seconds = (performance.now() - start) / 1000
      mustHaveEnded(runs, groups, intent)
      return { seconds, runs, transactions: transactions - before }
    },
    async close() {
      await owners.release()
      await store.close()
      remove()
      process.off('exit', remove)
    },
  }
}

/** A figure for work that was not done is worth nothing. */
function mustHaveEnded(runs: readonly Run[], groups: readonly number[], intent: Intent): void {
  const open = groups.filter(isOpen).length
  const wanted = intent === 'apply' ? 'remediated' : intent === 'rehearse' ? 'rehearsed' : 'planned'
  const done = runs.filter(({ outcome }) => outcome === wanted).length
  const compliant = runs.filter(({ outcome }) => outcome === 'alreadyCompliant').length
  if (done === open && compliant === groups.length - open) return
  const other = runs.find(({ outcome }) => outcome !== wanted && outcome !== 'alreadyCompliant')
  throw new Error(
    `${done} of ${open} runs ${wanted}, ${compliant} compliant; ${other?.outcome}: ${other?.reason}`,
  )
}
