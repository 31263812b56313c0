import type { Finding } from '../findings/finding.ts'
import type { Run } from '../run/run.ts'
import { continueRun } from './continue-run.ts'
import { TakenOver } from './drive/commit.ts'
import { drive } from './drive/loop.ts'
import { begin, type Happening } from './drive/machine.ts'
import { newRun } from './drive/new-run.ts'
import { type Opening, openDrive } from './drive/open-drive.ts'
import { addFinding, covers } from './jobs/evidence.ts'
import type { Job } from './jobs/jobs.ts'
import { CHANGED_MEANWHILE, type Disposition, dispositionOf } from './jobs/newest.ts'
import type { EnginePorts, Intent, TakenUp } from './ports.ts'
import { runTaken } from './run-called.ts'

/** How often one job is taken up again because another run overtook it, or new evidence came in. */
const MAX_ROUNDS = 5

/** One job, and a further run for what came in too late for the first. */
export async function startRun(ports: EnginePorts, job: Job): Promise<Run[]> {
  const run = await joinOrStart(ports, job)
  return run ? withFurther(ports, job, run) : []
}

/**
 * Takes up a stored run (see `continueRun`), and applies what it leaves to a new one; also for a run whose process died
 * between its end and that. The run itself comes first.
 */
export async function continueWithFurther(
  ports: EnginePorts,
  taken: TakenUp,
  happening?: Happening | 'timerDue',
): Promise<Run[]> {
  const before = await runTaken(ports.store, taken)
  const wasClosed = before.state === 'closed'
  const run = await continueRun(ports, before, happening)
  const { target } = run
  // Closed already: what it left went to the next run of its key, if there is one.
  if (wasClosed && (await ports.store.newest(run.playbook, run.key)) !== run.id) return [run]
  const playbook = ports.playbooks.find((known) => known.id === run.playbook)
  return playbook ? withFurther(ports, { playbook, target, findings: [] }, run) : [run]
}

async function withFurther(ports: EnginePorts, job: Job, first: Run): Promise<Run[]> {
  const runs = [first]
  let findings = await leftOver(ports, first, job.findings)
  while (runs.length < MAX_ROUNDS && findings.length > 0) {
    const run = await joinOrStart(ports, { ...job, findings })
    if (!run) break
    runs.push(run)
    findings = await leftOver(ports, run, findings)
  }
  return runs
}

/** What a closed run leaves to a new one: evidence that it did not cover, or work that appeared meanwhile. */
async function leftOver(ports: EnginePorts, run: Run, asked: readonly Finding[]): Promise<Finding[]> {
  if (run.undoOf || run.state !== 'closed') return []
  const changed = run.outcome === 'unverified' && run.reason.startsWith(CHANGED_MEANWHILE)
  const left = changed ? [...run.findings] : []
  for (const finding of [...asked, ...(await ports.store.attached(run.id))]) {
    if (!covers(run.findings, finding)) addFinding(left, finding)
  }
  return left
}

/** Applies a job in the light of the newest run of its key. Undefined: there is nothing to tell. */
async function joinOrStart(ports: EnginePorts, job: Job): Promise<Run | undefined> {
  for (let round = 1; ; round++) {
    const newestId = await ports.store.newest(job.playbook.id, job.target.key)
    const newest = newestId === undefined ? undefined : await ports.store.get(newestId)
    const what = dispositionOf(newest, job.findings, ports.clock.now())
    if (job.over) return what.kind === 'attach' ? wake(ports, what.run) : undefined
    if (what.kind === 'covered') {
      ports.progress?.({ kind: 'covered', run: what.run, findings: job.findings })
      return what.run
    }
    if (what.kind === 'attach') {
      if ((await ports.store.attach(what.run.id, job.findings)) === 'closed') continue
      return continueRun(ports, what.run.id)
    }
    try {
      return await driveNew(ports, job, 'apply', newestId ?? null, what)
    } catch (error) {
      if (!(error instanceof TakenOver) || round >= MAX_ROUNDS) throw error
    }
  }
}

/** The detector says that it is over: a run that has changed nothing and waits for its turn looks again and closes. */
async function wake(ports: EnginePorts, run: Run): Promise<Run | undefined> {
  const isUntouched = run.heldBy !== undefined && run.changedAt === undefined
  return run.waitingFor === 'approval' || isUntouched
    ? continueRun(ports, run.id, { type: 'lookAgain' })
    : undefined
}

/** A new run of a job, carried to where it gets. */
export async function driveNew(
  ports: EnginePorts,
  job: Job,
  intent: Intent,
  newest?: string | null,
  what: Disposition = { kind: 'new' },
): Promise<Run> {
  const run = await newRun(ports, job, intent)
  const driven = await openDrive(ports, run, openingOf(job, newest, what))
  return drive(driven, begin({ intent, undo: false }))
}

/** What is known of a new run before it looks: how it ends, or what stands in its way. */
function openingOf(job: Job, newest: string | null | undefined, what: Disposition): Opening {
  const silenced = what.kind === 'new' && what.silenced ? { silenced: what.silenced } : {}
  if (what.kind === 'resting') {
    return { ...silenced, ending: { outcome: 'exempted', reason: restingReason(what.run) } }
  }
  if (job.ending) return { ...silenced, ending: job.ending }
  return { ...silenced, ...(newest !== undefined && { newest }) }
}

function restingReason({ id, outcome, reason, requestedBy, restUntil }: Run): string {
  // It says by whom, until when and why.
  if (outcome === 'exempted') return `${reason} (run ${id})`
  return `undone by ${requestedBy ?? 'a person'} (run ${id}); left alone until ${restUntil}`
}
