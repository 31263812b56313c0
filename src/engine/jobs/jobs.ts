import type { Finding } from '../../findings/finding.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import { type Matcher, matches } from '../../playbook/matchers.ts'
import { type AnyPlaybook, type Target, Unplannable } from '../../playbook/playbook.ts'
import { type KnownPlaybook, loaded, type PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { names, runsOfFinding } from '../../run/found-by.ts'
import type { Outcome } from '../../run/run.ts'
import { failureText } from '../effects/step-error.ts'
import type { EnginePorts, HandleOptions, Intent, Report } from '../ports.ts'
import { BadRequest } from '../refusals.ts'
import { runsFoundBy } from '../run-called.ts'
import { closedSince } from './closed-since.ts'
import { addFinding } from './evidence.ts'
import { ruleHint, withItsRule } from './known-rules.ts'
import { targetsFor } from './targets.ts'

/** One playbook on one target, with all findings that ask for it. */
export interface Job {
  playbook: PlaybookHead
  target: Target
  findings: Finding[]
  /** Already known to end so, without a look and without a lock (`targets` said so). */
  ending?: { outcome: Outcome; reason: string }
  /** The detector says that it is over: only a waiting run cares. */
  over?: boolean
}

/** What findings ask for. */
export interface FoundJobs {
  jobs: Job[]
  ignored: Report['ignored']
  /** Findings that are open, and that no playbook answers. */
  unanswered: Finding[]
}

/** Findings → jobs: which playbooks answer, which resources they act on; findings of one key are joined. */
export async function jobsFor(
  ports: EnginePorts,
  findings: readonly Finding[],
  intent: Intent,
  options: HandleOptions,
): Promise<FoundJobs> {
  const ignored: Report['ignored'] = []
  const unanswered: Finding[] = []
  const wanted: Finding[] = []
  const later = closedSince(findings)
  for (const finding of findings) {
    const { status } = finding
    const since = status === 'active' ? later(finding) : undefined
    if (since !== undefined) {
      ignored.push({ finding: finding.id, reason: `an older word: it is ${since} since` })
      continue
    }
    const sampleAllowed = status === 'sample' && options.includeSamples === true && intent !== 'apply'
    const isOpen = status === 'active' || sampleAllowed
    if (!isOpen) ignored.push({ finding: finding.id, reason: status })
    if (isOpen || isOver(finding, intent)) wanted.push(finding)
  }
  const known = await Promise.all(wanted.map((finding) => withItsRule(ports, finding)))
  tellUnread(ports, known)
  const pairs: { finding: Finding; playbook: KnownPlaybook; over: boolean }[] = []
  for (const finding of known) {
    const over = isOver(finding, intent)
    const answering = answerers(ports.playbooks, finding, options)
    if (answering.length === 0 && !over) {
      unanswered.push(finding)
      const { id, source, type } = finding
      const reason = `no playbook answers ${source} ${type}${ruleHint(finding)}`
      ignored.push({ finding: id, reason, unanswered: { source, type } })
    }
    pairs.push(...answering.map((playbook) => ({ finding, playbook, over })))
  }
  // Every changed item of an account may come here: what nobody answers costs nothing more.
  if (pairs.length === 0) return { jobs: [], ignored, unanswered }
  // Without credentials nothing can be told about any of them: that goes up, before anything is done.
  await ports.aws.identity()
  const found = await Promise.all(
    pairs.map(async ({ finding, playbook, over }) => {
      const jobs = await jobsOf(ports, finding, playbook, over, options)
      const running = intent === 'apply' ? await underWay(ports, { finding, playbook, over }, jobs) : []
      // Not a word on "nothing left" while a run that may have seen to it has not ended.
      const further = jobs.filter(({ ending }) => ending?.outcome !== 'alreadyCompliant')
      return running.length > 0 ? [...running, ...further] : jobs
    }),
  )
  return { jobs: join(found.flat()), ignored, unanswered }
}

/** The detector says that it is over: an apply has to know, because a run may be waiting. */
function isOver({ status }: Finding, intent: Intent): boolean {
  return status === 'resolved' && intent === 'apply'
}

/** Each thing that could not be read about a rule, once. */
function tellUnread({ progress }: EnginePorts, findings: readonly Finding[]): void {
  const unread = findings.flatMap(({ evidence: { ruleUnread = [] } }) => ruleUnread)
  for (const message of new Set(unread)) progress?.({ kind: 'warning', message })
}

/**
 * Runs of this finding that have not ended, where its targets are not named by it: an account-level finding no longer
 * gives a target whose change was made just before the process died.
 */
async function underWay(
  { store }: EnginePorts,
  { finding, playbook, over }: { finding: Finding; playbook: PlaybookHead; over: boolean },
  jobs: readonly Job[],
): Promise<Job[]> {
  if (jobs.length > 0 && jobs.every((job) => !job.ending && names(finding, job))) return []
  const runs = await runsFoundBy(store, runsOfFinding(playbook.id, finding.id))
  const open = runs.filter(({ state }) => state !== 'closed')
  return open.map(({ target }) => ({ playbook, target, findings: [finding], over }))
}

/** The playbooks that answer a finding; with `only`, the one that was named, whatever it answers. */
export function answerers<P extends PlaybookHead>(
  playbooks: readonly P[],
  finding: Finding,
  options: HandleOptions,
): P[] {
  const { only } = options
  if (only) {
    const playbook = playbooks.find(({ id }) => id === only.playbook)
    if (!playbook)
      throw new BadRequest('usage', `no playbook is called "${only.playbook}" (see \`rectify playbooks\`)`)
    return [playbook]
  }
  const isMeant = (matcher: Matcher) => matches(matcher, finding)
  return playbooks.filter(({ answers }) => answers.some(isMeant))
}

async function jobsOf(
  ports: EnginePorts,
  finding: Finding,
  known: KnownPlaybook,
  over: boolean,
  options: HandleOptions,
): Promise<Job[]> {
  const playbook = await loaded(known)
  const { account, region, partition } = finding
  const place = { account, region, partition }
  const on = (target: Target): Job => jobOn(ports, playbook, target, finding, over)
  if (options.only) return [on(playbook.named(options.only.resource, place))]
  const own = (): Target => ownTarget(playbook, finding)
  try {
    if (!(await ports.aws.reaches(account))) return [{ playbook, target: own(), findings: [finding], over }]
    const reader = ports.aws.reader(place, playbook.reads, (message) =>
      ports.progress?.({ kind: 'warning', message }),
    )
    const targets = await targetsFor(ports, playbook, finding, own(), reader)
    if ('outcome' in targets) return [ended(playbook, own(), finding, over, targets)]
    return targets.map((target) => on(understood(playbook, target, finding)))
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof Unplannable)) throw error
    const { arn } = await ports.aws.identity()
    return [ended(playbook, own(), finding, over, { outcome: 'failed', reason: failureText(error, arn) })]
  }
}

/** A job on a target; on one that nobody understands it ends before a look, which could only say that it is gone. */
function jobOn(
  { progress }: EnginePorts,
  playbook: AnyPlaybook,
  target: Target,
  finding: Finding,
  over: boolean,
): Job {
  if (target.notUnderstood === undefined) return { playbook, target, findings: [finding], over }
  const reason = `not understood: ${target.notUnderstood}`
  progress?.({ kind: 'warning', message: `${playbook.id}: ${reason} (finding ${finding.id})` })
  const key = `${target.key}#${finding.id}`
  return ended(playbook, { ...target, key }, finding, over, { outcome: 'notApplicable', reason })
}

/** Whatever a playbook makes of a finding, a target is named in the one form that its kind has. */
function understood(playbook: AnyPlaybook, target: Target, finding: Finding): Target {
  if (target.notUnderstood !== undefined || playbook.ids.understood.test(target.id)) return target
  return playbook.named(target.id, finding)
}

function ended(
  playbook: AnyPlaybook,
  target: Target,
  finding: Finding,
  over: boolean,
  ending: NonNullable<Job['ending']>,
): Job {
  return { playbook, target, findings: [finding], over, ending }
}

/** The finding's own resource as a target: what an entry without a run of its own is about. */
function ownTarget(playbook: AnyPlaybook, finding: Finding): Target {
  const { account, region, partition, resources } = finding
  const own = resources.find(({ type }) => type === playbook.resource)
  if (own) return playbook.named(own.arn ?? own.id, { account, region, partition })
  const [resource] = resources
  const id = resource?.id ?? account
  const named = resource?.arn ?? id
  return { resource: named, id, key: `${named}#${finding.id}` }
}

/** One job per playbook and key; of a finding that came twice, the newest version. */
function join(jobs: Job[]): Job[] {
  const byKey = new Map<string, Job>()
  for (const job of jobs) {
    const key = JSON.stringify([job.playbook.id, job.target.key, job.ending?.outcome, job.over === true])
    const known = byKey.get(key)
    if (!known) byKey.set(key, { ...job, findings: [...job.findings] })
    else for (const finding of job.findings) addFinding(known.findings, finding)
  }
  return [...byKey.values()]
}
