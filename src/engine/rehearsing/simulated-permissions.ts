import type { Place } from '../../aws/port.ts'
import type { Tags } from '../../playbook/playbook.ts'
import type { Permission } from '../../playbook/step.ts'
import { granting, type MissingPermission } from '../../run/rehearsed/missing-permission.ts'
import type { StepResult } from '../../run/run.ts'
import type { Simulated } from './simulation-answers.ts'
import type { ContextValues, Question } from './simulation-calls.ts'
import type { Simulate } from './simulator.ts'
import type { Changer } from './who-changes.ts'

/** What one check says of a step. */
export type CheckResult = Omit<StepResult, 'step' | 'at'>

/** What a step needs of IAM, and of whom. */
export interface Needed {
  place: Place
  changer: Changer
  permissions: readonly Permission[]
  /** Live tags of the resource, where they are known. */
  tags?: Tags
}

/** Asked at one region of their partition, which is what the request then says (`aws:RequestedRegion`). */
const GLOBAL = new Set(['iam', 'cloudfront', 'route53', 'organizations'])
const REGION_OF_GLOBAL: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-us-gov': 'us-gov-west-1' }

const BY = 'SimulatePrincipalPolicy'

/** Whether the policies of whoever makes the change allow all that a step and its undo need. */
export async function simulatedPermissions(simulate: Simulate, needed: Needed): Promise<CheckResult[]> {
  const { changer, permissions } = needed
  const missing: MissingPermission[] = []
  const unanswered: string[] = []
  const notes: string[] = []
  const decisions: string[] = []
  for (const said of await Promise.all(permissions.map((need) => answerTo(simulate, needed, need)))) {
    if ('unanswered' in said) unanswered.push(said.unanswered)
    else {
      missing.push(...said.missing)
      notes.push(...said.notes)
      if (said.missing.length > 0) decisions.push(said.decision)
    }
  }
  const [first] = missing
  const why = joined(unanswered)
  const results: CheckResult[] = []
  if (first) {
    const { action, resource } = first
    const message = `${changer.arn} may not ${action} on ${resource}`
    results.push({
      status: 'simulatedDenied',
      by: BY,
      error: { name: 'denied', code: decisions[0]!, action, principal: changer.arn, message },
      missing,
      ...(notes.length > 0 && { why: joined(notes) }),
    })
  }
  if (why) results.push({ status: 'notCheckable', by: BY, why })
  return results.length > 0 ? results : [{ status: 'simulatedOk', by: BY, knownBy: 'answer' }]
}

type Said = { decision: string; missing: MissingPermission[]; notes: string[] } | { unanswered: string }

async function answerTo(simulate: Simulate, needed: Needed, need: Permission): Promise<Said> {
  const { place, changer, tags } = needed
  const ask = (question: Question) => simulate(place, changer.arn, question)
  const context = contextOf(place, changer, need.action)
  let question: Question = { ...need, context }
  let answer = await ask(question)
  if ('unanswered' in answer) return answer
  const told = tagValues(answer.missingKeys, tags)
  if (Object.keys(told).length > 0) {
    question = { ...question, context: { ...context, ...told } }
    answer = await ask(question)
    if ('unanswered' in answer) return answer
  }
  // A tag that the resource does not have is not in the request either: of that nothing is missing.
  const keys = answer.missingKeys.filter((key) => tags === undefined || !TAG.test(key))
  const { decision } = answer
  if (decision === 'allowed') {
    if (keys.length === 0) return { decision, missing: [], notes: [] }
    return {
      unanswered: `${need.action} is allowed unless conditions forbid it that only the call itself can meet (${keys.join(', ')})`,
    }
  }
  const notes = keys.length > 0 ? [`conditions on ${keys.join(', ')} may still allow ${need.action}`] : []
  const missing = [lack(changer, need, answer)]
  if (missing[0]?.where === 'boundary' && decision === 'implicitDeny') {
    const unbounded = await ask({ ...question, unbounded: true })
    if (!('unanswered' in unbounded) && unbounded.decision !== 'allowed')
      missing.push(lack(changer, need, { ...unbounded, boundaryAllows: true }))
  }
  return { decision, missing, notes }
}

/** By whom it is refused: where the organisation refuses, nobody below it can allow. */
function lack(changer: Changer, { action, resource }: Permission, answer: Simulated): MissingPermission {
  const facts = { action, resource, principal: changer.arn }
  const { decision, matched, boundaryAllows, organizationAllows } = answer
  if (!organizationAllows) {
    const none = `a service control policy of the organization does not let ${action} through, and no policy of the account helps against that`
    return { ...facts, where: 'organization', statement: { none } }
  }
  if (decision === 'explicitDeny' && (matched.length > 0 || boundaryAllows)) {
    const none = `a statement that denies ${action} stands against it (${joined(matched) || 'IAM does not say in which policy'}): no other statement helps`
    return { ...facts, where: changer.where, statement: { none } }
  }
  const where = boundaryAllows ? changer.where : 'boundary'
  if (decision === 'implicitDeny') return { ...facts, where, statement: granting(action, resource) }
  const none = `the permissions boundary denies ${action}: no other statement helps`
  return { ...facts, where, statement: { none } }
}

/** What is known of a request before it is made. */
function contextOf({ account, region, partition }: Place, { arn }: Changer, action: string): ContextValues {
  const isGlobal = GLOBAL.has(action.split(':')[0]!)
  const requested = isGlobal ? REGION_OF_GLOBAL[partition] : region
  return {
    'aws:PrincipalAccount': account,
    'aws:PrincipalArn': arn,
    ...(requested !== undefined && { 'aws:RequestedRegion': requested }),
    'aws:SecureTransport': 'true',
  }
}

/** `aws:ResourceTag/environment`; services have keys of their own for the same. */
const TAG = /^[\w-]+:ResourceTag\/(.+)$/i

function tagValues(keys: readonly string[], tags: Tags = {}): ContextValues {
  const known = keys.flatMap((key) => {
    const value = tags[TAG.exec(key)?.[1] ?? '']
    return value === undefined ? [] : [[key, value] as const]
  })
  return Object.fromEntries(known)
}

const joined = (texts: readonly string[]): string => [...new Set(texts)].join('; ')
