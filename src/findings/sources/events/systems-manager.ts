import { accountOf } from '../../account.ts'
import { required, text } from '../../fields.ts'
import type { Finding, FindingStatus } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import type { SourceReader } from '../source.ts'
import { isFrom, notice } from '../told-notice.ts'
import { severityOfWord, statusSaid } from '../words.ts'

/**
 * AWS Systems Manager: an instance that is no longer as its patch baseline or association says is a finding; what
 * became of commands, automations, windows and parameters is told for information. Systems Manager user guide,
 * "Amazon EventBridge event examples for Systems Manager".
 */
export const ssm: SourceReader = {
  recognises: (_body, told) => isFrom(told, 'aws.ssm'),
  read(body, told) {
    const detailType = required('detail-type', told.detailType)
    if (detailType === 'Configuration Compliance State Change') return compliance(body, told)
    const status = text(body, 'status') ?? text(body, 'Status') ?? text(body, 'operation')
    const title = status === undefined ? detailType : `${detailType}: ${status}`
    return notice('ssm', detailType, body, told, { title })
  },
}

const STATUS = new Map<string, FindingStatus>([
  ['non_compliant', 'active'],
  ['compliant', 'passed'],
])

function compliance(body: Fields, told: Told): Finding {
  const account = accountOf('account', told.account)
  const region = regionOf('region', told.region)
  const observedAt = observed({}, told)
  const id = required('resource-id', text(body, 'resource-id'))
  const kind = required('compliance-type', text(body, 'compliance-type'))
  const status = statusSaid(body, 'compliance-status', STATUS)
  return {
    id: [account, region, 'compliance', kind, id].join('/'),
    version: version(observedAt),
    source: 'ssm',
    type: `Compliance:${kind}`,
    title: `${kind} of ${id} is ${status === 'active' ? 'not ' : ''}compliant`,
    severity: severityOfWord(text(body, 'severity')) ?? 'MEDIUM',
    status,
    account,
    region,
    partition: partitionOf(region, told.resources?.[0]),
    resources: [{ type: id.startsWith('mi-') ? 'AWS::SSM::ManagedInstance' : 'AWS::EC2::Instance', id }],
    observedAt,
    evidence: {},
  }
}
