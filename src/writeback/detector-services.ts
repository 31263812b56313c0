import { defineService, type ServiceDefinition } from '../playbook/service/service.ts'

declare global {
  interface RectifyServices {
    securityhub: typeof import('@aws-sdk/client-securityhub')
    guardduty: typeof import('@aws-sdk/client-guardduty')
    config: typeof import('@aws-sdk/client-config-service')
    accessanalyzer: typeof import('@aws-sdk/client-accessanalyzer')
  }
}

/** The services of the detectors that are told; no playbook calls them for that. */
export const DETECTOR_SERVICES: readonly ServiceDefinition[] = [
  defineService({
    id: 'securityhub',
    load: () => import('./clients/securityhub-client.ts'),
    // API reference, GetFindingsV2 and BatchUpdateFindingsV2: both forms have one action.
    iamActions: { GetFindingsV2: 'GetFindings', BatchUpdateFindingsV2: 'BatchUpdateFindings' },
    errors: {
      denied: ['InvalidAccessException'],
      retryable: ['InternalException', 'InternalServerException'],
    },
  }),
  defineService({
    id: 'guardduty',
    load: () => import('./clients/guardduty-client.ts'),
    errors: { retryable: ['InternalServerErrorException'] },
  }),
  defineService({
    id: 'config',
    client: '@aws-sdk/client-config-service',
    load: () => import('./clients/config-client.ts'),
    errors: { gone: ['NoSuchConfigRuleException'], conflict: ['ResourceInUseException'] },
  }),
  defineService({
    id: 'accessanalyzer',
    load: () => import('./clients/accessanalyzer-client.ts'),
    iamPrefix: 'access-analyzer',
    errors: { retryable: ['InternalServerException'] },
  }),
]
