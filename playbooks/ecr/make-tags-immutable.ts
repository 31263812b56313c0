import type { ImageTagMutability, ImageTagMutabilityExclusionFilter, Repository } from '@aws-sdk/client-ecr'
import { call } from '../../src/playbook/api.ts'
import type { Json } from '../../src/playbook/json.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, optionally } from '../../src/playbook/setting/looks.ts'
import { ecr } from '../services.ts'
import { describedRepository, REPOSITORY, repositoryTags } from './repositories.ts'

/** Tags that pipelines move from image to image. */
const MOVING = ['latest', 'main', 'master', 'dev', 'stable', 'prod', 'production', 'staging']

/** Lets nobody put another image under a tag that is taken. */
export const makeTagsImmutable = defineSetting({
  id: 'ecr-make-tags-immutable',
  title: 'Keep tags of images from being moved',
  about: {
    risk: 'Whoever may push can put another image under the tag that is deployed, and the next node that starts runs it. What was tested is not what runs.',
    breaks:
      'A pipeline that pushes under a tag again and again (`latest`) fails from then on. The tags that are there are looked at: one that is usually moved, or tags that cannot be read, make a person look first.',
  },
  implements: ['ecr-repository'],
  ...REPOSITORY,
  property: 'ImageTagMutability',
  answers: [
    config('ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED'),
    securityHub('ECR.2'),
    prowler('ecr_repositories_tag_immutability'),
  ],
  suggestedMode: 'approve',
  look: allOf({
    repository: describedRepository,
    images: optionally(
      ecr,
      'ListImages',
      (repositoryName) => ({ repositoryName, filter: { tagStatus: 'TAGGED' as const }, maxResults: 1000 }),
      ({ imageIds = [], nextToken }) => ({
        moving: [...new Set(imageIds.map(({ imageTag = '' }) => imageTag))].filter((tag) =>
          MOVING.includes(tag),
        ),
        isAll: nextToken === undefined,
      }),
    ),
  }),
  tags: repositoryTags,
  readsOn: { 'ecr:DescribeRepositories': [REPOSITORY.arn], 'ecr:ListImages': [REPOSITORY.arn] },
  values: ({ repository }) => seenIn(repository),
  // Immutable but for some tags by name was chosen by somebody who knows why.
  should: (_, { repository }) =>
    repository.imageTagMutability?.startsWith('IMMUTABLE')
      ? seenIn(repository)
      : { imageTagMutability: 'IMMUTABLE' as const },
  set: (repositoryName, values) =>
    call('ecr', 'PutImageTagMutability', { repositoryName, ...(values as unknown as Mutability) }),
  changes: [{ action: 'ecr:PutImageTagMutability', resource: REPOSITORY.arn }],
  cautions: ({ images: { told } }) => {
    if (!told) return ['the tags that are there could not be read: a pipeline may push under one again']
    if (told.moving.length > 0)
      return [`${told.moving.join(', ')} looks like a tag that a pipeline pushes under again and again`]
    return told.isAll ? [] : ['there are more than 1000 tags, and not all were looked at']
  },
  effect: 'a push under a tag that is taken is refused; new tags are as before',
})

interface Mutability {
  imageTagMutability: ImageTagMutability
  imageTagMutabilityExclusionFilters?: ImageTagMutabilityExclusionFilter[]
}

/** Tags that are excepted belong to it: an undo brings them back, too. */
function seenIn({
  imageTagMutability: live,
  imageTagMutabilityExclusionFilters: except = [],
}: Repository): { [key: string]: Json } | null {
  if (!live) return null
  const filters = except.map(({ filter = '', filterType = '' }) => ({ filter, filterType }))
  return {
    imageTagMutability: live,
    ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
  }
}
