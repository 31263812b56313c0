import { describe, expect, test } from '@jest/globals'
import type { ApiCall } from '../../../src/playbook/api.ts'
import { sameJson, withoutKeys } from '../../../src/playbook/json.ts'
import type { MergeStep } from '../../../src/playbook/step.ts'
import {
  areCallsOf,
  isOfChange,
  notBroughtBack,
  otherAnswers,
  planDifferences,
} from '../../../src/sandbox/twin/comparison.ts'
import { keyOf, type RecordedRead, type RecordedReads } from '../../../src/sandbox/twin/recorded-reads.ts'
import { samplePlan, sampleStep } from '../../support/sample-run.ts'

const fields = (found: { field: string }[]) => found.map(({ field }) => field)

describe('two plans', () => {
  test('are the same whatever a policy and a hash make of them', () => {
    const step = sampleStep({ permissions: [] })
    const twin = { ...samplePlan({ steps: [step], cautions: ['look'] }), hash: 'sha256:other' }
    expect(planDifferences(samplePlan(), twin)).toEqual([])
  })

  test('differ in what is changed, or in what is told of it', () => {
    const impact = { summary: 'nobody', affected: [], count: 0 }
    const other = { ...sampleStep().call, input: { GroupId: 'sg-2' } }
    const told = planDifferences(samplePlan(), samplePlan({ impact, warnings: ['look'] }))
    expect(fields(told)).toEqual(['impact.summary', 'impact.affected[0]', 'impact.count', 'warnings[0]'])
    expect(told.some(isOfChange)).toBe(false)
    for (const more of [{ steps: [sampleStep({ call: other })] }, { before: {} }, { after: { rules: [1] } }])
      expect(planDifferences(samplePlan(), samplePlan(more)).some(isOfChange)).toBe(true)
  })
})

describe('the calls that were sent', () => {
  const { call } = sampleStep()
  const plan = { steps: [sampleStep(), sampleStep({ call: { ...call, operation: 'CreateTags' } })] }
  const planned = plan.steps.map((step) => step.call)

  test('are those of the plan, each as it stands and in its order', () => {
    expect(areCallsOf(plan, planned)).toBe(true)
    const others: ApiCall[][] = [
      [],
      planned.slice(1),
      planned.toReversed(),
      [...planned, call],
      [{ ...call, input: { GroupId: 'sg-2' } }, planned[1]!],
      [{ ...call, service: 's3' }, planned[1]!],
    ]
    expect(others.filter((sent) => areCallsOf(plan, sent))).toEqual([])
  })

  test('of a change to a set are the call, for the set is read when it is sent', () => {
    const steps = [{ ...sampleStep(), kind: 'merge' } as unknown as MergeStep]
    expect(areCallsOf({ steps }, [{ ...call, input: { Addresses: ['192.0.2.1/32'] } }])).toBe(true)
    expect(areCallsOf({ steps }, [{ ...call, operation: 'DeleteIPSet' }])).toBe(false)
  })
})

describe('what was before', () => {
  const same = { same: (a: never, b: never) => sameJson(withoutKeys(a, ['id']), withoutKeys(b, ['id'])) }
  const rules = [{ id: 'sgr-0123456789abcdef0', port: 22 }]

  test('came back where only ids are others', () => {
    expect(
      notBroughtBack(same, { rules }, { rules: [{ ...rules[0]!, id: 'sgr-0fedcba9876543210' }] }),
    ).toEqual([])
    const group = (id: string) => ({ rules: [{ port: 22, from: id }] })
    expect(notBroughtBack(same, group('sg-0123456789abcdef0'), group('sg-0fedcba9876543210'))).toEqual([])
  })

  test('did not where a value is another, or where there is nothing to be put right any more', () => {
    expect(fields(notBroughtBack(same, { rules }, { rules: [{ ...rules[0]!, port: 23 }] }))).toEqual([
      'before.rules[0].port',
    ])
    expect(fields(notBroughtBack(same, { rules }, undefined))).toEqual(['before'])
    const group = (id: string) => ({ from: id })
    expect(
      fields(notBroughtBack(same, group('sg-0123456789abcdef0'), group('vpc-0123456789abcdef0'))),
    ).toEqual(['before.from'])
  })
})

test('answers are compared read by read, without what is about the call, and errors by their code', () => {
  const read = (operation: string, said: Partial<RecordedRead>): RecordedRead => ({
    ...{ service: 's3', operation, input: { Bucket: 'web' } },
    ...{ account: '111122223333', region: 'eu-west-1', partition: 'aws' },
    ...said,
  })
  const reads = (...all: RecordedRead[]): RecordedReads => new Map(all.map((each) => [keyOf(each), each]))
  const one = reads(
    read('GetBucketAcl', {
      answer: { $metadata: { requestId: '1' }, Owner: { ID: 'a' }, Grants: [{ p: 1 }] },
    }),
    read('GetBucketPolicy', { code: 'NoSuchBucketPolicy', message: 'none' }),
    read('GetBucketWebsite', { answer: {} }),
  )
  const other = reads(
    read('GetBucketAcl', {
      answer: { $metadata: { requestId: '2' }, Owner: { ID: 'b' }, Grants: [{ p: 2 }] },
    }),
    read('GetBucketPolicy', { answer: { Policy: '{}' } }),
  )
  const actionOf = ({ service, operation }: { service: string; operation: string }) =>
    `${service}:${operation}`
  expect(otherAnswers(one, other, actionOf)).toEqual([
    's3:GetBucketAcl Owner.ID',
    's3:GetBucketAcl Grants[].p',
    's3:GetBucketPolicy code',
    's3:GetBucketPolicy Policy',
  ])
  expect(otherAnswers(one, one, actionOf)).toEqual([])
})
