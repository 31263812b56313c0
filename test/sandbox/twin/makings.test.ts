import { describe, expect, test } from '@jest/globals'
import { call } from '../../../src/playbook/api.ts'
import { type Copies, defineCopies, type Making, making } from '../../../src/playbook/service/copies.ts'
import { copyPlan } from '../../../src/sandbox/twin/makings.ts'
import type { RecordedRead } from '../../../src/sandbox/twin/recorded-reads.ts'
import { sampleStep } from '../../support/sample-run.ts'

const read = (operation: string, more: Partial<RecordedRead> = {}): RecordedRead => ({
  ...{ service: 's3', operation, input: {}, answer: {} },
  ...{ account: '111122223333', region: 'eu-west-1', partition: 'aws' },
  ...more,
})
const bucket = (Bucket: string, more: Partial<Making> = {}) =>
  making(call('s3', 'CreateBucket', { Bucket }), { makes: `bucket ${Bucket}`, ...more })
const policy = (Bucket: string, more: Partial<Making> = {}) =>
  making(call('s3', 'PutBucketPolicy', { Bucket, Policy: '{}' }), more)

const NO_PLAN = { steps: [], region: 'eu-west-1' }

const made = (of: Copies['of'], ...reads: RecordedRead[]) =>
  copyPlan(reads, NO_PLAN, [defineCopies('s3', of as never)]).makings.map(
    ({ call: { operation, input }, region }) => `${operation} ${String(input.Bucket)} ${region}`,
  )

describe('a copy', () => {
  test('is made once, what it stands in before it, where it was read', () => {
    const of = {
      GetBucketPolicy: () => [policy('web', { needs: [bucket('web', { needs: [bucket('logs')] })] })],
      GetBucketAcl: () => [bucket('web'), bucket('logs')],
    }
    expect(made(of, read('GetBucketPolicy'), read('GetBucketAcl'))).toEqual([
      'CreateBucket logs eu-west-1',
      'CreateBucket web eu-west-1',
      'PutBucketPolicy web eu-west-1',
    ])
  })

  test('is no stub where more is known of it, whichever read comes first', () => {
    const stub = bucket('web', { isStub: true })
    const whole = making(call('s3', 'CreateBucket', { Bucket: 'web', ACL: 'private' }), {
      makes: 'bucket web',
    })
    const of = { GetBucketPolicy: () => [policy('web', { needs: [stub] })], GetBucketAcl: () => [whole] }
    for (const reads of [
      [read('GetBucketPolicy'), read('GetBucketAcl')],
      [read('GetBucketAcl'), read('GetBucketPolicy')],
    ]) {
      const { makings } = copyPlan(reads, NO_PLAN, [defineCopies('s3', of as never)])
      const [first, ...others] = makings.filter(({ call: { operation } }) => operation === 'CreateBucket')
      expect(first?.call.input).toEqual({ Bucket: 'web', ACL: 'private' })
      expect(others).toEqual([])
    }
  })

  test('has what is set of a thing right behind it, and what shuts others off at the end', () => {
    const of = {
      GetBucketAcl: () => [
        policy('shut', { isLast: true }),
        bucket('web', { afterwards: [policy('web')], region: 'us-east-1' }),
      ],
      GetBucketPolicy: () => [bucket('logs')],
    }
    expect(made(of, read('GetBucketAcl'), read('GetBucketPolicy'))).toEqual([
      'CreateBucket web us-east-1',
      'PutBucketPolicy web eu-west-1',
      'CreateBucket logs eu-west-1',
      'PutBucketPolicy shut eu-west-1',
    ])
  })

  test('lacks what no operation stands for, and what its own says it cannot make: both are told', () => {
    const reads = [read('GetBucketAcl'), read('GetBucketWebsite'), read('GetRole', { service: 'iam' })]
    const copies = defineCopies('s3', { GetBucketAcl: () => 'no owner' })
    const why = 'nothing says how its answer is made in the emulators'
    const uncopied = reads.map((each, at) => ({ read: each, why: at === 0 ? 'no owner' : why }))
    expect(copyPlan(reads, NO_PLAN, [copies])).toEqual({ makings: [], uncopied, assumed: [] })
  })

  test('has what the plan takes for granted, and says so where no read told of it', () => {
    const step = sampleStep({
      call: call('s3', 'PutBucketLogging', { Bucket: 'web', BucketLoggingStatus: {} }),
    })
    const copies = defineCopies(
      's3',
      { GetBucketAcl: () => [bucket('web')] },
      { PutBucketLogging: ({ Bucket = '' }) => [bucket(Bucket), bucket('logs')] },
    )
    const { makings, assumed } = copyPlan([read('GetBucketAcl')], { ...NO_PLAN, steps: [step] }, [copies])
    expect(makings.map(({ makes }) => makes)).toEqual(['bucket web', 'bucket logs'])
    expect(assumed).toEqual(['bucket logs'])
  })

  test('has what each says of an operation, and lacks it where all say that they cannot', () => {
    const says = (said: () => Making[] | string) => defineCopies('s3', { GetBucketAcl: said })
    const [ours, own, none] = [
      says(() => [bucket('web')]),
      says(() => [policy('web')]),
      says(() => 'no owner'),
    ]
    const operations = (...copies: Copies[]) =>
      copyPlan([read('GetBucketAcl')], NO_PLAN, copies).makings.map(({ call }) => call.operation)
    expect(operations(ours, own, none)).toEqual(['CreateBucket', 'PutBucketPolicy'])
    expect(copyPlan([read('GetBucketAcl')], NO_PLAN, [none]).uncopied).toMatchObject([{ why: 'no owner' }])
  })
})
