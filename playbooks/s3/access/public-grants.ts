import type { Grant, Owner } from '@aws-sdk/client-s3'
import type { Finding } from '../../../src/findings/finding.ts'
import { call } from '../../../src/playbook/api.ts'
import type { Json } from '../../../src/playbook/json.ts'
import {
  compliant,
  type NotApplicable,
  type PlannedSteps,
  type PlanResult,
  type Target,
  Unplannable,
} from '../../../src/playbook/playbook.ts'
import type { Edit } from '../../../src/playbook/policy-document/edit.ts'
import { isNarrowed } from '../../../src/playbook/policy-document/fixed-conditions.ts'
import {
  EMPTY_POLICY,
  type PolicyDocument,
  readPolicy,
  type Statement,
  statementsOf,
  withStatements,
} from '../../../src/playbook/policy-document/policy-grammar.ts'
import { withoutPublic } from '../../../src/playbook/policy-document/public-statements.ts'
import { samePolicyOrNone } from '../../../src/playbook/policy-document/same-policy.ts'
import { nameOfStatement } from '../../../src/playbook/policy-document/statement-words.ts'
import type { CallStep } from '../../../src/playbook/step.ts'
import { grantText, isOfAnother, publicIn, sameGrants } from './access-list.ts'

export interface GrantsState {
  /** Whose the bucket is. */
  account: string
  /** The text of its policy; null: it has none. */
  policy: string | null
  /** What S3 thinks of the policy. */
  isPolicyPublic?: boolean
  list: { owner: Owner; grants: Grant[] }
  isWebsite?: boolean
  /** What keeps an undo from putting back what is public. */
  blocks?: { lists: boolean; policies: boolean }
}

/** What a plan shows of the two places; the text for the undo, as S3 gave it. */
interface Observed {
  policy: Json
  list: Json[]
  text?: string | null
}

/** Rules that mean more than the public: whoever is let in by the list at all, or by the policy and is not on theirs. */
const MEANS_MORE = ['S3_BUCKET_ACL_PROHIBITED', 'S3.12', 'S3_BUCKET_POLICY_GRANTEE_CHECK']

/**
 * A step for each of the two places that lets everybody in, with its own undo. Pure.
 *
 * @throws Unplannable where S3 calls the policy public, and no statement of it is understood to be
 */
export function planGrants(state: GrantsState, findings: readonly Finding[], target: Target): PlanResult {
  const { policy, isPolicyPublic, list } = state
  const document = policy === null ? EMPTY_POLICY : readPolicy(policy)
  const edit = isPolicyPublic === false ? untouched(document) : withoutPublic(document)
  if (isPolicyPublic === true && edit.changes.length === 0)
    throw new Unplannable('S3 calls the policy public, and none of its statements is understood to be')
  const goes = list.grants.filter((grant) => publicIn(grant) !== undefined)
  const kept = list.grants.filter((grant) => publicIn(grant) === undefined)
  const steps = [
    ...(edit.changes.length > 0 ? [policyStep(state, document, edit, target)] : []),
    ...(goes.length > 0 ? [listStep(state, goes, kept, target)] : []),
  ]
  if (steps.length === 0) return nothingPublic(kept, state, findings)
  const after = edit.statements.length === 0 ? null : withStatements(document, edit.statements)
  return {
    kind: 'steps',
    before: observedGrants(state),
    after: { policy: after as unknown as Json, list: kept as unknown as Json },
    steps,
    cautions: [
      ...(edit.changes.length > 0 ? edit.cautions : []),
      ...(state.isWebsite ? ['the bucket serves a website: its visitors are refused'] : []),
      ...(policy !== null && namesCloudFront(document)
        ? ['CloudFront is named in the policy: see that no distribution reads the bucket as anybody does']
        : []),
    ],
    warnings: undoWarnings(state, edit.changes.length > 0, goes.length > 0),
    ...doubtful([
      ...(edit.changes.length > 0 ? byProviders(edit.statements) : []),
      ...meansMore(kept, edit.statements.length > 0, state, findings),
    ]),
  }
}

const doubtful = (doubts: readonly string[]): Pick<PlannedSteps, 'unproven'> =>
  doubts.length > 0 ? { unproven: doubts.join('; ') } : {}

/** S3 takes for public what lets in whomever an identity provider knows, unless a condition names somebody. */
function byProviders(left: Statement[]): string[] {
  const names = left.flatMap((statement, at) => {
    const { Effect, Principal } = statement
    const isOfProvider = typeof Principal === 'object' && Principal.Federated !== undefined
    return Effect === 'Allow' && isOfProvider && !isNarrowed(statement)
      ? [nameOfStatement(statement, at + 1)]
      : []
  })
  return names.length === 0
    ? []
    : [`S3 may call the policy public for ${names.join(', ')}, which trusts an identity provider`]
}

const untouched = (document: PolicyDocument): Edit => ({
  statements: statementsOf(document),
  changes: [],
  cautions: [],
})

function policyStep(state: GrantsState, document: PolicyDocument, edit: Edit, target: Target): CallStep {
  const of = { Bucket: target.id, ExpectedBucketOwner: state.account }
  const isLeft = edit.statements.length > 0
  const Policy = JSON.stringify(withStatements(document, edit.statements))
  return {
    kind: 'call',
    id: 'policy',
    summary: `${edit.changes.join(', ')} in the policy of ${target.id}`,
    call: isLeft ? call('s3', 'PutBucketPolicy', { ...of, Policy }) : call('s3', 'DeleteBucketPolicy', of),
    undo: [call('s3', 'PutBucketPolicy', { ...of, Policy: state.policy! })],
    permissions: ['s3:PutBucketPolicy', ...(isLeft ? [] : ['s3:DeleteBucketPolicy'])].map((action) => ({
      action,
      resource: target.resource,
    })),
  }
}

function listStep({ account, list }: GrantsState, goes: Grant[], kept: Grant[], target: Target): CallStep {
  const putting = (Grants: Grant[]) =>
    call('s3', 'PutBucketAcl', {
      Bucket: target.id,
      ExpectedBucketOwner: account,
      AccessControlPolicy: { Owner: list.owner, Grants },
    })
  return {
    kind: 'call',
    id: 'list',
    summary: `take ${goes.map(grantText).join(', ')} out of the grants of ${target.id}`,
    call: putting(kept),
    undo: [putting(list.grants)],
    permissions: [{ action: 's3:PutBucketAcl', resource: target.resource }],
  }
}

/** Nothing is public: which is not all that some rules ask for. */
function nothingPublic(kept: Grant[], state: GrantsState, findings: readonly Finding[]): PlanResult {
  const nobody = 'neither the policy nor a grant lets everybody in'
  const [more] = meansMore(kept, state.policy !== null, state, findings)
  if (more === undefined) return compliant({ reason: nobody })
  return {
    kind: 'notApplicable',
    reason: `${nobody}; ${more}`,
    nothingKnownIsLeft: true,
  } satisfies NotApplicable
}

/** What a rule asks besides of those who stay. */
function meansMore(
  kept: Grant[],
  isPolicyLeft: boolean,
  { list }: GrantsState,
  findings: readonly Finding[],
): string[] {
  const more = findings.find(({ type }) => MEANS_MORE.includes(type))
  const others =
    more?.type === 'S3_BUCKET_POLICY_GRANTEE_CHECK'
      ? isPolicyLeft
      : kept.some((grant) => isOfAnother(grant, list.owner.ID!))
  return more === undefined || !others
    ? []
    : [`whether those who are named in them should be, ${more.type} asks and a person knows`]
}

function namesCloudFront(document: PolicyDocument): boolean {
  return statementsOf(document).some(({ Principal }) => /cloudfront/i.test(JSON.stringify(Principal ?? '')))
}

function undoWarnings({ blocks }: GrantsState, hasPolicy: boolean, hasList: boolean): string[] {
  const isBlocked = (hasPolicy && blocks?.policies) || (hasList && blocks?.lists)
  return isBlocked
    ? ['an undo needs the block of public access off: S3 takes nothing public while it is on']
    : []
}

/** Both places, as a plan shows them. */
export function observedGrants({ policy, list }: Pick<GrantsState, 'policy' | 'list'>): Json {
  return {
    policy: policy === null ? null : (readPolicy(policy) as unknown as Json),
    list: list.grants as unknown as Json,
    text: policy,
  }
}

/** Whether the place that a step is about is as one side of the plan has it. */
export function isAsIn(side: Json, step: Pick<CallStep, 'id'>, now: Json): boolean {
  return step.id === 'policy' ? sameIn('policy', side, now) : sameIn('list', side, now)
}

/** Whether both places are the same on two sides. */
export const sameInBoth = (a: Json, b: Json): boolean => sameIn('policy', a, b) && sameIn('list', a, b)

function sameIn(place: 'policy' | 'list', a: Json, b: Json): boolean {
  const [one, other] = [a as unknown as Observed, b as unknown as Observed]
  return place === 'list' ? sameGrants(one.list, other.list) : samePolicyOrNone(one.policy, other.policy)
}
