import { makeTagsImmutable } from '../../../playbooks/ecr/make-tags-immutable.ts'
import { absent, type SettingTable } from '../setting-table.ts'
import { repositoryAnswers } from './repository-model.ts'

const mutable = { imageTagMutability: 'MUTABLE' }
const except = {
  imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: [{ filter: 'v*', filterType: 'WILDCARD' }],
}
const versions = { imageIds: [{ imageTag: 'v1.2.3' }, { imageTag: 'v1.2.4' }] }

export const table: SettingTable = {
  playbook: makeTagsImmutable,
  finding: { type: 'ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED', id: 'shop/web' },
  id: 'shop/web',
  should: { imageTagMutability: 'IMMUTABLE' },
  other: mutable,
  rows: [
    { live: mutable, more: versions, leads: 'set' },
    { live: except, more: versions, leads: 'set' },
    {
      live: mutable,
      more: { imageIds: [{ imageTag: 'v1' }, { imageTag: 'latest' }] },
      caution: 'latest looks like a tag that a pipeline pushes under again and again',
      leads: 'set',
    },
    {
      live: mutable,
      more: { ...versions, nextToken: 'more' },
      caution: 'there are more than 1000 tags',
      leads: 'set',
    },
    {
      live: { imageTagMutability: 'IMMUTABLE' },
      leads: { outcome: 'alreadyCompliant', reason: 'imageTagMutability: IMMUTABLE already' },
    },
    {
      live: { ...except, imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' },
      leads: { outcome: 'alreadyCompliant', reason: 'IMMUTABLE_WITH_EXCLUSION' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say imageTagMutability of shop/web' } },
  ],
  change: 'ecr:PutImageTagMutability',
  optionalReads: ['ecr:ListImages'],
  wire: {
    async plant({ send }) {
      const repositoryName = 'rectify-wire/mutable'
      await send('ecr', 'CreateRepository', { repositoryName })
      const live = async () => {
        const { repositories } = await send('ecr', 'DescribeRepositories', {
          repositoryNames: [repositoryName],
        })
        return repositories?.[0]?.imageTagMutability
      }
      return { id: repositoryName, live, should: 'IMMUTABLE' }
    },
    missing: 'rectify-wire/none',
  },
  aws: (repository) => ({
    ecr: {
      ...repositoryAnswers(repository, () => repository.values ?? {}),
      ListImages: () => repository.more,
      PutImageTagMutability: ({ imageTagMutability, imageTagMutabilityExclusionFilters }) => {
        if (!repository.isThere) throw absent('ecr:PutImageTagMutability', 'RepositoryNotFoundException')
        repository.values = {
          imageTagMutability,
          ...(imageTagMutabilityExclusionFilters ? { imageTagMutabilityExclusionFilters } : {}),
        }
        return {}
      },
    },
  }),
}
