import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    s3control: typeof import('@aws-sdk/client-s3-control')
  }
}

/** What an account has of S3, for IAM a part of S3. */
export const s3control = defineService({
  id: 's3control',
  client: '@aws-sdk/client-s3-control',
  load: () => import('./client.ts'),
  iamPrefix: 's3',
  // Others of its operations are called as those on buckets are, which are S3's own.
  ownOperations: ['DeletePublicAccessBlock', 'GetPublicAccessBlock', 'PutPublicAccessBlock'],
  iamActions: {
    GetPublicAccessBlock: 'GetAccountPublicAccessBlock',
    PutPublicAccessBlock: 'PutAccountPublicAccessBlock',
    DeletePublicAccessBlock: 'PutAccountPublicAccessBlock',
  },
  // The account is in the host's name, which emulators at an address have not.
  atEndpoint: {
    endpointProvider: ({ Endpoint }: { Endpoint: string }) => ({ url: new URL(Endpoint) }),
  },
})
