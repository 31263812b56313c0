import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, type ReadAnswer } from '../../src/playbook/service/copies.ts'

/** The one region in which a bucket is made without saying so. */
const WITHOUT_CONSTRAINT = 'us-east-1'

/** A bucket of that name. */
export function bucketMaking(Bucket: string, region: string): Making {
  const where = region as 'eu-west-1'
  return making(
    call('s3', 'CreateBucket', {
      Bucket,
      ...(region !== WITHOUT_CONSTRAINT && { CreateBucketConfiguration: { LocationConstraint: where } }),
    }),
    { makes: `bucket ${Bucket}` },
  )
}

/** The bucket that a read is about, and what is set of it where the answer says so. */
function ofBucket<A>(set?: (Bucket: string, answer: A) => Making[]) {
  return ({
    input: { Bucket = '' },
    answer,
    region,
  }: ReadAnswer<{ Bucket: string | undefined }, A>): Making[] => [
    bucketMaking(Bucket, region),
    ...(answer === undefined || set === undefined ? [] : set(Bucket, answer)),
  ]
}

/** Of a bucket all that a look asks for can be put again; an error says that it has none. */
export const bucketCopies = defineCopies('s3', {
  ListBuckets: ({ answer, region }) =>
    (answer?.Buckets ?? []).map(({ Name = '', BucketRegion = region }) => bucketMaking(Name, BucketRegion)),
  GetPublicAccessBlock: ofBucket((Bucket, { PublicAccessBlockConfiguration }) => [
    making(call('s3', 'PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration })),
  ]),
  GetBucketPolicy: ofBucket((Bucket, { Policy }) => [
    making(call('s3', 'PutBucketPolicy', { Bucket, Policy })),
  ]),
  // A judgement of AWS about what is copied otherwise.
  GetBucketPolicyStatus: ofBucket(),
  GetBucketAcl: ofBucket((Bucket, { Owner, Grants }) => [
    making(call('s3', 'GetBucketAcl', { Bucket }), { ids: { 'Owner.ID': Owner?.ID ?? '' } }),
    making(call('s3', 'PutBucketAcl', { Bucket, AccessControlPolicy: { Owner, Grants } })),
  ]),
  GetBucketLogging: ofBucket((Bucket, { LoggingEnabled }) =>
    LoggingEnabled === undefined
      ? []
      : [making(call('s3', 'PutBucketLogging', { Bucket, BucketLoggingStatus: { LoggingEnabled } }))],
  ),
  GetBucketEncryption: ofBucket((Bucket, { ServerSideEncryptionConfiguration }) => [
    making(call('s3', 'PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration })),
  ]),
  GetBucketVersioning: ofBucket((Bucket, { Status }) =>
    Status === undefined
      ? []
      : [making(call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } }))],
  ),
  GetBucketTagging: ofBucket((Bucket, { TagSet }) => [
    making(call('s3', 'PutBucketTagging', { Bucket, Tagging: { TagSet } })),
  ]),
  GetBucketWebsite: ofBucket((Bucket, { $metadata: _, ...WebsiteConfiguration }) => [
    making(call('s3', 'PutBucketWebsite', { Bucket, WebsiteConfiguration })),
  ]),
  GetBucketLifecycleConfiguration: ofBucket((Bucket, { Rules }) => [
    making(call('s3', 'PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules } })),
  ]),
})
