import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    guardduty: typeof import('@aws-sdk/client-guardduty')
  }
}

/** Asked for the findings that are still open. */
export const guardduty = defineService({ id: 'guardduty', load: () => import('./client.ts') })
