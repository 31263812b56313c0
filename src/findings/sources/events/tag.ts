import { accountOf } from '../../account.ts'
import { required, text } from '../../fields.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { version } from '../../version.ts'
import { observed } from '../observed.ts'
import { resourcesTold } from '../resources-told.ts'
import type { SourceReader } from '../source.ts'
import { isFrom } from '../told-notice.ts'

/**
 * "Tag Change on Resource": its type is the service and the kind of resource that was tagged (`ec2:instance`). Whether
 * the tags are right is for those to say who answer it. Resource Groups user guide, "Tag change events".
 */
export const tag: SourceReader = {
  recognises: (_body, told) => isFrom(told, 'aws.tag'),
  read(body, told) {
    const account = accountOf('account', told.account)
    const region = regionOf('region', told.region)
    const observedAt = observed({}, told)
    const arn = required('resources[0]', told.resources?.[0])
    const service = required('service', text(body, 'service'))
    const resourceType = text(body, 'resource-type')
    return {
      id: `${arn}/tags`,
      version: version(observedAt, Number(text(body, 'version') ?? 0) || 0),
      source: 'tag',
      type: resourceType === undefined ? service : `${service}:${resourceType}`,
      title: `Tags of ${arn} changed`,
      severity: 'INFORMATIONAL',
      status: 'active',
      account,
      region,
      partition: partitionOf(region, arn),
      resources: resourcesTold(account, told.resources),
      observedAt,
      evidence: {},
    }
  },
}
