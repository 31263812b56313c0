import { canonicalJson, type Json, sameJson } from '../json.ts'
import {
  listed,
  type OneOrMany,
  type PolicyDocument,
  type Statement,
  statementsOf,
} from './policy-grammar.ts'

/**
 * Whether two documents say the same. AWS gives back what was put in other words: keys and lists in another order, a
 * list of one as its item, an account as its root user's ARN (ECR, IAM, S3, SNS and SQS each in ways of their own).
 * The `Id` means nothing to AWS.
 */
export function samePolicy(a: PolicyDocument, b: PolicyDocument): boolean {
  return sameJson(meaning(a), meaning(b))
}

/** The same of documents as plans hold them, where there may be none. */
export function samePolicyOrNone(a: Json, b: Json): boolean {
  if (a === null || b === null) return a === b
  return samePolicy(a as unknown as PolicyDocument, b as unknown as PolicyDocument)
}

/** Whether two statements say the same. */
export const sameStatement = (a: Statement, b: Statement): boolean => sameJson(ofStatement(a), ofStatement(b))

/** IAM user guide, "Version": a document that says none is of the first. */
const FIRST_VERSION = '2008-10-17'

function meaning(document: PolicyDocument) {
  const statements = statementsOf(document).map(ofStatement)
  return { version: document.Version ?? FIRST_VERSION, statements: sorted(statements) }
}

function ofStatement(statement: Statement) {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition = {} } = statement
  return {
    sid: statement.Sid ?? '',
    effect: statement.Effect,
    ...(Principal !== undefined && { principal: ofPrincipal(Principal) }),
    ...(NotPrincipal !== undefined && { notPrincipal: ofPrincipal(NotPrincipal) }),
    ...(Action !== undefined && { action: ofActions(Action) }),
    ...(NotAction !== undefined && { notAction: ofActions(NotAction) }),
    ...(Resource !== undefined && { resource: sorted(listed(Resource)) }),
    ...(NotResource !== undefined && { notResource: sorted(listed(NotResource)) }),
    condition: Object.fromEntries(
      Object.entries(Condition).map(([operator, keys]) => [operator.toLowerCase(), ofKeys(keys)]),
    ),
  }
}

function ofPrincipal(principal: NonNullable<Statement['Principal']>) {
  const kinds = principal === '*' ? { AWS: '*' } : principal
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, names]) => [kind, sorted(listed(names).map(ofAccount))]),
  )
}

const ofAccount = (name: string): string => name.replace(/^arn:[a-z-]+:iam::(\d{12}):root$/, '$1')

const ofActions = (actions: OneOrMany<string>) => sorted(listed(actions).map((each) => each.toLowerCase()))

function ofKeys(keys: NonNullable<Statement['Condition']>[string]) {
  return Object.fromEntries(
    Object.entries(keys).map(([key, values]) => [key.toLowerCase(), sorted(listed(values).map(String))]),
  )
}

/** Sorted by their text, each once: a list of a policy is a set. */
function sorted<T>(items: readonly T[]): T[] {
  const byText = new Map(items.map((item) => [canonicalJson(item), item]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}
