/** Who is one person, however she speaks. */

import { meansIdentity } from './arn-patterns.ts'
import { identityOf, slackUserOf } from './identity.ts'
import type { Decision, Person, Run } from './run.ts'

/** The person that an identity is; undefined where `people` do not know it. */
export function personBehind(people: readonly Person[] | undefined, by: string): Person | undefined {
  const user = slackUserOf(by)
  return people?.find(({ slack, iam = [] }) =>
    user ? slack === user.user : iam.some((pattern) => meansIdentity(pattern, by)),
  )
}

/** Her name. */
export function personOf(people: readonly Person[] | undefined, by: string): string | undefined {
  return personBehind(people, by)?.name
}

/**
 * What counts as one where the people of a run are counted: a person of its terms as they hold now, else the one who was
 * known when it was decided, else the identity. A name is never taken for an identity: it has no colon and no slash.
 */
export function countedAs(
  { approval }: Pick<Run, 'approval'>,
  { by, person }: Pick<Decision, 'by' | 'person'>,
): string {
  return personOf(approval?.people, by) ?? person ?? identityOf(by)
}
