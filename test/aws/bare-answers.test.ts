import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { GetBucketPolicyCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, test } from '@jest/globals'
import { s3 } from '../../playbooks/s3/service.ts'
import { nameAwsError } from '../../src/aws/errors.ts'
import { wire } from '../support/network-answers.ts'

const config = (status: number, body = '', headers = {}) => ({
  ...wire({ status, body, headers }),
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
})
/** What S3 sends with every answer about a bucket that it knows. */
const IRELAND = { 'x-amz-bucket-region': 'eu-west-1' }

async function head(status: number, headers = {}) {
  const sent = new S3Client(config(status, '', headers)).send(new HeadBucketCommand({ Bucket: 'b' }))
  return sent.then(
    () => undefined,
    (error: unknown) => nameAwsError(error, 's3:HeadBucket'),
  )
}

async function policy(status: number, body = '') {
  const sent = new S3Client(config(status, body, IRELAND)).send(new GetBucketPolicyCommand({ Bucket: 'b' }))
  return sent.then(
    () => undefined,
    (error: unknown) => nameAwsError(error, 's3:GetBucketPolicy', [], s3.errors),
  )
}

describe('an answer without a body is named by its status', () => {
  test.each([
    [400, 'BadRequest', 'final', false],
    [403, 'AccessDenied', 'denied', false],
    [404, 'NotFound', 'gone', false],
    [405, 'MethodNotAllowed', 'final', false],
    [409, 'OperationAborted', 'conflict', false],
    [412, 'PreconditionFailed', 'final', false],
    [429, 'TooManyRequestsException', 'throttled', false],
    [500, 'InternalError', 'retryable', true],
    [503, 'ServiceUnavailable', 'retryable', true],
    [418, 'Status418', 'final', false],
  ])('HEAD with %i is %s, %s', async (status, code, kind, inDoubt) => {
    const message = `s3:HeadBucket was answered with status ${status} and no reason`
    expect(await head(status)).toMatchObject({ code, kind, inDoubt, message })
  })

  test.each([301, 307])('a redirect (%i) says where the bucket is', async (status) => {
    const error = await head(status, IRELAND)
    expect(error).toMatchObject({ kind: 'final', region: 'eu-west-1', inDoubt: false })
    expect(error?.message).toMatch(/the bucket is in eu-west-1/)
  })

  test('other requests than HEAD are no different, but that 404 proves nothing gone', async () => {
    expect(await policy(403)).toMatchObject({ code: 'AccessDenied', kind: 'denied', region: 'eu-west-1' })
    expect(await policy(404)).toMatchObject({ code: 'Status404', kind: 'final' })
  })

  test('the same holds for EC2, whose empty refusal the SDK calls by another name', async () => {
    const sent = new EC2Client(config(403)).send(new DescribeInstancesCommand({}))
    const error = await sent.then(undefined, (thrown: unknown) =>
      nameAwsError(thrown, 'ec2:DescribeInstances'),
    )
    expect(error).toMatchObject({ code: 'AccessDenied', kind: 'denied' })
  })
})

test('a service whose own code is NotFound is taken at its word', () => {
  const said = { name: 'NotFound', message: 'Topic does not exist', $metadata: { httpStatusCode: 404 } }
  expect(nameAwsError(said, 'sns:Publish')).toMatchObject({
    code: 'NotFound',
    message: 'Topic does not exist',
  })
})

test('an answer with a body is what it says', async () => {
  const say = (inner: string) => `<?xml version="1.0"?><Error>${inner}</Error>`
  const redirect = say('<Code>PermanentRedirect</Code><Message>m</Message><Region>eu-west-1</Region>')
  expect(await policy(301, redirect)).toMatchObject({
    code: 'PermanentRedirect',
    message: 'm',
    region: 'eu-west-1',
  })
  const none = say('<Code>NoSuchBucketPolicy</Code><Message>m</Message>')
  expect(await policy(404, none)).toMatchObject({ code: 'NoSuchBucketPolicy', kind: 'final' })
  expect(await policy(404, say('<Code>NoSuchBucket</Code>'))).toMatchObject({
    code: 'NoSuchBucket',
    kind: 'gone',
  })
})
