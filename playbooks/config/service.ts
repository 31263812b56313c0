import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    config: typeof import('@aws-sdk/client-config-service')
  }
}

/** AWS Config. The engine asks it what the rule of a finding is. */
export const config = defineService({
  id: 'config',
  client: '@aws-sdk/client-config-service',
  load: () => import('./client.ts'),
  pages: { GetResourceConfigHistory: { field: 'limit', size: 100, token: 'nextToken' } },
  errors: {
    gone: [
      'NoSuchConfigRuleException',
      'NoSuchConfigurationRecorderException',
      'ResourceNotDiscoveredException',
    ],
  },
})
