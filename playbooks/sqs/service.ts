import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    sqs: typeof import('@aws-sdk/client-sqs')
  }
}

/** SQS. It gives a code of its older protocol beside the name of the error. */
export const sqs = defineService({
  id: 'sqs',
  load: () => import('./client.ts'),
  errors: {
    gone: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue', 'QueueDeletedRecently'],
    throttled: ['OverLimit', 'RequestThrottled'],
  },
  // The address of a queue says where AWS would be asked.
  atEndpoint: { useQueueUrlAsEndpoint: false },
})
