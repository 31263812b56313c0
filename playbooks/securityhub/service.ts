import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    securityhub: typeof import('@aws-sdk/client-securityhub')
  }
}

/** Asked for the findings that are still open. */
export const securityhub = defineService({ id: 'securityhub', load: () => import('./client.ts') })
