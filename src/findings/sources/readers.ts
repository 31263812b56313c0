import type { Fields } from '../json-object.ts'
import type { Told } from '../wrapping.ts'
import { accessAnalyzer } from './accessanalyzer.ts'
import { cloudTrail } from './cloudtrail/cloudtrail.ts'
import { config } from './config.ts'
import { custodian } from './custodian.ts'
import { schedule } from './events/schedule.ts'
import { serviceState } from './events/service-state.ts'
import { ssm } from './events/systems-manager.ts'
import { tag } from './events/tag.ts'
import { guardDuty } from './guardduty.ts'
import { health } from './health.ts'
import { ecrScan } from './inspector/ecr-scan.ts'
import { inspector } from './inspector/inspector.ts'
import { inspectorClassic } from './inspector/inspector-classic.ts'
import { macie } from './macie/macie.ts'
import { prowler } from './prowler.ts'
import { securityHub } from './securityhub/securityhub.ts'
import type { SourceReader } from './source.ts'
import { isOfCloudTrail } from './told-notice.ts'
import { trustedAdvisor } from './trustedadvisor/trusted-advisor.ts'

/** The detectors that are read; a new one is a file here and a line. A body is the first one's that recognises it. */
const READERS: readonly SourceReader[] = [
  cloudTrail,
  config,
  guardDuty,
  prowler,
  securityHub,
  inspector,
  inspectorClassic,
  ecrScan,
  trustedAdvisor,
  accessAnalyzer,
  macie,
  health,
  schedule,
  ssm,
  tag,
  custodian,
  serviceState,
]

/** By the `source` of EventBridge, so that most bodies are recognised without asking one after the other. */
const BY_SENDER = new Map<string, SourceReader>([
  ['aws.config', config],
  ['aws.guardduty', guardDuty],
  ['aws.securityhub', securityHub],
  ['aws.inspector2', inspector],
  ['aws.trustedadvisor', trustedAdvisor],
  ['aws.access-analyzer', accessAnalyzer],
  ['aws.macie', macie],
  ['aws.health', health],
  ['aws.scheduler', schedule],
  ['aws.ssm', ssm],
  ['aws.tag', tag],
])

/** The reader of the detector that a body comes from; undefined where it has no known shape. */
export function readerOf(body: Fields, told: Told): SourceReader | undefined {
  const likely = isOfCloudTrail(told) ? cloudTrail : BY_SENDER.get(told.source ?? '')
  if (likely?.recognises(body, told)) return likely
  return READERS.find((each) => each.recognises(body, told))
}
