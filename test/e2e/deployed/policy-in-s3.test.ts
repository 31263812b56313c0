import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contentHash } from '../../../src/policy/versions/policy-version.ts'
import { getItem } from '../../../src/store/dynamodb/connection.ts'
import { connectionTo } from '../../../src/store/dynamodb/dynamodb-store.ts'
import { noticeKey } from '../../../src/store/dynamodb/keys.ts'
import { policyItems } from '../../../src/store/dynamodb/rails/policy-items.ts'
import { clientConfig } from '../../support/sandbox.ts'
import { sshOpen } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { closed, withDeployment } from './sandbox-deployment.ts'

const Bucket = 'rectify-policy'
const AUTO = 'version: 1\nrules: [{ mode: auto }]\n'

/** The policy beside the template would do nothing. */
const deployed = withDeployment({
  policy: () => 'version: 1\nrules: [{ mode: "off" }]\n',
  parameters: { PolicyBucket: Bucket },
})
let plant: Planter
let s3: S3Client
let dynamo: DynamoDBClient
beforeAll(async () => {
  const { sandbox } = deployed()
  plant = plantIn(sandbox)
  s3 = new S3Client({ ...clientConfig(sandbox), forcePathStyle: true })
  dynamo = new DynamoDBClient(clientConfig(sandbox))
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  )
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
})
afterAll(() => {
  s3.destroy()
  dynamo.destroy()
})

const put = async (Body: string) =>
  (await s3.send(new PutObjectCommand({ Bucket, Key: 'rectify.yaml', Body }))).VersionId

test('the policy in S3 decides, and a bad version of it changes nothing but that people are told', async () => {
  const { detect, runWith, sweep, until, idOf } = deployed()
  const s3Version = await put(AUTO)
  const group = await plant.group({ source: '0.0.0.0/0' })
  await detect(sshOpen(group))
  expect(await runWith(group, closed)).toMatchObject({
    outcome: 'remediated',
    policyVersion: { s3Version, sha256: contentHash(AUTO) },
  })

  const bad = await put('nonsense')
  const table = connectionTo(dynamo, idOf('RunsTable'))
  const object = `${Bucket}/rectify.yaml`
  await sweep()
  const record = await policyItems(table, object).read()
  expect(record).toMatchObject({ inForce: { s3Version }, refused: { s3Version: bad } })
  await until('the notice', () => getItem(table, noticeKey(object, record.revision)))
})
