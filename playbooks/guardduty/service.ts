import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    guardduty: typeof import('@aws-sdk/client-guardduty')
  }
}

/**
 * GuardDuty. It is also asked for the findings that are still open. BadRequestException is its word for a detector that
 * is not there as well as for any other bad input.
 */
export const guardduty = defineService({ id: 'guardduty', load: () => import('./client.ts') })
