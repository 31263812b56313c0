import pLimit from 'p-limit'
import type { Finding } from '../findings/finding.ts'
import type { Run } from '../run/run.ts'
import { type Job, jobsFor, jobsOfRuns } from './jobs/jobs.ts'
import type { EnginePorts, HandleOptions, Intent, Report } from './ports.ts'
import { driveNew, startRun } from './start-runs.ts'
import { expireTimeBoxes } from './undo/expiry.ts'

/** Runs that are read together, changed together and proven together, so that no look grows old. */
const WAVE = 200

/** Findings → runs, each carried to where it gets in this process. */
export async function handle(
  ports: EnginePorts,
  findings: readonly Finding[],
  intent: Intent,
  options: HandleOptions,
): Promise<Report> {
  const expired = intent === 'apply' ? await expireTimeBoxes(ports) : []
  const { jobs, ignored } = await jobsFor(ports, findings, intent, options)
  const runs = await inWaves(ports, jobs, intent)
  return { runs: distinct([...runs, ...expired]), ignored }
}

/** The jobs of stored runs once more, with the findings that they were about. */
export async function again(ports: EnginePorts, stored: readonly Run[]): Promise<Report> {
  const { jobs, ignored } = jobsOfRuns(ports.playbooks, stored)
  return { runs: distinct(await inWaves(ports, jobs, 'apply')), ignored }
}

async function inWaves(ports: EnginePorts, jobs: readonly Job[], intent: Intent): Promise<Run[]> {
  const runs: Run[] = []
  for (let start = 0; start < jobs.length; start += WAVE) {
    runs.push(...(await wave(ports, jobs.slice(start, start + WAVE), intent)).flat())
  }
  return runs
}

/** Jobs about one resource go one after the other, all others side by side. */
function wave(ports: EnginePorts, jobs: readonly Job[], intent: Intent): Promise<Run[][]> {
  const queues = new Map<string, ReturnType<typeof pLimit>>()
  return Promise.all(
    jobs.map((job) => {
      const queue = queues.get(job.target.resource) ?? pLimit(1)
      queues.set(job.target.resource, queue)
      return queue(() => (intent === 'apply' ? startRun(ports, job) : only(driveNew(ports, job, intent))))
    }),
  )
}

async function only(run: Promise<Run>): Promise<Run[]> {
  return [await run]
}

function distinct(runs: readonly Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()]
}
