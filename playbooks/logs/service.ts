import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    logs: typeof import('@aws-sdk/client-cloudwatch-logs')
  }
}

/** CloudWatch Logs. */
export const logs = defineService({
  id: 'logs',
  client: '@aws-sdk/client-cloudwatch-logs',
  load: () => import('./client.ts'),
  errors: {
    conflict: ['OperationAbortedException'],
    // Of StartQuery: so many queries are under way in the account as may be at once.
    throttled: ['LimitExceededException'],
  },
  pages: { DescribeLogGroups: { field: 'limit', size: 50 } },
  pageToken: { answer: 'nextToken', request: 'nextToken' },
})
