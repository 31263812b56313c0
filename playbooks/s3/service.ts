import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    s3: typeof import('@aws-sdk/client-s3')
  }
}

/** S3. Some of its actions are older than its operations. */
export const s3 = defineService({
  id: 's3',
  load: () => import('./client.ts'),
  iamActions: {
    ListBuckets: 'ListAllMyBuckets',
    GetBucketEncryption: 'GetEncryptionConfiguration',
    PutBucketEncryption: 'PutEncryptionConfiguration',
    DeleteBucketEncryption: 'PutEncryptionConfiguration',
    GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
    GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
    PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
    DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  },
  errors: {
    denied: ['AllAccessDisabled'],
    gone: ['NoSuchBucket', 'NoSuchKey'],
  },
  // With a page size it also says where each bucket is.
  pages: { ListBuckets: { field: 'MaxBuckets', size: 1000, token: 'ContinuationToken' } },
  // Emulators have no host name per bucket.
  atEndpoint: { forcePathStyle: true },
})
