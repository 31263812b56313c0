import type { call } from '../../src/playbook/api.ts'
import { listed, type Statement } from '../../src/playbook/policy-document/policy-grammar.ts'

type AddPermission = Parameters<typeof call<'lambda', 'AddPermission'>>[2]

/** A statement of a function's policy, and where it is. */
export interface Permission {
  /** Name of the function. */
  name: string
  /** Alias or version that has the policy; absent: the function itself. */
  qualifier?: string
  /** ARN of what has the policy. */
  resource: string
  statement: Statement
}

/** What AddPermission makes of its fields: operator and field by key, in lower case (Lambda API reference). */
const CONDITIONS: ReadonlyMap<string, readonly [operator: string, field: keyof AddPermission]> = new Map([
  ['aws:sourcearn', ['ArnLike', 'SourceArn']],
  ['aws:sourceaccount', ['StringEquals', 'SourceAccount']],
  ['aws:principalorgid', ['StringEquals', 'PrincipalOrgID']],
  ['lambda:eventsourcetoken', ['StringEquals', 'EventSourceToken']],
  ['lambda:functionurlauthtype', ['StringEquals', 'FunctionUrlAuthType']],
  ['lambda:invokedviafunctionurl', ['Bool', 'InvokedViaFunctionUrl']],
] as const)

/** Elements of a statement that AddPermission writes. */
const WRITTEN = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'])

/**
 * The input by which AddPermission writes a statement; undefined where it could not have, so that what is taken out could
 * not be put back. Pure.
 */
export function permissionOf({
  name,
  qualifier,
  resource,
  statement,
}: Permission): AddPermission | undefined {
  const [Principal, ...others] = principalsOf(statement)
  const [Action, ...more] = listed(statement.Action)
  const conditions = conditionsOf(statement)
  const isKnown = Object.keys(statement).every((key) => WRITTEN.has(key)) && statement.Effect === 'Allow'
  if (!isKnown || !statement.Sid || !Principal || !Action || !conditions) return undefined
  if (others.length + more.length > 0 || listed(statement.Resource).join() !== resource) return undefined
  const place = { FunctionName: name, ...(qualifier !== undefined && { Qualifier: qualifier }) }
  return { ...place, StatementId: statement.Sid, Action, Principal, ...conditions }
}

function principalsOf({ Principal = {} }: Statement): string[] {
  if (Principal === '*') return ['*']
  const { AWS, Service, ...others } = Principal
  return Object.keys(others).length > 0 ? [] : [...listed(AWS), ...listed(Service)]
}

/** The fields that make the conditions of a statement; undefined where none do. */
function conditionsOf({ Condition = {} }: Statement): Partial<AddPermission> | undefined {
  const fields: Record<string, string | boolean> = {}
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, value] of Object.entries(keys)) {
      const [own, field] = CONDITIONS.get(key.toLowerCase()) ?? []
      const [only, ...more] = listed(value).map(String)
      if (own !== operator || field === undefined || only === undefined || more.length > 0) return undefined
      fields[field] = own === 'Bool' ? only === 'true' : only
    }
  }
  return fields
}

/** The statement with the account as a condition: as AddPermission writes it with `SourceAccount`. */
export function heldToAccount(statement: Statement, account: string): Statement {
  const { StringEquals = {}, ...others } = statement.Condition ?? {}
  return {
    ...statement,
    Condition: { ...others, StringEquals: { ...StringEquals, 'AWS:SourceAccount': account } },
  }
}
