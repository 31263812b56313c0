import type { Fields, Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource } from '../setting-table.ts'

/** The repository of a table: what every playbook about one looks at. */
export function repositoryAnswers(repository: LiveResource, seen: () => Fields): Handlers {
  const there = (action: string) => {
    if (!repository.isThere) throw absent(action, 'RepositoryNotFoundException')
  }
  return {
    DescribeRepositories: () => {
      there('ecr:DescribeRepositories')
      return { repositories: [{ repositoryName: 'shop/web', ...seen() }] }
    },
    ListTagsForResource: () => {
      there('ecr:ListTagsForResource')
      return { tags: repository.tags }
    },
  }
}
