import { accountOf } from '../../account.ts'
import { arnOf } from '../../arn.ts'
import { required, text } from '../../fields.ts'
import type { Finding } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import type { SourceReader } from '../source.ts'

/**
 * Inspector classic, which spoke over SNS only: which event of which assessment, and the ARN of a finding. What was
 * found, and on which instance, only its API said; so the assessment's target stands for it.
 */
export const inspectorClassic: SourceReader = {
  recognises: (body) => ['event', 'template', 'target'].every((field) => text(body, field) !== undefined),
  read,
}

function read(body: Fields, told: Told): Finding {
  const event = required('event', text(body, 'event'))
  const target = required('target', text(body, 'target'))
  const arn = arnOf(target)
  const account = accountOf('target', arn?.account)
  const region = regionOf('target', arn?.region)
  const observedAt = observed(body, told, 'time')
  const found = text(body, 'finding')
  return {
    id: found ?? `${required('run', text(body, 'run'))}/${event}`,
    version: version(observedAt),
    source: 'inspector',
    type: event,
    title: `${event} of Inspector classic`,
    // Inspector's API says it, the message does not.
    severity: 'MEDIUM',
    status: event === 'FINDING_REPORTED' && found !== undefined ? 'active' : 'notice',
    account,
    region,
    partition: partitionOf(region, target),
    resources: [{ type: 'AWS::Inspector::AssessmentTarget', id: target, arn: target }],
    observedAt,
    evidence: {},
  }
}
