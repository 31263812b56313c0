import { type Close, close, type LookAnswer } from '../../../state-machines/effects.ts'
import { type Manager, managersOf } from '../../playbook/managed-by.ts'
import type { Cut } from '../../playbook/network/cut.ts'
import type { Advice, PlannedSteps } from '../../playbook/planned.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import { neverOf } from '../../policy/never.ts'
import type { Ruling } from '../../policy/rules.ts'
import { limitCaution } from '../../run/limit-caution.ts'
import type { Drive } from '../drive/drive.ts'
import type { Effect, RunFacts } from '../drive/facts.ts'
import { inspect, type Seen } from '../drive/inspect.ts'
import { sparingOwn } from '../own/sparing-own.ts'
import { fightCaution } from '../rails/fights.ts'
import { limitsOf } from '../rails/limits-of.ts'
import { isUnreadable } from '../tags/live-tags.ts'
import { standingIn } from '../tags/places-of-look.ts'
import type { SeenByRules } from '../tags/seen-by-rules.ts'
import { decidePlan } from './decide-plan.ts'
import { exempting } from './exempting.ts'
import { organizationOf, parametersOf, permitOf, rule, undecidable, untilPlanned } from './ruling.ts'

const GONE = 'the resource is gone (looked twice)'

/**
 * Reads the live resource, plans, and asks the policy. The epoch of the lock is read first, so that a claim can tell
 * whether anybody changed the resource since.
 */
export async function* look(drive: Drive): Effect<LookAnswer> {
  const { run, ports } = drive
  const wrong = await wrongAccount(drive)
  if (wrong) return wrong
  if (run.intent === 'apply') yield { memory: { epoch: (await ports.store.lock(run.resource)).epoch } }

  const place = await organizationOf(drive)
  const first = rule(drive, place)
  yield { run: { ...ruledBy(drive, first), ...parametersBy(drive, first) } }
  let seen = await inspect(drive, true)
  if (!seen) return close('resourceGone', GONE)
  const around = { ...place, ...(await standingIn(drive, seen, place.organization)) }
  const ruling = await exempting(drive, rule(drive, { ...seen, ...around }))
  yield { run: { name: nameIn(seen), ...ruledBy(drive, ruling), ...(await whoTagged(drive, ruling)) } }
  const open = untilPlanned(drive, ruling, { ...seen, ...around })
  // Its parameters are not known either: what they would make of the resource would be a guess.
  const undecided = open ? undefined : await undecidable(drive, ruling, { ...seen, ...around })
  if (undecided !== undefined) return close('blocked', undecided)
  const others = parametersBy(drive, open ?? ruling)
  if (others) {
    yield { run: others }
    seen = await inspect(drive, true)
    if (!seen) return close('resourceGone', GONE)
  }
  return yield* planOf(drive, { ...seen, ...around }, ruling)
}

/** @param ruling undecided where the plan has yet to tell what it asks for */
async function* planOf(drive: Drive, seen: Seen & SeenByRules, ruling: Ruling): Effect<LookAnswer> {
  const { run, playbook, reader, policy } = drive
  const planned = playbook.plan(seen.state, run.findings, run.parameters, run.target, neverOf(policy))
  yield { run: { lookedAt: seen.at }, memory: { tags: seen.tags } }
  if (planned.kind === 'notApplicable') return close('notApplicable', planned.reason)
  if (planned.kind === 'compliant') {
    const { permit } = permitOf(drive, ruling)
    const acts = permit === 'auto' || permit === 'approve'
    yield { run: { timeBoxes: acts ? planned.timeBoxes : undefined } }
    if (planned.unproven !== undefined) return close('unverified', planned.unproven)
    yield { run: { verifiedAt: seen.at } }
    return close('alreadyCompliant', planned.reason ?? 'nothing is left to do')
  }

  if (planned.kind === 'advice') return yield* advised(drive, planned, ruling)
  yield { run: { advice: undefined } }

  const { cautions: ofImpact = [], ...impact } = await playbook.impact(
    seen.state,
    reader,
    run.target,
    planned,
    run.parameters,
  )
  const told = { ...seen, reachable: impact.reachable }
  const decided = ruling.mode === 'undecided' ? rule(drive, told) : ruling
  if (decided !== ruling) yield { run: { ...noted(drive, decided), ...(await whoTagged(drive, decided)) } }
  const undecided = await undecidable(drive, decided, told)
  if (undecided !== undefined) return close('blocked', undecided)
  const managers = managing(seen, playbook)
  const cautions = [
    ...(planned.cautions ?? []),
    ...ofImpact,
    ...tooMany(drive, impact.count),
    ...(await fightCaution(drive, managers)),
  ]
  const doubt = planned.unproven === undefined ? [] : [`cannot be proven afterwards: ${planned.unproven}`]
  const warnings = [
    ...cautions,
    ...(planned.warnings ?? []),
    ...managers.map(({ where }) => comesBack(where)),
    ...doubt,
    ...unreadWarning(seen.tags),
    ...new Set(drive.warnings),
  ]
  yield { run: { timeBoxes: planned.timeBoxes }, memory: { cuts: cutsOf(drive, seen, planned) } }
  const [managedBy] = managers
  const change = { ...planned, warnings, cautions, impact, ...(managedBy && { managedBy }) }
  return yield* decidePlan(drive, change, await sparingOwn(drive, { ...change, seen }, decided))
}

/** Only a rehearsal asks what they come to. */
function cutsOf(
  { run, playbook }: Drive,
  { state }: Seen,
  planned: PlannedSteps,
): readonly Cut[] | undefined {
  return run.intent === 'rehearse' ? playbook.cuts?.(state, planned) : undefined
}

/** Who made the policy stricter for a resource by a tag: noted of a run that may change something, in its audit. */
async function whoTagged(drive: Drive, { by }: Ruling): Promise<Pick<RunFacts, 'tagChange'>> {
  if (by?.kind !== 'tag' || drive.run.intent !== 'apply') return { tagChange: undefined }
  // Few runs are: what asks for it is loaded with the first.
  const { tagChangeOf } = await import('../trail/tag-change.ts')
  return { tagChange: await tagChangeOf(drive, by) }
}

/** A run may affect so many by itself as the policy says; beyond that a person looks first. */
function tooMany({ policy }: Drive, count: number): string[] {
  const { affected } = limitsOf(policy)
  return affected !== undefined && count > affected ? [limitCaution(count, affected)] : []
}

/** Nothing is changed, so a rule that would let it be changed, or rehearsed, lets it be told. */
async function* advised(drive: Drive, { wrong, todo }: Advice, ruling: Ruling): Effect<LookAnswer> {
  const { mode, reason } = ruling
  const undecided = mode === 'undecided' && (await undecidable(drive, ruling, { reachable: undefined }))
  if (undecided) return close('blocked', undecided)
  if (mode === 'off' || mode === 'exempted' || mode === 'blocked') return close(mode, reason)
  yield { run: { advice: todo } }
  return close('notified', wrong)
}

/** Who sets the old values again unless they are changed there, too; with the property where it is a stack. */
function managing({ tags }: SeenByRules, { property }: AnyPlaybook): Manager[] {
  const isOneBag = tags !== undefined && !Array.isArray(tags) && !isUnreadable(tags)
  const all = isOneBag ? managersOf(tags) : []
  const isStack = ({ by }: Manager) => by === 'cloudformation' || by === 'controltower'
  return all.map((each) =>
    property !== undefined && isStack(each)
      ? { ...each, where: `${each.where}, property ${property}` }
      : each,
  )
}

const comesBack = (where: string): string =>
  `managed by ${where}: change it there too, or the old value may come back`

/** What a person calls the resource; undefined where it has no name, or it could not be read. */
function nameIn({ name, tags }: SeenByRules): string | undefined {
  if (name !== undefined) return name
  if (tags === undefined || Array.isArray(tags) || isUnreadable(tags)) return undefined
  return tags.Name
}

/** The policy's word is noted in the run as soon as it is known, and which version of it spoke. */
export function noted(
  { policy }: Drive,
  { mode, reason, by }: Ruling,
): Pick<RunFacts, 'ruling' | 'policyVersion'> {
  const policyVersion = policy.kind === 'file' ? policy.version : undefined
  return { ruling: { mode, reason, ...(by && { by }) }, policyVersion }
}

/**
 * What is noted of a ruling. A run may end before there is a plan to be asked about: its terms then say where people are
 * told of that. Terms on which it was asked stay as they are, until there is a plan again.
 */
function ruledBy(drive: Drive, ruling: Ruling): RunFacts {
  const { mode, approval } = ruling
  const { run } = drive
  const isTold = run.plan === null && mode !== 'undecided' && approval.channel !== undefined
  return { ...noted(drive, ruling), ...(isTold && { approval }) }
}

/** The run's parameters by a ruling; undefined when they are what they were. */
function parametersBy(drive: Drive, ruling: Ruling): Pick<RunFacts, 'parameters'> | undefined {
  const parameters = parametersOf(drive, ruling)
  return parameters === undefined ? undefined : { parameters }
}

/** Credentials of another account can only do harm: nothing is read, nothing is changed. */
export async function wrongAccount({ run, ports }: Drive): Promise<Close | undefined> {
  if (await ports.aws.reaches(run.account)) return undefined
  const identity = await ports.aws.identity()
  return close(
    'blocked',
    `wrong account: the finding is about account ${run.account}, the credentials (${identity.arn}) are of ${identity.account} and no role is configured for it`,
  )
}

/** Nobody asked for them, so the run goes on; what a playbook would have told of them is missing. */
function unreadWarning(tags: SeenByRules['tags']): string[] {
  return tags !== undefined && isUnreadable(tags) ? [`tags unreadable: ${tags.unreadable}`] : []
}
