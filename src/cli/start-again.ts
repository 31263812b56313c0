import { randomUUID } from 'node:crypto'
import { jobsOfRuns } from '../engine/jobs/jobs.ts'
import type { Report } from '../engine/ports.ts'
import { jobDeduplicationId, jobMessage } from '../queue/messages.ts'
import type { ToldOfRuns } from '../reports/run/run-json.ts'
import type { Run } from '../run/run.ts'
import { lookUpPolicy } from './input/policy-lookup.ts'
import { loadPlaybooks } from './program/catalogue.ts'
import { openEngine } from './program/context.ts'
import type { Invocation } from './program/invocation.ts'
import type { Stack } from './stack/deployment.ts'
import { tellDetectors } from './tell-detectors.ts'

/** What came of handing the findings of stored runs in again. */
export interface StartedAgain extends Report {
  /** Runs whose findings were handed to a deployment; what it makes of them is not followed. */
  sent: string[]
  /** What detectors have been told of the runs. */
  told: ToldOfRuns
}

/** Hands the findings of these runs in again: in this process, or with `stack` to its functions. */
export async function startAgain(
  invocation: Invocation,
  runs: readonly Run[],
  stack?: Stack,
): Promise<StartedAgain> {
  const playbooks = await loadPlaybooks(invocation)
  if (stack) {
    const { jobs, ignored } = jobsOfRuns(playbooks, runs)
    // With a nonce each: the same findings are not to be taken for a message that was delivered twice.
    for (const job of jobs)
      await stack.runs.send(jobMessage(job), job.target.resource, jobDeduplicationId(job, randomUUID()))
    const known = new Set(jobs.map(({ playbook }) => playbook.id))
    return {
      runs: [],
      ignored,
      sent: runs.filter((run) => known.has(run.playbook)).map(({ id }) => id),
      told: new Map(),
    }
  }
  const policy = await lookUpPolicy(invocation, playbooks)
  const { engine, store, late, close } = await openEngine(invocation, playbooks, policy)
  try {
    const report = await engine.again(runs)
    return { ...report, sent: [], told: await tellDetectors(invocation, { store, late }, report.runs) }
  } finally {
    await close()
  }
}
