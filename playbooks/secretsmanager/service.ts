import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    secretsmanager: typeof import('@aws-sdk/client-secrets-manager')
  }
}

/** Secrets Manager. */
export const secretsmanager = defineService({
  id: 'secretsmanager',
  client: '@aws-sdk/client-secrets-manager',
  load: () => import('./client.ts'),
})
