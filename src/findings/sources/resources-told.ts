import { arnOf } from '../arn.ts'
import type { FindingResource } from '../finding.ts'
import { ACCOUNT_TYPE, resourceNamed } from '../resource-names.ts'

/**
 * A resource of the finding's own account: an ARN that names another account would lead to another resource, so it is
 * left out and the id stays.
 */
export function within(account: string, resource: FindingResource): FindingResource {
  const { arn, ...rest } = resource
  const owner = arnOf(arn)?.account
  return arn === undefined || owner === undefined || owner === account ? resource : rest
}

/**
 * Each resource that was named, once; the account itself where none is left. One that only an ARN of another account
 * names is none of this account's.
 */
export function resourcesOr(account: string, named: (FindingResource | undefined)[]): FindingResource[] {
  const found = named.flatMap((each) => (each === undefined ? [] : within(account, each)))
  const own = found.filter(({ id }) => (arnOf(id)?.account ?? account) === account)
  const byName = new Map(own.map((each) => [`${each.type} ${each.id}`, each]))
  return byName.size > 0 ? [...byName.values()] : [{ type: ACCOUNT_TYPE, id: account }]
}

/** The resources of an EventBridge envelope, of those types that we know. */
export function resourcesTold(account: string, texts: readonly string[] = []): FindingResource[] {
  const named = texts.map((each) => resourceNamed(undefined, each))
  return resourcesOr(
    account,
    named.filter((each) => each?.type !== 'Other'),
  )
}
