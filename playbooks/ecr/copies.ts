import type { Repository } from '@aws-sdk/client-ecr'
import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../src/playbook/service/copies.ts'

const nameIn = (arn = '') => arn.slice(arn.indexOf('/') + 1)

function repositoryMaking(repository: Repository, isStub = false): Making {
  const { repositoryName = '' } = repository
  const more = picked(
    repository,
    'imageTagMutability',
    'imageScanningConfiguration',
    'encryptionConfiguration',
  )
  return making(call('ecr', 'CreateRepository', { repositoryName, ...more }), {
    makes: `repository ${repositoryName}`,
    ...(isStub && { isStub }),
  })
}

const repositoryStub = (repositoryName: string | undefined): Making =>
  repositoryMaking({ repositoryName }, true)

/** Repositories without their images. */
export const repositoryCopies = defineCopies('ecr', {
  DescribeRepositories: ({ answer }) => (answer?.repositories ?? []).map((each) => repositoryMaking(each)),
  GetRepositoryPolicy: ({ input: { repositoryName }, answer }) => [
    repositoryStub(repositoryName),
    ...(answer?.policyText === undefined
      ? []
      : [making(call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText: answer.policyText }))]),
  ],
  ListTagsForResource: ({ input: { resourceArn }, answer }) => [
    repositoryStub(nameIn(resourceArn)),
    ...((answer?.tags ?? []).length === 0
      ? []
      : [making(call('ecr', 'TagResource', { resourceArn, tags: answer!.tags }))]),
  ],
  ListImages: ({ input: { repositoryName }, answer }) =>
    (answer?.imageIds ?? []).length === 0 ? [repositoryStub(repositoryName)] : 'images are not made',
  GetRegistryScanningConfiguration: ({ answer }) => {
    const { scanType = 'BASIC', rules = [] } = answer?.scanningConfiguration ?? {}
    if (scanType === 'BASIC' && rules.length === 0) return []
    return [making(call('ecr', 'PutRegistryScanningConfiguration', { scanType, rules }))]
  },
})
