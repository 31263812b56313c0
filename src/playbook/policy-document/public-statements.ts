import type { Edit } from './edit.ts'
import { conditionKeys, isAboutOthers, isNarrowed } from './fixed-conditions.ts'
import {
  listed,
  notUnderstood,
  type PolicyDocument,
  type Principal,
  type Statement,
  statementsOf,
} from './policy-grammar.ts'
import { actionsOf, nameOfStatement } from './statement-words.ts'

/**
 * Takes everybody out of a document: of a statement that names others beside the star only the star goes, of any other
 * all of it. Denials stay, and so does what a condition narrows to somebody. Pure.
 *
 * @throws Unplannable where a statement allows something to nobody who is named (`NotPrincipal`, no principal)
 */
export function withoutPublic(document: PolicyDocument): Edit {
  const edit: Edit = { statements: [], changes: [], cautions: [] }
  const all = statementsOf(document)
  for (const [at, statement] of all.entries()) {
    const name = nameOfStatement(statement, at + 1)
    if (!isPublic(statement, name)) {
      edit.statements.push(statement)
      continue
    }
    const others = withoutEverybody(statement.Principal!)
    if (others !== undefined) edit.statements.push({ ...statement, Principal: others })
    const what = others === undefined ? 'take out' : 'take everybody out of'
    edit.changes.push(`${what} ${name} (${actionsOf(statement)})`)
    edit.cautions.push(...doubts(statement, name))
  }
  if (edit.changes.length > 0) edit.cautions.push(...denied(all))
  return edit
}

/**
 * Whether a statement lets everybody in.
 * @param name what a person calls it, for the error
 * @throws Unplannable where it allows something, and does not say to whom
 */
export function isPublic(statement: Statement, name: string): boolean {
  if (statement.Effect !== 'Allow') return false
  if (statement.Principal === undefined)
    throw notUnderstood(
      statement.NotPrincipal === undefined
        ? `${name} allows something to nobody`
        : `${name} allows something to all but some (NotPrincipal)`,
    )
  return isEverybody(statement.Principal) && !isNarrowed(statement)
}

/** Whether a principal is everybody, among others or alone. */
export function isEverybody(principal: Principal | undefined): boolean {
  return principal === '*' || (principal !== undefined && listed(principal.AWS).includes('*'))
}

/** The others; undefined where there are none. */
function withoutEverybody(principal: Principal): Principal | undefined {
  if (principal === '*') return undefined
  const { AWS, ...others } = principal
  const named = listed(AWS).filter((each) => each !== '*')
  if (named.length > 0) return { ...principal, AWS: named }
  return Object.keys(others).length > 0 ? others : undefined
}

function doubts(statement: Statement, name: string): string[] {
  const keys = conditionKeys(statement)
  if (keys.length === 0) return []
  return [`${name} has a condition (${keys.join(', ')}), by which AWS does not take it for less than public`]
}

function denied(statements: Statement[]): string[] {
  const names = statements.flatMap((statement, at) => {
    const { Effect, NotPrincipal } = statement
    const isOfOthers = Effect === 'Deny' && (NotPrincipal !== undefined || isAboutOthers(statement))
    return isOfOthers ? [nameOfStatement(statement, at + 1)] : []
  })
  return names.length > 0 ? [`${names.join(', ')} may keep some of the public out already`] : []
}
