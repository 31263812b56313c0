/**
 * Whether policies of IAM allow an action on a resource (IAM user guide, "Policy evaluation logic"): a small part of it, so
 * that a rehearsal in the sandbox has somebody to ask. It knows wildcards, NotAction, NotResource, explicit denials, and of
 * conditions StringEquals and StringLike on what it is told. A statement with any other condition, or with a policy
 * variable, does not apply, and its keys are missing. Pure.
 */

/** A policy as it is attached. */
export interface AttachedPolicy {
  /** As IAM's simulator names it: `role_rectify_own`, or the name of a managed policy. */
  id: string
  type: 'role' | 'user' | 'user-managed' | 'aws-managed'
  statements: readonly PolicyStatement[]
}

export interface PolicyStatement {
  Effect?: string
  Action?: string | string[]
  NotAction?: string | string[]
  Resource?: string | string[]
  NotResource?: string | string[]
  Condition?: Record<string, Record<string, string | string[]>>
}

export interface Evaluated {
  decision: 'allowed' | 'explicitDeny' | 'implicitDeny'
  /** The policies whose statements decided. */
  matched: AttachedPolicy[]
  /** Condition keys that were asked for and not told. */
  missingKeys: string[]
}

/** @param context condition keys in lower case, and their values */
export function evaluated(
  policies: readonly AttachedPolicy[],
  action: string,
  resource: string,
  context: ReadonlyMap<string, readonly string[]>,
): Evaluated {
  const missing = new Set<string>()
  const applying = (effect: string) =>
    policies.filter(({ statements }) =>
      statements.some(
        (statement) =>
          statement.Effect === effect &&
          isAbout(statement, action, resource) &&
          isMet(statement, context, missing),
      ),
    )
  const [denying, allowing] = [applying('Deny'), applying('Allow')]
  const missingKeys = [...missing].sort()
  if (denying.length > 0) return { decision: 'explicitDeny', matched: denying, missingKeys }
  if (allowing.length > 0) return { decision: 'allowed', matched: allowing, missingKeys }
  return { decision: 'implicitDeny', matched: [], missingKeys }
}

/** The statements of a document's text; none where it is no document. */
export function statementsOf(text: string): PolicyStatement[] {
  const { Statement = [] } = JSON.parse(text) as { Statement?: PolicyStatement | PolicyStatement[] }
  return [Statement].flat()
}

function isAbout(statement: PolicyStatement, action: string, resource: string): boolean {
  const { Action, NotAction, Resource, NotResource } = statement
  const ofAction = [Action ?? NotAction ?? []].flat().some((each) => isLike(each, action, 'i'))
  const ofResource = [Resource ?? NotResource ?? []].flat().some((each) => isLike(each, resource))
  return ofAction === (Action !== undefined) && ofResource === (Resource !== undefined)
}

function isMet(
  { Condition = {} }: PolicyStatement,
  context: ReadonlyMap<string, readonly string[]>,
  missing: Set<string>,
): boolean {
  const met = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => {
      const told = context.get(key.toLowerCase())
      const holds = OPERATORS[operator]
      if (told && holds)
        return told.some((value) => [wanted].flat().some((each) => holds(String(each), value)))
      missing.add(key)
      return false
    }),
  )
  return met.every(Boolean)
}

const OPERATORS: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringLike: (wanted, value) => isLike(wanted, value),
}

/** `*` and `?` as IAM means them. */
function isLike(pattern: string, text: string, flags = ''): boolean {
  const parts = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${parts.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`).test(text)
}
