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

/** What some texts (ARNs, ids) name, each once; the account itself where they name nothing. */
export function resourcesOr(account: string, named: (FindingResource | undefined)[]): FindingResource[] {
  const found = named.filter((each) => each !== undefined).map((each) => within(account, each))
  const byName = new Map(found.map((each) => [`${each.type} ${each.id}`, each]))
  return byName.size > 0 ? [...byName.values()] : [{ type: ACCOUNT_TYPE, id: account }]
}

/** The resources of an EventBridge envelope. */
export function resourcesTold(account: string, texts: readonly string[] = []): FindingResource[] {
  return resourcesOr(
    account,
    texts.map((each) => resourceNamed(undefined, each)),
  )
}
