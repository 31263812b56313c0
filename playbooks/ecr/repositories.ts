import type { Repository } from '@aws-sdk/client-ecr'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { listed, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ecr } from '../services.ts'

/** Private repositories, by name. */
export const REPOSITORY = {
  resource: 'AWS::ECR::Repository',
  ids: nameIds(/[a-z0-9._/-]/, 256, ['shop/web']),
  arn: 'arn:{partition}:ecr:{region}:{account}:repository/{id}',
  tagsOf: 'the repository',
} as const

export const describedRepository = listed(
  ecr,
  'DescribeRepositories',
  'repositories',
  (name) => ({ repositoryNames: [name] }),
  (all, name): Repository | undefined => all.find(({ repositoryName }) => repositoryName === name),
)

export const repositoryTags = read(
  ecr,
  'ListTagsForResource',
  (_, { resource }) => ({ resourceArn: resource }),
  ({ tags }) => tagsIn(tags),
)
