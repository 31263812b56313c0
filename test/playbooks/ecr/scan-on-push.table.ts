import { scanOnPush } from '../../../playbooks/ecr/scan-on-push.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type SettingTable } from '../setting-table.ts'
import { repositoryAnswers } from './repository-model.ts'

export const table: SettingTable = {
  playbook: scanOnPush,
  finding: { type: 'ECR_PRIVATE_IMAGE_SCANNING_ENABLED', id: 'shop/web' },
  id: 'shop/web',
  should: { scanOnPush: true },
  other: { scanOnPush: false },
  rows: [
    { live: { scanOnPush: false }, leads: 'set' },
    {
      live: { scanOnPush: true },
      leads: { outcome: 'alreadyCompliant', reason: 'scanOnPush: true already' },
    },
    {
      live: { scanOnPush: false },
      more: { scanType: 'ENHANCED' },
      leads: { outcome: 'notApplicable', reason: 'the registry scans by Inspector' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say scanOnPush of shop/web' } },
  ],
  change: 'ecr:PutImageScanningConfiguration',
  optionalReads: ['ecr:GetRegistryScanningConfiguration'],
  wire: {
    async plant({ send }) {
      const repositoryName = 'rectify-wire/unscanned'
      await send('ecr', 'CreateRepository', { repositoryName })
      const live = async () => {
        const { repositories } = await send('ecr', 'DescribeRepositories', {
          repositoryNames: [repositoryName],
        })
        return repositories?.[0]?.imageScanningConfiguration?.scanOnPush
      }
      return { id: repositoryName, live, should: true }
    },
    missing: 'rectify-wire/none',
  },
  aws: (repository) => ({
    ecr: {
      ...repositoryAnswers(repository, () =>
        repository.values ? { imageScanningConfiguration: repository.values } : {},
      ),
      GetRegistryScanningConfiguration: () => ({
        scanningConfiguration: { scanType: repository.more.scanType ?? 'BASIC', rules: [] },
      }),
      PutImageScanningConfiguration: ({ imageScanningConfiguration }) => {
        if (!repository.isThere)
          throw absent('ecr:PutImageScanningConfiguration', 'RepositoryNotFoundException')
        repository.values = imageScanningConfiguration as Fields
        return {}
      },
    },
  }),
}
