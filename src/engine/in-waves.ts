import pLimit, { type LimitFunction } from 'p-limit'
import type { Finding } from '../findings/finding.ts'
import type { Run } from '../run/run.ts'
import { type Job, jobsFor } from './jobs/jobs.ts'
import { lookOnly } from './look-only.ts'
import type { EnginePorts, HandleOptions, Intent, Report } from './ports.ts'
import { startRun } from './start-runs.ts'
import { expireTimeBoxes } from './undo/expire-due.ts'

/** Runs that are read together, changed together and proven together, so that no look grows old. */
const WAVE = 200

/** Findings → runs, each carried to where it gets in this process. */
export async function handle(
  ports: EnginePorts,
  findings: readonly Finding[],
  intent: Intent,
  options: HandleOptions,
): Promise<Report> {
  if (intent !== 'apply') return handleLooking(ports, findings, intent, options)
  const expired = await expireTimeBoxes(ports)
  const { jobs, ignored } = await jobsFor(ports, findings, intent, options)
  const runs = await inWaves(ports, jobs)
  return { runs: distinct([...runs, ...expired]), ignored }
}

async function handleLooking(
  ports: EnginePorts,
  findings: readonly Finding[],
  intent: Exclude<Intent, 'apply'>,
  options: HandleOptions,
): Promise<Report> {
  const { jobs, ignored } = await jobsFor(ports, findings, intent, options)
  const runs: Run[] = []
  const { isDone = () => false, until, onIgnored, onEnd = (run) => void runs.push(run) } = options
  await onIgnored?.(ignored)
  const left = jobs.filter(({ playbook, target }) => !isDone(playbook.id, target.key))
  await lookOnly(ports, left, { intent, onEnd, ...(until && { until }) })
  return { runs, ignored: onIgnored ? [] : ignored }
}

/** What the waves of one call have in common. */
interface Waves {
  ports: EnginePorts
  /** Jobs about one resource go one after the other, all others side by side. */
  queues: Map<string, LimitFunction>
  /** A run could not be carried on at all: no further wave starts. */
  failed: boolean
}

async function inWaves(ports: EnginePorts, jobs: readonly Job[]): Promise<Run[]> {
  const waves: Waves = { ports, queues: new Map(), failed: false }
  return wavesOf(waves, jobs, Promise.resolve())
}

/**
 * A wave looks while the one before it is sent: its reads queue up behind those calls, so that no look is older for it,
 * and neither AWS nor the disk is waited for with nothing else to do. There are never more than two under way.
 * @param before the wave before this one
 */
async function wavesOf(waves: Waves, jobs: readonly Job[], before: Promise<unknown>): Promise<Run[]> {
  if (jobs.length === 0) return []
  const wave = jobs.slice(0, WAVE)
  const far = new Set<Job>()
  // `Promise.withResolvers` is not in Node.js 20, on which the package rehearses.
  let tell = (): void => undefined
  const half = new Promise<void>((resolve) => {
    tell = resolve
  })
  const isFar = (job: Job) => {
    far.add(job)
    if (far.size >= wave.length / 2) tell()
  }
  const runs = Promise.all(wave.map((job) => inTurn(waves, job, () => isFar(job))))
  const further = Promise.all([half, before]).then(() =>
    waves.failed ? [] : wavesOf(waves, jobs.slice(WAVE), runs),
  )
  return (await Promise.all([runs, further])).flat(2)
}

/** States of a run that has looked, has the word of whoever was asked, and holds its resource where it has to. */
const SENDING: ReadonlySet<string> = new Set(['rehearsing', 'applying', 'verifying'])

/** @param isFar told when the run of the job is sent or has ended; maybe more than once */
function inTurn(waves: Waves, job: Job, isFar: () => void): Promise<Run[]> {
  const { queues } = waves
  const queue = queues.get(job.target.resource) ?? pLimit(1)
  queues.set(job.target.resource, queue)
  const progress: EnginePorts['progress'] = (event) => {
    if (event.kind === 'state' && SENDING.has(event.state)) isFar()
    waves.ports.progress?.(event)
  }
  const ports = { ...waves.ports, progress }
  return queue(async () => {
    try {
      return await startRun(ports, job)
    } catch (error) {
      waves.failed = true
      throw error
    } finally {
      isFar()
    }
  })
}

function distinct(runs: readonly Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()]
}
