import type { Aws, CallOptions, Place } from '../../src/aws/port.ts'
import { Services } from '../../src/aws/services.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { Run } from '../../src/run/run.ts'
import { complaints } from '../../src/sandbox/shapes/check.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { DETECTOR_SERVICES } from '../../src/writeback/detector-services.ts'
import { writeback } from '../../src/writeback/tell-run.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { sampleRun } from '../support/sample-run.ts'

export const ACCOUNT = '123456789012'
export const REGION = 'eu-central-1'
export const PRODUCT = `arn:aws:securityhub:${REGION}::product/aws/securityhub`
export const RUN = '01K00000000000000000000001'

/** A finding as Security Hub told it. */
export function hubFinding(id = 'finding-1', more: Partial<Finding> = {}): Finding {
  const origin = { form: 'asff', id, product: PRODUCT } as const
  return sampleFinding({ id, source: 'securityhub', type: 'EC2.19', origin, ...more })
}

/** A run that has ended, and may tell whomever it likes. */
export function endedRun(more: Partial<Run> = {}): Run {
  return sampleRun({
    id: RUN,
    findings: [hubFinding()],
    tell: ['securityhub', 'guardduty', 'config', 'accessanalyzer'],
    reason: 'nothing left to do',
    ...more,
  })
}

export interface SentCall extends ApiCall {
  place: Place
  options: CallOptions
}

type Answers = Record<string, (input: Record<string, never>, place: Place) => unknown>

/**
 * AWS as far as detectors are told: `answers` by operation, no answer for any other; every input is held against AWS's own
 * model of it. `now` is its clock, ms since 1970.
 */
export function detectors(answers: Answers, reached: readonly string[] = [ACCOUNT]) {
  const calls: SentCall[] = []
  const aws: Aws = {
    services: new Services(DETECTOR_SERVICES),
    identity: async () => ({ account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ann`, partition: 'aws' }),
    reaches: async (account) => reached.includes(account),
    changesAs: async () => `arn:aws:iam::${ACCOUNT}:user/ann`,
    reader: () => {
      throw new Error('detectors are told without a reader')
    },
    async send(place, call, options = {}) {
      const wrong = complaints(call.service, call.operation, call.input)
      if (wrong.length > 0) throw new Error(`${call.operation}: ${JSON.stringify(wrong)}`)
      calls.push({ ...call, place, options })
      const answer = answers[call.operation]
      if (!answer) throw new Error(`nobody answers ${call.operation}`)
      return answer(call.input as Record<string, never>, place) as Record<string, unknown>
    },
  }
  const store = memoryStore()
  const clock = { at: Date.parse('2026-11-20T09:00:10.000Z'), now: () => clock.at }
  const it = writeback({ aws, store, clock })
  const wrote = () => calls.filter(({ operation }) => !/^(Get|List)/.test(operation))
  return { ...it, calls, wrote, store, clock }
}

/** As AWS refuses a call. */
export const refusal = (kind: AwsError['kind'], code: string, action: string) => () => {
  throw new AwsError({ kind, code, action, principal: 'arn:aws:iam::1:role/Tell' }, `${code} it says`)
}

/** A finding as Security Hub keeps it. */
export function kept(more: object = {}, id = 'finding-1') {
  return {
    Id: id,
    ProductArn: PRODUCT,
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
    Compliance: { Status: 'FAILED' },
    UpdatedAt: '2026-11-20T08:00:00Z',
    ...more,
  }
}

/** Security Hub that keeps these, and takes every update. */
export const hub = (...findings: object[]): Answers => ({
  GetFindings: () => ({ Findings: findings }),
  BatchUpdateFindings: () => ({ UnprocessedFindings: [] }),
})
