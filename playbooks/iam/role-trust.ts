import type { Edit } from '../../src/playbook/policy-document/edit.ts'
import { conditionKeys, isNarrowed } from '../../src/playbook/policy-document/fixed-conditions.ts'
import {
  listed,
  type PolicyDocument,
  type Principal,
  type Statement,
  statementsOf,
} from '../../src/playbook/policy-document/policy-grammar.ts'
import { isPublic } from '../../src/playbook/policy-document/public-statements.ts'
import { actionsOf, nameOfStatement } from '../../src/playbook/policy-document/statement-words.ts'

/** Whom a role shall trust no longer. */
export interface Distrust {
  /** ARN of the root of the role's own account, which stands for all whom its own IAM policies let in. */
  own: string
  /** As Access Analyzer names them: an account, or the ARN of a user, a role or an identity provider. */
  named: readonly string[]
  /** Accounts that are trusted on purpose. */
  known: readonly string[]
}

/** An edit, and why principals that were named stay in. */
export interface TrustEdit extends Edit {
  stays: string[]
}

/**
 * A trust policy in which the account itself stands for everybody, and of all others only those go that are named. What a
 * condition narrows is meant so, and identity providers (SSO, OIDC) are a person's to judge. Pure.
 *
 * @throws Unplannable where a statement does not say whom it trusts
 */
export function narrowed(document: PolicyDocument, distrust: Distrust): TrustEdit {
  const edit: TrustEdit = { statements: [], changes: [], cautions: [], stays: [] }
  let gone: Statement | undefined
  for (const [at, statement] of statementsOf(document).entries()) {
    const name = nameOfStatement(statement, at + 1)
    const left = statement.Effect === 'Allow' ? trusting(statement, name, distrust, edit) : statement
    if (left) edit.statements.push(left)
    else gone = statement
  }
  if (gone && edit.statements.length === 0) {
    // IAM keeps no role without a trust policy, and takes none for sure that has no statement.
    edit.statements.push({ ...gone, Effect: 'Deny' })
    edit.changes.push('turn the last statement into a denial')
    edit.cautions.push('nobody can assume the role any more')
  }
  return edit
}

/** The statement without those who shall go; undefined where nobody is left in it. */
function trusting(
  statement: Statement,
  name: string,
  distrust: Distrust,
  edit: TrustEdit,
): Statement | undefined {
  const about = `${name} (${actionsOf(statement)})`
  let principal = statement.Principal!
  if (isPublic(statement, name)) {
    const keys = conditionKeys(statement)
    if (keys.length > 0)
      edit.cautions.push(`${name} has a condition (${keys.join(', ')}), and is public all the same`)
    edit.changes.push(`let in this account instead of everybody by ${about}`)
    principal = inPlaceOfEverybody(principal, distrust.own)
  }
  if (principal === '*') return statement
  const { AWS, ...others } = principal
  const named = listed(AWS).filter((each) => isNamed(each, distrust))
  const meant = new Map(named.map((each) => [each, whyMeant(each, statement, distrust)]))
  const providers = listed(others.Federated).filter((each) => isNamed(each, distrust))
  edit.stays.push(
    ...[...meant.values()].filter((why) => why !== undefined),
    ...providers.map((each) => `${each} is an identity provider: a person judges its conditions`),
  )
  const goes = named.filter((each) => meant.get(each) === undefined)
  if (goes.length === 0)
    return principal === statement.Principal ? statement : { ...statement, Principal: principal }
  edit.changes.push(`take ${goes.join(', ')} out of ${about}`)
  const left = listed(AWS).filter((each) => !goes.includes(each))
  if (left.length > 0) return { ...statement, Principal: { ...principal, AWS: left } }
  return Object.keys(others).length > 0 ? { ...statement, Principal: others } : undefined
}

/** Why somebody is trusted on purpose; undefined: nothing says so. */
function whyMeant(principal: string, statement: Statement, { known }: Distrust): string | undefined {
  const account = accountOf(principal)
  if (account !== undefined && known.includes(account)) return `${principal} is of a known account`
  // What a vendor asks for so that nobody else makes him act: IAM user guide, "The confused deputy problem".
  if (!isNarrowed(statement, ['sts:externalid'])) return undefined
  return `${principal} is held to conditions (${conditionKeys(statement).join(', ')})`
}

function isNamed(principal: string, { named }: Distrust): boolean {
  return named.some((each) => each === principal || (rootOf(each) ?? each) === rootOf(principal))
}

/** The account that its number or its root user's ARN stands for. */
const rootOf = (principal: string): string | undefined =>
  /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1]

const accountOf = (principal: string): string | undefined =>
  /^(?:arn:[a-z-]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(principal)?.[1]

function inPlaceOfEverybody(principal: Principal, own: string): Principal {
  if (principal === '*') return { AWS: own }
  const { AWS } = principal
  if (!Array.isArray(AWS)) return { ...principal, AWS: own }
  return { ...principal, AWS: [...new Set(AWS.map((each) => (each === '*' ? own : each)))] }
}
