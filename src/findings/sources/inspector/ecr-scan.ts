import { accountOf } from '../../account.ts'
import { BadEvent } from '../../bad-event.ts'
import { at, number, required, text } from '../../fields.ts'
import { type Finding, SEVERITIES, type Severity } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import type { SourceReader } from '../source.ts'
import { isFrom, notice } from '../told-notice.ts'

/**
 * What Amazon ECR tells of images: the result of a basic scan, how many vulnerabilities of which severity; all else
 * (a push, a changed frequency of scans) is told for information. ECR user guide, "Amazon ECR events and EventBridge".
 */
export const ecrScan: SourceReader = {
  recognises: (_body, told) => isFrom(told, 'aws.ecr'),
  read(body, told) {
    const detailType = required('detail-type', told.detailType)
    const complete = detailType === 'ECR Image Scan' && text(body, 'scan-status') === 'COMPLETE'
    return complete ? scan(body, told) : notice('inspector', detailType, body, told)
  },
}

function scan(body: Fields, told: Told): Finding {
  const account = accountOf('account', told.account)
  const region = regionOf('region', told.region)
  const observedAt = observed(body, told)
  const repository = required('repository-name', text(body, 'repository-name'))
  const digest = required('image-digest', text(body, 'image-digest'))
  const worst = worstFound(body)
  const partition = partitionOf(region, told.resources?.[0])
  const arn = `arn:${partition}:ecr:${region}:${account}:repository/${repository}`
  return {
    id: `${arn}/${digest}`,
    version: version(observedAt),
    source: 'inspector',
    type: 'ECR Image Scan',
    title: `Scan of ${repository}@${digest} found ${worst ? `vulnerabilities up to ${worst}` : 'nothing'}`,
    severity: worst ?? 'INFORMATIONAL',
    status: worst === undefined ? 'passed' : 'active',
    account,
    region,
    partition,
    resources: [{ type: 'AWS::ECR::ContainerImage', id: `${arn}/${digest}`, arn: `${arn}/${digest}` }],
    observedAt,
    evidence: { images: [`${repository}@${digest}`] },
  }
}

/** The highest severity that was found at least once; undefined when none above informational was. */
function worstFound(body: Fields): Severity | undefined {
  const counts = at(body, 'finding-severity-counts')
  if (!isFields(counts)) {
    throw new BadEvent('missingField', 'finding-severity-counts is missing', 'finding-severity-counts')
  }
  return SEVERITIES.slice(1).findLast((severity) => (number(counts, severity) ?? 0) > 0)
}
