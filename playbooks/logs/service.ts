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
  errors: { conflict: ['OperationAbortedException'] },
  pages: { DescribeLogGroups: { field: 'limit', size: 50 } },
  pageToken: { answer: 'nextToken', request: 'nextToken' },
})
