import type { Control } from '../control.ts'
import type { Answer } from '../front/answer.ts'
import type { Forward } from '../front/front.ts'
import type { AwsRequest } from '../front/request.ts'
import type { Answerer } from './answerer.ts'
import { config } from './config-service.ts'
import { accessAnalyzer } from './detectors/access-analyzer.ts'
import { configCompliance } from './detectors/config-compliance.ts'
import { cloudtrail, noteChange } from './detectors/trail-events.ts'
import { ec2 } from './ec2.ts'
import { securityhub } from './finding-updates.ts'
import { logs } from './insights/log-queries.ts'
import { macie } from './macie-session.ts'
import { refusedDryRun } from './permissions/refused-dry-run.ts'
import { iam } from './permissions/simulated-principal.ts'
import { ssm } from './ssm.ts'
import { sts } from './token-service.ts'
import { wafv2 } from './wafv2.ts'

/** What the emulator lacks or answers falsely, by service and operation. */
const OVERLAYS: Record<string, Record<string, Answerer>> = {
  'access-analyzer': accessAnalyzer,
  cloudtrail,
  config: { ...config, ...configCompliance },
  ec2,
  iam,
  logs,
  macie2: macie,
  securityhub,
  ssm,
  sts,
  wafv2,
}

/** The overlays as a front takes them; changes are written down as they come by. */
export function overlay(control: Control): (request: AwsRequest, forward: Forward) => Promise<Answer> {
  return async (request, forward) => {
    const answerer = OVERLAYS[request.service]?.[request.operation]
    const caller = request.dryRun ? control.assumed.get(request.accessKey) : undefined
    const refusal = caller && (await refusedDryRun(request, caller, forward))
    if (refusal) return refusal
    const answer = await (answerer?.(request, control, forward) ?? forward(request))
    noteChange(request, answer, control)
    return answer
  }
}
