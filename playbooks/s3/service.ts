import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    s3: typeof import('@aws-sdk/client-s3')
  }
}

/** S3. Some of its actions are older than its operations. */
export const s3 = defineService({
  id: 's3',
  client: '@aws-sdk/client-s3',
  load: () => import('./client.ts'),
  iamActions: {
    GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
    PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
    DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  },
  errors: {
    denied: ['AllAccessDisabled'],
    gone: ['NoSuchBucket', 'NoSuchKey'],
  },
  pageToken: { answer: 'NextContinuationToken', request: 'ContinuationToken' },
  // Emulators have no host name per bucket.
  atEndpoint: { forcePathStyle: true },
})
