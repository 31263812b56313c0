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
  errors: { gone: ['NoSuchConfigRuleException', 'NoSuchConfigurationRecorderException'] },
})
