import type { ApplyAnswer } from '../../../state-machines/remediation.ts'
import { sendMerge } from '../../aws/merge.ts'
import type { RoleSession } from '../../aws/port.ts'
import type { ApiCall } from '../../playbook/api.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Json } from '../../playbook/json.ts'
import type { Step } from '../../playbook/plan.ts'
import type { Run, StepResult } from '../../run/run.ts'
import { markOf } from '../change/mark.ts'
import { sharesOf } from '../change/own-part.ts'
import { type Applied, detailInDoubt, inDoubtEntries, type ReadBack, readBack } from '../change/read-back.ts'
import { close } from '../close.ts'
import { inspect, iso, type Session } from '../drive/driven.ts'
import { hasTime, LeaseOver, timeLeft } from '../drive/lease.ts'
import { pausedBy } from '../rails/kill-switch.ts'
import { pollMs } from './settle.ts'
import { failureText, stepError } from './step-error.ts'

/** How often one step is sent again after a read-back showed that it is still to be done. */
const MAX_SENDS = 3
/** Before a call that was refused for now is sent again (ms); the SDK's own pauses are shorter, and more. */
const REFUSED_PAUSE_MS = 5_000

/** The session of a run that changes something: what its plan needs, and nothing else. */
export function changing({ id, plan }: Run): RoleSession {
  return { name: id, permissions: (plan?.steps ?? []).flatMap(({ permissions }) => permissions) }
}

type Tried = Exclude<ReadBack, { kind: 'todo' }> | { kind: 'error'; error: unknown }

/**
 * The only effect that changes anything: sends the stored plan step by step. A step whose answer was lost, or whose
 * refusal says that there is nothing to do, is read back from the live resource and never guessed at. A failing step
 * stops the plan; what is applied stays, but for steps that only make sense together.
 */
export async function apply(session: Session): Promise<ApplyAnswer> {
  const { run, ports } = session
  const plan = run.plan!
  keepEffects(run)
  for (const step of plan.steps) {
    if (run.results.some((result) => result.step === step.id)) continue
    const paused = await pausedBy(ports)
    if (paused) {
      skipFrom(session, undefined)
      return close('blocked', paused)
    }
    const tried = await applyStep(session, step)
    const at = iso(ports.clock.now())
    if (tried.kind === 'done') {
      run.results.push({ step: step.id, ...tried.result, at })
    } else if (tried.kind === 'gone') {
      run.results.push({ step: step.id, status: 'skipped', at })
      skipFrom(session, step)
      return close('resourceGone', 'the resource was deleted before it could be changed')
    } else if (tried.kind === 'inDoubt') {
      if (!step.settles) return stop(session, step, tried.error, doubted(step))
      // What was started may run: it is waited for like a command whose answer came.
      run.results.push({ step: step.id, status: 'applied', ...doubted(step), at })
    } else if (tried.kind === 'conflict') {
      return stop(
        session,
        step,
        new Error('the live resource is neither as planned nor as wanted: changed by somebody else'),
      )
    } else {
      return stop(session, step, tried.error)
    }
  }
  return plan.steps.some(({ settles }) => settles)
    ? { kind: 'settling', pollMs: pollMs(session) }
    : { kind: 'applied' }
}

async function applyStep(session: Session, step: Step): Promise<Tried> {
  let call = step.call
  let inDoubtCall = session.resumed ? call : undefined
  if (session.resumed) {
    const before = await readBack(session, step)
    if (before.kind !== 'todo') return before
    call = before.call
  }
  for (let sends = 1; ; sends++) {
    const sent = await send(session, step, call)
    if (sent.kind === 'done' || !(sent.error instanceof AwsError)) return sent
    const { kind, inDoubt } = sent.error
    const refused = kind === 'denied' || kind === 'final' || (kind === 'throttled' && step.retry === 'safe')
    if (refused && !inDoubt) return sent
    if (!inDoubt && step.retry === 'readFirst') {
      // Refused for sure: there is nothing to look for. The SDK has tried such a call only once.
      if (kind === 'gone') return (await isSeenGone(session)) ? { kind: 'gone' } : sent
      if ((kind !== 'throttled' && kind !== 'retryable') || sends >= MAX_SENDS) return sent
      await session.ports.clock.sleep(REFUSED_PAUSE_MS)
      continue
    }
    const back = await readBack(session, step)
    if (sent.error.inDoubt) inDoubtCall ??= call
    if (back.kind === 'done') Object.assign(back.result, sharesOf(step, inDoubtCall))
    // Refused for sure: that it cannot be read back makes it no doubt.
    if (back.kind === 'inDoubt' && inDoubtCall === undefined) return sent
    if (back.kind !== 'todo') return back
    if (sends >= MAX_SENDS) return sent
    call = back.call
  }
}

/** Where the resource cannot be read, the refusal stands for itself. */
async function isSeenGone(session: Session): Promise<boolean> {
  try {
    return (await inspect(session, false)) === undefined
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return false
  }
}

async function send(
  session: Session,
  step: Step,
  call: ApiCall,
): Promise<{ kind: 'done'; result: Applied } | { kind: 'error'; error: unknown }> {
  const { ports, place } = session
  try {
    const options = { session: changing(session.run), ...timeLeft(session) }
    if (step.merge) {
      const merged = await sendMerge(ports.aws, place, call, step.merge, { ...options, clock: ports.clock })
      const { added, removed } = merged.inDoubt ? inDoubtEntries(step.merge) : merged
      const detail: Json = { added, removed }
      const changed = merged.added.length + merged.removed.length > 0
      if (changed) return { kind: 'done', result: { status: 'applied', evidence: 'answer', detail } }
      // Nothing was left to write: a lost write is seen in the set, or somebody else made the same change.
      return { kind: 'done', result: { status: 'alreadyDone', evidence: 'readBack', detail } }
    }
    if (step.retry === 'readFirst' && step.mark) {
      const marked = { ...call, input: { ...call.input, [step.mark.field]: markOf(session.run, step.id) } }
      const answer = await ports.aws.send(place, marked, { ...options, attempts: 1 })
      return {
        kind: 'done',
        result: { status: 'applied', evidence: 'answer', detail: idIn(answer, step.mark.id) },
      }
    }
    await ports.aws.send(place, call, options)
    return { kind: 'done', result: { status: 'applied', evidence: 'answer', ...sharesOf(step, call) } }
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof LeaseOver)) throw error
    return { kind: 'error', error }
  }
}

/** The id of what was started: `CommandId` lies in `Command.CommandId` of SSM's answer. */
function idIn(answer: Record<string, unknown>, key: string): Json {
  const nested = [answer, ...Object.values(answer)].find(
    (part): part is Record<string, unknown> => typeof part === 'object' && part !== null && key in part,
  )
  return { [key]: String(nested?.[key] ?? '') }
}

/** Leaves out what a dry run or an earlier attempt said of the steps. */
function keepEffects(run: Run): void {
  run.results = run.results.filter(({ status }) => status === 'applied' || status === 'alreadyDone')
}

/** What is noted of a step that may have taken effect: enough to undo it, and to end what is time-boxed. */
function doubted(step: Step): Pick<StepResult, 'evidence' | 'detail'> {
  return { evidence: 'inDoubt', ...detailInDoubt(step) }
}

/** A run that is given up while it changed something: the steps that have no result of it may have taken effect. */
export function noteDoubt({ run, ports }: Session): void {
  keepEffects(run)
  for (const step of run.plan?.steps ?? []) {
    if (run.results.some((result) => result.step === step.id)) continue
    run.results.push({ step: step.id, status: 'failed', ...doubted(step), at: iso(ports.clock.now()) })
  }
}

async function stop(
  session: Session,
  step: Step,
  error: unknown,
  more: Pick<StepResult, 'evidence' | 'detail'> = {},
): Promise<ApplyAnswer> {
  const { run, ports } = session
  const { arn } = await ports.aws.identity()
  run.results.push({
    step: step.id,
    status: 'failed',
    ...more,
    error: stepError(error, arn),
    at: iso(ports.clock.now()),
  })
  skipFrom(session, step)
  const doubt = more.evidence === 'inDoubt' ? '; whether the change took effect is not known' : ''
  const reason = `${failureText(error, arn)}${doubt}`
  switch (await rollBack(session, step)) {
    case 'done':
      return close('rolledBack', reason)
    case 'noTime':
      return close('failed', `${reason}; no time was left to take back what had been applied`)
    case 'none':
      return close('failed', reason)
  }
}

/** The steps that were not sent; `failed` has its result already. */
function skipFrom({ run }: Session, failed: Step | undefined): void {
  for (const { id } of run.plan!.steps) {
    if (id !== failed?.id && !run.results.some((result) => result.step === id))
      run.results.push({ step: id, status: 'skipped' })
  }
}

/** Undoes, in reverse, the applied steps that only make sense together with the one that failed. */
async function rollBack(session: Session, failed: Step): Promise<'done' | 'none' | 'noTime'> {
  const { run, ports, place } = session
  if (!failed.together) return 'none'
  const applied = run.plan!.steps.filter(
    ({ id, together }) =>
      together && run.results.some((result) => result.step === id && result.status === 'applied'),
  )
  for (const step of applied.reverse()) {
    if (!Array.isArray(step.undo)) return 'none'
    for (const undo of step.undo) {
      if (!hasTime(session)) return 'noTime'
      const options = { session: changing(run), ...timeLeft(session) }
      if (undo.merge) await sendMerge(ports.aws, place, undo, undo.merge, { ...options, clock: ports.clock })
      else await ports.aws.send(place, undo, options)
    }
    const result = run.results.find((entry) => entry.step === step.id)
    if (result) result.status = 'undone'
  }
  return 'done'
}
