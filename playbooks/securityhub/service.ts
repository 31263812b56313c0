import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    securityhub: typeof import('@aws-sdk/client-securityhub')
  }
}

/** Security Hub. It is also asked for the findings that are still open. ResourceConflictException: it is on already. */
export const securityhub = defineService({
  id: 'securityhub',
  load: () => import('./client.ts'),
  errors: { alreadySo: ['ResourceConflictException'] },
})
