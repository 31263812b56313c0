import { arnOf } from '../arn.ts'
import type { FindingResource } from '../finding.ts'
import { ACCOUNT_TYPE, resourceNamed } from '../resource-names.ts'

/**
 * A resource whose id a finding of this account names, with an ARN beside it: one that names another account would
 * lead elsewhere, so it is left out and the id stays.
 */
export function within(account: string, resource: FindingResource): FindingResource {
  if (isOf(account, resource.arn)) return resource
  const { type, id } = resource
  return { type, id }
}

/**
 * Each resource that was named, once; the account itself where none is left. One that an ARN of another account names
 * is none of this account's, though it may have one of the same id.
 */
export function resourcesOr(account: string, named: (FindingResource | undefined)[]): FindingResource[] {
  const own = named.flatMap((each) =>
    each !== undefined && isOf(account, each.arn) && isOf(account, each.id) ? [each] : [],
  )
  if (own.length === 1) return own
  const byName = new Map(own.map((each) => [`${each.type} ${each.id}`, each]))
  return byName.size > 0 ? [...byName.values()] : [{ type: ACCOUNT_TYPE, id: account }]
}

/** Whether an ARN may be one of the account's: buckets have none in theirs. */
const isOf = (account: string, arn: string | undefined): boolean =>
  (arnOf(arn)?.account ?? account) === account

/** The resources of an EventBridge envelope, of those types that we know. */
export function resourcesTold(account: string, texts: readonly string[] = []): FindingResource[] {
  const named = texts.map((each) => resourceNamed(undefined, each))
  return resourcesOr(
    account,
    named.filter((each) => each?.type !== 'Other'),
  )
}
