/**
 * What AWS's words say of a refusal (IAM user guide, "Troubleshoot access denied error messages"): `User: ARN is not
 * authorized to perform: ACTION on resource: ARN because no identity-based policy allows the ACTION action`, or `… with an
 * explicit deny in a service control policy`. Not every service says all of it. Pure.
 */
import type { Permission } from '../../playbook/step.ts'
import {
  type DenyingLayer,
  granting,
  type MissingPermission,
} from '../../run/rehearsed/missing-permission.ts'
import type { StepError } from '../../run/run.ts'

/** What is known of whoever was refused. */
export interface Refused {
  /** ARN of the role or user. */
  principal: string
  /** Whose account that is. */
  where: Extract<DenyingLayer, 'hub' | 'member'>
  /** What the call needs. */
  permissions: readonly Permission[]
}

const KINDS =
  'identity-based|service control|resource-based|resource control|permissions boundary|session|VPC endpoint'
const SAYS = new RegExp(
  `(?:because no (?<lacks>${KINDS})(?: policy)? allows|with an explicit deny in an? (?<denies>${KINDS}))`,
  'i',
)
const RESOURCE = /on resource: (arn:\S+?)(?=[.,]?(?:\s|$))/

/** The permissions that were missing, by the words of the refusal; where it names no resource, those of the step. */
export function missingBy(
  { action, message = '' }: StepError,
  { principal, where, permissions }: Refused,
): MissingPermission[] {
  if (action === undefined) return []
  const said = RESOURCE.exec(message)?.[1]
  const own = permissions.filter((need) => need.action === action).map(({ resource }) => resource)
  const resources = said !== undefined ? [said] : own.length > 0 ? own : ['*']
  const { lacks, denies } = SAYS.exec(message)?.groups ?? {}
  const kind = (lacks ?? denies ?? 'identity-based').toLowerCase()
  return [...new Set(resources)].map((resource) => ({
    action,
    resource,
    principal,
    where: LAYERS[kind] ?? where,
    statement: statementFor({ action, resource }, kind, denies !== undefined),
  }))
}

const LAYERS: Readonly<Record<string, DenyingLayer>> = {
  'service control': 'organization',
  'resource control': 'organization',
  'permissions boundary': 'boundary',
  session: 'session',
}

/** Kinds of policies in which a statement for the principal's account grants nothing. */
const OF_OTHERS = new Set(['service control', 'resource control', 'resource-based', 'vpc endpoint'])

function statementFor(
  { action, resource }: Permission,
  kind: string,
  isDenied: boolean,
): MissingPermission['statement'] {
  const policy = kind === 'permissions boundary' ? kind : `${kind} policy`
  if (isDenied) return { none: `a statement of a ${policy} denies ${action}: no other statement helps` }
  if (OF_OTHERS.has(kind))
    return { none: `no ${policy} lets ${action} through, and no policy of the account helps against that` }
  return granting(action, resource)
}
