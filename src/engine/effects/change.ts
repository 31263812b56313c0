import { type ChangeAnswer, close } from '../../../state-machines/effects.ts'
import type { ApiCall } from '../../playbook/api.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Step } from '../../playbook/step.ts'
import type { Run, StepResult } from '../../run/run.ts'
import type { Applied, Change, ReadBack } from '../change/kind.ts'
import { changeOf } from '../change/kinds.ts'
import { readBack } from '../change/read-back.ts'
import { undoSteps } from '../change/undo-steps.ts'
import type { Drive } from '../drive/drive.ts'
import { type Effect, iso } from '../drive/facts.ts'
import { inspect } from '../drive/inspect.ts'
import { LeaseOver } from '../drive/out-of-time.ts'
import { hasTime } from '../drive/time-left.ts'
import { held } from '../rails/rails.ts'
import { failureText, stepError } from './step-error.ts'

/** How often one step is sent again after a read-back showed that it is still to be done. */
const MAX_SENDS = 3
/** Before a call that was refused for now is sent again (ms); the SDK's own pauses are shorter, and more. */
const REFUSED_PAUSE_MS = 5_000

type Tried = Exclude<ReadBack, { kind: 'todo' }> | { kind: 'error'; error: unknown }

const ANOTHER = 'the live resource is neither as planned nor as wanted: changed by somebody else'

/**
 * The only effect that changes anything: sends the stored plan step by step. A step whose answer was lost, or whose
 * refusal says that there is nothing to do, is read back from the live resource and never guessed at. A failing step
 * stops the plan; what is applied stays, but for steps that only make sense together.
 */
export async function* change(drive: Drive): Effect<ChangeAnswer> {
  const { run, ports } = drive
  const { steps } = run.plan!
  yield { run: { results: effectsOf(run) } }
  try {
    for (const step of steps) {
      if (run.results.some((result) => result.step === step.id)) continue
      const hold = yield* held(drive)
      if (hold) return hold
      const ended = yield* carryOutStep(drive, step)
      if (ended) return ended
    }
  } finally {
    yield { memory: { driverDied: false } }
  }
  return steps.some((step) => changeOf(step).settlesWithin !== undefined)
    ? { kind: 'settling', pollMs: ports.waits.commandPollMs }
    : { kind: 'applied' }
}

/** Carries out a step and notes what came of it. Undefined: the plan goes on. */
async function* carryOutStep(drive: Drive, step: Step): Effect<ChangeAnswer | undefined> {
  const { run, ports } = drive
  const tried = await tryStep(drive, step)
  const at = iso(ports.clock.now())
  switch (tried.kind) {
    case 'done':
      yield adding(run, { step: step.id, ...tried.result, at })
      return undefined
    case 'gone':
      yield adding(run, { step: step.id, status: 'skipped', at })
      yield skipping(run)
      return close('resourceGone', 'the resource was deleted before it could be changed')
    case 'inDoubt': {
      const doubt = doubtOf(step)
      if (changeOf(step).settlesWithin === undefined) return yield* stop(drive, step, tried.error, doubt)
      // What was started may run: it is waited for like a command whose answer came.
      yield adding(run, { step: step.id, status: 'applied', ...doubt, at })
      return undefined
    }
    case 'conflict':
      return yield* stop(drive, step, new Error(ANOTHER))
    case 'error':
      return yield* stop(drive, step, tried.error)
  }
}

async function tryStep(drive: Drive, step: Step): Promise<Tried> {
  const kind = changeOf(step)
  let call = step.call
  let inDoubtCall = drive.driverDied ? call : undefined
  if (drive.driverDied) {
    const before = await readBack(drive, kind)
    if (before.kind !== 'todo') return before
    call = before.call
  }
  for (let sends = 1; ; sends++) {
    const sent = await send(drive, kind, call)
    if (sent.kind === 'done' || !(sent.error instanceof AwsError)) return sent
    const { error } = sent
    switch (error.inDoubt ? 'readBack' : kind.afterRefusal(error.kind)) {
      case 'stands':
        return sent
      case 'standsUnlessGone':
        return (await isSeenGone(drive)) ? { kind: 'gone' } : sent
      case 'again':
        if (sends >= MAX_SENDS) return sent
        await drive.ports.clock.sleep(REFUSED_PAUSE_MS)
        continue
      case 'readBack': {
        const back = await readBack(drive, kind)
        if (error.inDoubt) inDoubtCall ??= call
        if (back.kind === 'done') Object.assign(back.result, kind.shares(inDoubtCall))
        // Refused for sure: that it cannot be read back makes it no doubt.
        if (back.kind === 'inDoubt' && inDoubtCall === undefined) return sent
        if (back.kind !== 'todo') return back
        if (sends >= MAX_SENDS) return sent
        call = back.call
      }
    }
  }
}

/** Where the resource cannot be read, the refusal stands for itself. */
async function isSeenGone(drive: Drive): Promise<boolean> {
  try {
    return (await inspect(drive, false)) === undefined
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return false
  }
}

async function send(
  drive: Drive,
  kind: Change,
  call: ApiCall,
): Promise<{ kind: 'done'; result: Applied } | { kind: 'error'; error: unknown }> {
  try {
    return { kind: 'done', result: await kind.send(drive, call) }
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof LeaseOver)) throw error
    return { kind: 'error', error }
  }
}

/** Leaves out what a dry run or an earlier attempt said of the steps. */
function effectsOf({ results }: Pick<Run, 'results'>): StepResult[] {
  return results.filter(({ status }) => status === 'applied' || status === 'alreadyDone')
}

const adding = ({ results }: Pick<Run, 'results'>, ...more: StepResult[]) => ({
  run: { results: [...results, ...more] },
})

/** The steps that have no result yet were not sent. */
function skipping(run: Pick<Run, 'results' | 'plan'>) {
  const unsent = run.plan!.steps.filter(({ id }) => !run.results.some((result) => result.step === id))
  return adding(run, ...unsent.map(({ id }): StepResult => ({ step: id, status: 'skipped' })))
}

/** What is noted of a step that may have taken effect. */
function doubtOf(step: Step): Pick<StepResult, 'knownBy' | 'detail'> {
  return { knownBy: 'inDoubt', ...changeOf(step).detailInDoubt() }
}

/** A run that is given up while it changed something: the steps that have no result of it may have taken effect. */
export function givenUp({ run, ports }: Drive): { run: { results: StepResult[] } } {
  const results = effectsOf(run)
  const at = iso(ports.clock.now())
  const unknown = run.plan!.steps.filter(({ id }) => !results.some((result) => result.step === id))
  const doubts = unknown.map(
    (step): StepResult => ({ step: step.id, status: 'failed', ...doubtOf(step), at }),
  )
  return { run: { results: [...results, ...doubts] } }
}

async function* stop(
  drive: Drive,
  step: Step,
  error: unknown,
  more: Pick<StepResult, 'knownBy' | 'detail'> = {},
): Effect<ChangeAnswer> {
  const { run, ports } = drive
  const { arn } = await ports.aws.identity()
  const at = iso(ports.clock.now())
  yield adding(run, { step: step.id, status: 'failed', ...more, error: stepError(error, arn), at })
  yield skipping(run)
  const doubt = more.knownBy === 'inDoubt' ? '; whether the change took effect is not known' : ''
  const reason = `${failureText(error, arn)}${doubt}`
  const rolledBack = yield* rollBack(drive, step)
  switch (rolledBack.kind) {
    case 'done':
      return close('rolledBack', reason)
    case 'noTime':
      return close('failed', `${reason}; no time was left to take back what had been applied`)
    case 'none':
      return close('failed', reason)
    case 'refused': {
      const why = failureText(rolledBack.error, arn)
      return close('failed', `${reason}; what had been applied could not be taken back: ${why}`)
    }
  }
}

type RolledBack = { kind: 'done' | 'none' | 'noTime' } | { kind: 'refused'; error: unknown }

/** Undoes, in reverse, the applied steps that only make sense together with the one that failed. */
async function* rollBack(drive: Drive, failed: Step): Effect<RolledBack> {
  const { run } = drive
  if (!failed.together) return { kind: 'none' }
  const isApplied = (id: string) =>
    run.results.some((result) => result.step === id && result.status === 'applied')
  const applied = run.plan!.steps.filter(({ id, together }) => together && isApplied(id))
  for (const step of applied.reverse()) {
    if (!Array.isArray(step.undo)) return { kind: 'none' }
    for (const back of undoSteps(drive, step, null)) {
      if (!hasTime(drive)) return { kind: 'noTime' }
      const sent = await send(drive, changeOf(back), back.call)
      if (sent.kind === 'error') return { kind: 'refused', error: sent.error }
    }
    const undone = (result: StepResult): StepResult =>
      result.step === step.id ? { ...result, status: 'undone' } : result
    yield { run: { results: run.results.map(undone) } }
  }
  return { kind: 'done' }
}
