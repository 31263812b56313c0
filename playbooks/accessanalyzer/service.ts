import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    accessanalyzer: typeof import('@aws-sdk/client-accessanalyzer')
  }
}

/** Asked for the findings that are still open. */
export const accessanalyzer = defineService({
  id: 'accessanalyzer',
  iamPrefix: 'access-analyzer',
  pageToken: 'nextToken',
  load: () => import('./client.ts'),
})
