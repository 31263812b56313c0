import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    dynamodb: typeof import('@aws-sdk/client-dynamodb')
  }
}

/** DynamoDB. It has two words for a table that is not there. */
export const dynamodb = defineService({
  id: 'dynamodb',
  load: () => import('./client.ts'),
  errors: {
    gone: ['TableNotFoundException'],
    // One change of a table at a time; backups of a new one take a moment.
    conflict: ['ResourceInUseException', 'ContinuousBackupsUnavailableException'],
  },
})
