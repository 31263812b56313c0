import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    opensearch: typeof import('@aws-sdk/client-opensearch')
  }
}

/**
 * OpenSearch Service: by this API domains of Elasticsearch are read and changed, too. A dry run of UpdateDomainConfig is
 * answered as a change is, so that one that was carried out could not be told from it: it is not among `dryRun`.
 */
export const opensearch = defineService({
  id: 'opensearch',
  load: () => import('./client.ts'),
  iamPrefix: 'es',
  errors: { conflict: ['SlotNotAvailableException'] },
})
