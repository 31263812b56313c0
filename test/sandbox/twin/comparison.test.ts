import { describe, expect, test } from '@jest/globals'
import type { ApiCall } from '../../../src/playbook/api.ts'
import { type Json, sameJson, withoutKeys } from '../../../src/playbook/json.ts'
import type { MergeStep } from '../../../src/playbook/step.ts'
import {
  areCallsOf,
  areSameReads,
  idsIn,
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
  const known = idsIn({ rules }, 'arn:aws:ec2:::security-group/sg-0aaaaaaaaaaaaaaaa')
  const notBack = (before: Json, again: Json | undefined) =>
    notBroughtBack(same, before, again, (id) => known.has(id))
  const from = (id: string) => ({ rules: [{ port: 22, from: id }] })

  test('came back where only ids are others that were given anew', () => {
    expect(notBack({ rules }, { rules: [{ ...rules[0]!, id: 'sgr-0fedcba9876543210' }] })).toEqual([])
    expect(notBack(from('sg-0123456789abcdef0'), from('sg-0fedcba9876543210'))).toEqual([])
  })

  test('did not where another thing that was there already stands in the place of one', () => {
    const [one, other] = ['sg-0123456789abcdef0', 'sg-0aaaaaaaaaaaaaaaa']
    expect(notBack(from(one), from(other))).toEqual([
      { field: 'before.rules[0].from', expected: one, twin: other },
    ])
  })

  test('did not where a value is another, or where there is nothing to be put right any more', () => {
    expect(fields(notBack({ rules }, { rules: [{ ...rules[0]!, port: 23 }] }))).toEqual([
      'before.rules[0].port',
    ])
    expect(fields(notBack({ rules }, undefined))).toEqual(['before'])
    expect(fields(notBack({ from: 'sg-0123456789abcdef0' }, { from: 'vpc-0fedcba9876543210' }))).toEqual([
      'before.from',
    ])
  })
})

test('ids are found in texts of all kinds, in the encoding of URLs as well', () => {
  const [group, subnet] = ['sg-0123456789abcdef0', 'subnet-0a1b2c3d']
  const encoded = encodeURIComponent(JSON.stringify({ Resource: [subnet] }))
  expect([...idsIn({ [`arn:${group}`]: [`${group}/x`] }, new Date(0), encoded)]).toEqual([group, subnet])
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
  expect(areSameReads(one, one)).toBe(true)
  expect([areSameReads(one, other), areSameReads(other, one)]).toEqual([false, false])
  expect(areSameReads(reads(read('GetBucketAcl', {})), reads(read('GetBucketWebsite', {})))).toBe(false)
})
