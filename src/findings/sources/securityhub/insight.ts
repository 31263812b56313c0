import { list, required, text } from '../../fields.ts'
import type { Finding } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import type { Told } from '../../wrapping.ts'
import { notice } from '../told-notice.ts'

/** Results of an insight that a person sent with a custom action: counts of findings by some value. */
export function isInsight(body: Fields, told: Told): boolean {
  return told.detailType === 'Security Hub Insight Results' || list(body, 'insightResults').length > 0
}

/** A notice: an insight counts findings, which Security Hub tells one by one, and is about none of them. */
export function insight(body: Fields, told: Told): Finding {
  const name = required('insightName', text(body, 'insightName'))
  const arn = text(body, 'insightArn')
  return notice('securityhub', 'InsightResults', body, told, {
    id: arn?.startsWith('arn:') ? arn : `insight/${name}`,
    title: `Results of the insight "${name}"`,
  })
}
