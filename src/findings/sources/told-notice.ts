import { accountOf } from '../account.ts'
import { at, required } from '../fields.ts'
import type { Finding, Source } from '../finding.ts'
import type { Fields } from '../json-object.ts'
import { partitionOf, regionOf } from '../region.ts'
import { version } from '../version.ts'
import type { Told } from '../wrapping.ts'
import { observed } from './observed.ts'
import { resourcesTold } from './resources-told.ts'

/** A service's own event, as EventBridge has it: its `source` is this. */
export function isFrom(told: Told, source: string): boolean {
  return told.source === source && told.detailType !== undefined
}

/** A record of CloudTrail carries the `source` of the service that was called. */
export function isOfCloudTrail(told: Told): boolean {
  return told.detailType?.endsWith('via CloudTrail') ?? false
}

/**
 * Something that a service tells for information: which, about what, and that it is no finding. Account, region and
 * resources are the envelope's, as these events hold none.
 * @param times dotted paths in the body that hold its time, best first; else the envelope's
 */
export function notice(
  source: Source,
  type: string,
  body: Fields,
  told: Told,
  given: Partial<Pick<Finding, 'id' | 'title' | 'resources' | 'evidence'>> & { times?: string[] } = {},
): Finding {
  const { times = [], ...rest } = given
  const account = accountOf('account', told.account)
  const region = regionOf('region', told.region)
  const observedAt = observed(body, told, ...times)
  const resources = resourcesTold(account, told.resources)
  return {
    id: given.id ?? required('id', told.id, text(body)),
    version: version(observedAt),
    source,
    type,
    title: type,
    severity: 'INFORMATIONAL',
    status: 'notice',
    account,
    region,
    partition: partitionOf(region, resources[0]?.arn),
    resources,
    observedAt,
    evidence: {},
    ...rest,
  }
}

function text(body: Fields): string | undefined {
  const id = at(body, 'id')
  return typeof id === 'string' && id !== '' ? id : undefined
}
