import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, optionally } from '../../src/playbook/setting/looks.ts'
import { ecr } from '../services.ts'
import { describedRepository, REPOSITORY, repositoryTags } from './repositories.ts'

/** Lets ECR scan each image when it is pushed. */
export const scanOnPush = defineSetting({
  id: 'ecr-scan-on-push',
  title: 'Scan images when they are pushed',
  about: {
    risk: 'Images are run with holes that are known and named for years, and nobody sees it: what is not scanned is not reported.',
    breaks:
      'Nothing: pushing and pulling go on. Where the registry scans by Inspector (enhanced scanning) the switch of the repository means nothing, and is left alone.',
  },
  implements: ['ecr-repository'],
  ...REPOSITORY,
  property: 'ImageScanningConfiguration.ScanOnPush',
  answers: [
    config('ECR_PRIVATE_IMAGE_SCANNING_ENABLED'),
    securityHub('ECR.1'),
    prowler('ecr_repositories_scan_images_on_push_enabled'),
  ],
  suggestedMode: 'auto',
  look: allOf({
    repository: describedRepository,
    registry: optionally(
      ecr,
      'GetRegistryScanningConfiguration',
      () => ({}),
      ({ scanningConfiguration }) => scanningConfiguration?.scanType,
    ),
  }),
  tags: repositoryTags,
  readsOn: { 'ecr:DescribeRepositories': [REPOSITORY.arn] },
  values: ({ repository: { imageScanningConfiguration: live } }) =>
    live?.scanOnPush === undefined ? null : { scanOnPush: live.scanOnPush },
  should: { scanOnPush: true },
  set: (repositoryName, imageScanningConfiguration) =>
    call('ecr', 'PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration }),
  changes: [{ action: 'ecr:PutImageScanningConfiguration', resource: REPOSITORY.arn }],
  unless: ({ registry }) =>
    registry.told === 'ENHANCED'
      ? 'the registry scans by Inspector, which the switch does not change'
      : undefined,
  effect: 'images that are pushed from then on are scanned; those that are there are not',
})
