import { expect, test } from '@jest/globals'
import { scanIn } from '../../../bench/scan/prowler.ts'
import { parseEvents } from '../../../src/findings/read.ts'
import { prowlerCheck } from '../../support/prowler-check.ts'

const BUCKET = 'arn:aws:s3:::company-data'

test('a report names each finding as Rectify does, and for people by check and resource', () => {
  const report = [
    prowlerCheck('s3_bucket_object_versioning', 'AwsS3Bucket', BUCKET),
    prowlerCheck('s3_bucket_level_public_access_block', 'AwsS3Bucket', BUCKET, 'PASS'),
  ]
  const [failed, passed] = parseEvents(report, 'report').findings.map(({ id }) => id)
  expect(scanIn(JSON.stringify(report))).toEqual({
    failed: new Map([[failed, { check: 's3_bucket_object_versioning', resource: BUCKET }]]),
    passed: new Map([[passed, { check: 's3_bucket_level_public_access_block', resource: BUCKET }]]),
  })
})
