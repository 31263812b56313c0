/** What is in the way of a call that was only checked, and what would let it through. */

/**
 * Who has to say yes and does not: the policies of the role (or user) in the account of the engine, or in that of the
 * resource; its permissions boundary; a service control policy of the organisation; the policy of its session.
 */
export type DenyingLayer = 'hub' | 'member' | 'boundary' | 'organization' | 'session'

/** A statement of an IAM policy. */
export interface GrantingStatement {
  Effect: 'Allow'
  Action: string
  Resource: string
}

/** A permission that a step needs and its principal does not have. */
export interface MissingPermission {
  /** IAM action. */
  action: string
  /** ARN, or `*` where the action knows no resource. */
  resource: string
  /** ARN of the role or user. */
  principal: string
  where: DenyingLayer
  /** Grants just this where it is put there; `none`: no statement helps, and what does. */
  statement: GrantingStatement | { none: string }
}

/** The least that grants a permission: this action on this resource. */
export function granting(action: string, resource: string): GrantingStatement {
  return { Effect: 'Allow', Action: action, Resource: resource }
}

/** Whether a statement lets it through. */
export function isGranting(statement: MissingPermission['statement']): statement is GrantingStatement {
  return 'Effect' in statement
}
