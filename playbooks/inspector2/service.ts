import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    inspector2: typeof import('@aws-sdk/client-inspector2')
  }
}

/** Amazon Inspector: asked for the findings that are still open, and for what it knows of an instance. */
export const inspector2 = defineService({
  id: 'inspector2',
  load: () => import('./client.ts'),
  errors: { gone: ['ResourceNotFoundException'] },
  pageToken: 'nextToken',
})
