import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    inspector2: typeof import('@aws-sdk/client-inspector2')
  }
}

/** Asked for the findings that are still open. */
export const inspector2 = defineService({
  id: 'inspector2',
  load: () => import('./client.ts'),
  pageToken: 'nextToken',
})
