import { accountOf } from '../../account.ts'
import { missing } from '../../bad-event.ts'
import { isoTime } from '../../dates.ts'
import type { Told } from '../../envelopes.ts'
import { list, required, text } from '../../fields.ts'
import type { Finding } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { ACCOUNT_TYPE } from '../../resource-names.ts'
import { version } from '../../version.ts'

/** Results of an insight that a person sent with a custom action: counts of findings by some value. */
export function isInsight(body: Fields, told: Told): boolean {
  return told.detailType === 'Security Hub Insight Results' || list(body, 'insightResults').length > 0
}

/** A notice: an insight counts findings, which Security Hub tells one by one, and is about none of them. */
export function insight(body: Fields, told: Told): Finding {
  const name = required('insightName', text(body, 'insightName'))
  const arn = text(body, 'insightArn')
  const account = accountOf('account', told.account)
  const region = regionOf('region', told.region)
  const observedAt = isoTime(told.time)
  if (observedAt === undefined) throw missing('time', 'time is missing or not a date')
  return {
    id: arn?.startsWith('arn:') ? arn : `insight/${name}`,
    version: version(observedAt),
    source: 'securityhub',
    type: 'InsightResults',
    title: `Results of the insight "${name}"`,
    severity: 'INFORMATIONAL',
    status: 'notice',
    account,
    region,
    partition: partitionOf(region, arn),
    resources: [{ type: ACCOUNT_TYPE, id: account }],
    observedAt,
    evidence: {},
  }
}
