import { describe, expect, test } from '@jest/globals'
import { type RecordedReads, recordingReader } from '../../../src/sandbox/twin/recorded-reads.ts'
import { denied, fakeReader, notFound } from '../../support/reader.ts'

const bucket = { Bucket: 'web' }

function listening(answers: Parameters<typeof fakeReader>[0]) {
  const reads: RecordedReads = new Map()
  const behind = fakeReader(answers)
  return { aws: recordingReader(behind, reads), behind, told: () => [...reads.values()] }
}

describe('a reading port that writes down what it is told', () => {
  test('keeps answers, lists and errors that are answers, and asks nothing more', async () => {
    const { aws, behind, told } = listening({
      's3:GetBucketPolicy': () => ({ Policy: '{}' }),
      's3:GetBucketAcl': () => {
        throw notFound('s3:GetBucketAcl', 'NoSuchBucket')
      },
      's3:ListBuckets': () => ({ Buckets: [{ Name: 'web' }] }),
    })
    expect(await aws.read('s3', 'GetBucketPolicy', bucket)).toEqual({ Policy: '{}' })
    await expect(aws.read('s3', 'GetBucketAcl', bucket)).rejects.toMatchObject({ code: 'NoSuchBucket' })
    expect(await aws.at('us-east-1').list('s3', 'ListBuckets', {}, 'Buckets')).toEqual([{ Name: 'web' }])
    const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
    expect(told()).toEqual([
      { service: 's3', operation: 'GetBucketPolicy', input: bucket, ...place, answer: { Policy: '{}' } },
      expect.objectContaining({ operation: 'GetBucketAcl', code: 'NoSuchBucket' }),
      expect.objectContaining({ region: 'us-east-1', answer: { Buckets: [{ Name: 'web' }] } }),
    ])
    expect(behind.calls).toHaveLength(3)
  })

  test('keeps the first answer to a question, and each list of it', async () => {
    let time = 0
    const { aws, told } = listening({
      'ssm:DescribeDocumentPermission': () => ({
        AccountIds: [String(time++)],
        AccountSharingInfoList: [time],
      }),
    })
    const asked = { Name: 'doc', PermissionType: 'Share' } as const
    for (const field of ['AccountIds', 'AccountIds', 'AccountSharingInfoList'] as const)
      await aws.list('ssm', 'DescribeDocumentPermission', asked, field)
    expect(told()).toMatchObject([{ answer: { AccountIds: ['0'], AccountSharingInfoList: [3] } }])
  })

  test('of an optional read that failed keeps nothing: nobody was told', async () => {
    const { aws, told } = listening({
      's3:GetBucketAcl': () => {
        throw denied('s3:GetBucketAcl')
      },
    })
    expect(await aws.optional('s3', 'GetBucketAcl', bucket)).toBeUndefined()
    expect(told()).toEqual([])
  })
})
