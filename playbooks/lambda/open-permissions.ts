import { call } from '../../src/playbook/api.ts'
import type { Json } from '../../src/playbook/json.ts'
import {
  compliant,
  type PlanResult,
  type StepStatus,
  type Target,
  Unplannable,
} from '../../src/playbook/playbook.ts'
import { conditionKeys, isNarrowed } from '../../src/playbook/policy-document/fixed-conditions.ts'
import {
  listed,
  type PolicyDocument,
  readPolicy,
  type Statement,
  statementsOf,
  withStatements,
} from '../../src/playbook/policy-document/policy-grammar.ts'
import { isPublic } from '../../src/playbook/policy-document/public-statements.ts'
import { samePolicyOrNone, sameStatement } from '../../src/playbook/policy-document/same-policy.ts'
import { actionsOf, nameOfStatement } from '../../src/playbook/policy-document/statement-words.ts'
import type { CallStep, Step } from '../../src/playbook/step.ts'
import { heldToAccount, type Permission, permissionOf } from './permission.ts'

/** A policy of a function, or of an alias or a version of it. */
export interface FunctionPolicy {
  /** Alias or version; absent: the function itself. */
  qualifier?: string
  text: string
  /** What a change has to be told, so that nothing is overwritten that nobody has seen. */
  revision?: string
}

export interface FunctionState {
  account: string
  policies: FunctionPolicy[]
  /** Addresses by which anybody may call the function, as far as its policies let him. */
  urls?: string[]
}

/** How the function itself is called among its aliases: no alias can be. */
const ITSELF = '$LATEST'

/** What is done to a statement: it goes, or it is written anew with a condition. */
interface Change extends Permission {
  label: string
  /** What comes in its place. */
  anew?: Statement
}

/**
 * Takes each statement out that lets everybody in, and holds those by which S3 starts the function to the buckets of its
 * own account: taken out, they would stop its triggers. Pure.
 *
 * @throws Unplannable where a statement could not be put back as it was
 */
export function planPermissions(state: FunctionState, target: Target): PlanResult {
  const changes = state.policies.flatMap((policy) => changesIn(policy, state.account, target))
  if (changes.length === 0)
    return compliant({
      reason:
        'no statement of the function or its aliases lets everybody in; single versions are not looked at',
    })
  const before = observedPolicies(state)
  return {
    kind: 'steps',
    before: before as Json,
    after: Object.fromEntries(
      state.policies.map(({ qualifier = ITSELF, text }) => [
        qualifier,
        left(readPolicy(text), qualifier, changes),
      ]),
    ),
    steps: state.policies.flatMap((policy) => stepsIn(policy, changes, target)),
    cautions: [
      ...changes.flatMap(doubtOf),
      ...(state.urls ?? []).map(
        (url) => `anybody may call the function by ${url}, and is refused from then on`,
      ),
    ],
    warnings: changes
      .filter(({ anew }) => anew)
      .map(({ label }) => `buckets of other accounts cannot start the function by ${label} any more`),
  }
}

function changesIn({ qualifier, text }: FunctionPolicy, account: string, target: Target): Change[] {
  const resource = qualifier === undefined ? target.resource : `${target.resource}:${qualifier}`
  return statementsOf(readPolicy(text)).flatMap((statement, at): Change[] => {
    const name = nameOfStatement(statement, at + 1)
    const label = qualifier === undefined ? name : `${name} of ${qualifier}`
    const isOpen = isPublic(statement, label)
    if (!isOpen && !isOfAnyBucket(statement)) return []
    const permission = { name: target.id, resource, ...(qualifier !== undefined && { qualifier }), statement }
    if (!permissionOf(permission))
      throw new Unplannable(`${label} could not be put back as it is: AddPermission cannot write it`)
    return [{ ...permission, label, ...(!isOpen && { anew: heldToAccount(statement, account) }) }]
  })
}

/** S3 says of which account a bucket is; its ARN does not, and the name may be somebody else's by now. */
function isOfAnyBucket(statement: Statement): boolean {
  const { Effect, Principal } = statement
  const services = typeof Principal === 'object' ? listed(Principal.Service) : []
  return Effect === 'Allow' && services.includes('s3.amazonaws.com') && !isNarrowed(statement)
}

function stepsIn({ qualifier, revision }: FunctionPolicy, changes: Change[], target: Target): CallStep[] {
  const own = changes.filter((change) => change.qualifier === qualifier)
  // The last first: AddPermission appends, so that an undo, which goes the other way, brings back their order.
  const steps = own.reverse().flatMap((change) => stepsOf(change, target))
  // Each change gives the policy another revision, which only AWS knows: the first one is held to what was seen.
  return steps.map((step, at) =>
    at === 0 && revision !== undefined
      ? { ...step, call: { ...step.call, input: { ...step.call.input, RevisionId: revision } } }
      : step,
  )
}

function stepsOf({ label, anew, ...permission }: Change, target: Target): CallStep[] {
  const { name: FunctionName, qualifier, resource, statement } = permission
  const place = { FunctionName, ...(qualifier !== undefined && { Qualifier: qualifier }) }
  const removing = call('lambda', 'RemovePermission', { ...place, StatementId: statement.Sid! })
  const adding = (added: Statement) =>
    call('lambda', 'AddPermission', permissionOf({ ...permission, statement: added })!)
  const remove: CallStep = {
    kind: 'call',
    id: `remove/${qualifier ?? ITSELF}/${statement.Sid}`,
    summary: `take out ${label} (${actionsOf(statement)}) in the policy of ${target.id}`,
    call: removing,
    undo: [adding(statement)],
    // IAM may ask for the alias, or for its function.
    permissions: ['lambda:RemovePermission', 'lambda:AddPermission'].flatMap((action) =>
      [...new Set([target.resource, resource])].map((each) => ({ action, resource: each })),
    ),
  }
  if (!anew) return [remove]
  const add: CallStep = {
    ...remove,
    id: `add/${qualifier ?? ITSELF}/${statement.Sid}`,
    summary: `put ${label} back for buckets of this account alone`,
    call: adding(anew),
    undo: [removing],
  }
  return [
    { ...remove, together: true },
    { ...add, together: true },
  ]
}

/** What is left of a policy; null: AWS keeps none without a statement. */
function left(document: PolicyDocument, qualifier: string, changes: Change[]): Json {
  const own = new Map(
    changes
      .filter((change) => (change.qualifier ?? ITSELF) === qualifier)
      .map((change) => [change.statement.Sid, change]),
  )
  const statements = statementsOf(document).flatMap((statement) => {
    const change = own.get(statement.Sid)
    return change ? (change.anew ?? []) : [statement]
  })
  return statements.length === 0 ? null : (withStatements(document, statements) as unknown as Json)
}

function doubtOf({ statement, label }: Change): string[] {
  const keys = conditionKeys(statement).filter((key) => !/^lambda:/i.test(key))
  return keys.length > 0 ? [`${label} has a condition (${keys.join(', ')}), and is public all the same`] : []
}

/** The policies by the qualifier that has them. */
export function observedPolicies({ policies }: Pick<FunctionState, 'policies'>): Record<string, Json> {
  return Object.fromEntries(
    policies.map(({ qualifier = ITSELF, text }) => [qualifier, readPolicy(text) as unknown as Json]),
  )
}

/** Whether all policies are the same on two sides; one without a statement is none. */
export function samePolicies(a: Json, b: Json): boolean {
  const [one, other] = [a as Record<string, Json>, b as Record<string, Json>]
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((qualifier) =>
    samePolicyOrNone(one[qualifier] ?? null, other[qualifier] ?? null),
  )
}

/** Where the statement stands that a step takes out or puts in. */
export function statusOf(
  { call: { operation, input } }: Step,
  sides: { before: Json; after: Json; now: Json },
): StepStatus {
  const place = typeof input.Qualifier === 'string' ? input.Qualifier : ITSELF
  const at = (side: Json) => statementIn((side as Record<string, Json>)[place] ?? null, input.StatementId)
  const [before, after, now] = [at(sides.before), at(sides.after), at(sides.now)]
  const isAfter = now !== undefined && after !== undefined && sameStatement(now, after)
  const isBefore = now !== undefined && before !== undefined && sameStatement(now, before)
  // A statement that is written anew is gone in between.
  if (isAfter || (now === undefined && operation === 'RemovePermission')) return 'done'
  return isBefore || now === undefined ? 'todo' : 'conflict'
}

function statementIn(policy: Json, sid: unknown): Statement | undefined {
  if (policy === null) return undefined
  return statementsOf(policy as unknown as PolicyDocument).find(({ Sid }) => Sid === sid)
}
