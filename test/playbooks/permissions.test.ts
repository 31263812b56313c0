import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { type Permission, readPermissions, writePermissions } from '../../src/playbook/permissions.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { faultsOf, type Grant } from '../support/service-authorization.ts'

/** What AWS's service authorization reference says against the permissions that a playbook declares, and where. */
async function faultsIn({
  writes,
  writesAlsoNeed,
  ...looks
}: Pick<AnyPlaybook, 'reads' | 'readsOn' | 'writes' | 'writesAlsoNeed'>): Promise<string[]> {
  const changes = writePermissions({ writes, ...(writesAlsoNeed && { writesAlsoNeed }) })
  const [ofReads, ofWrites] = await Promise.all([faults(readPermissions(looks)), faults(changes)])
  return [
    ...ofReads.map((fault) => `reads (\`arn\`, or \`readsOn\`): ${fault}`),
    ...ofWrites.map((fault) => `writes (\`arn\`, or \`changes\` of a setting): ${fault}`),
  ]
}

const faults = (permissions: readonly Permission[]): Promise<string[]> =>
  faultsOf(
    permissions.map(
      ({ action, resource }): Grant => ({ actions: [action], resources: [resource], conditionKeys: [] }),
    ),
  )

test.each(playbooks.map((playbook) => [playbook.id, playbook] as const))(
  '%s declares actions that there are, each on the resources that it takes',
  async (_, playbook) => {
    expect(await faultsIn(playbook)).toEqual([])
  },
)

test.each(DETECTORS.map((detector) => [detector.title, detector] as const))(
  '%s is asked by actions that there are, each on the resources that it takes',
  async (_, { needs }) => {
    expect(await faultsIn({ reads: [], writes: [...needs] })).toEqual([])
  },
)

describe('the mistakes of a new playbook are told with what to write', () => {
  const bucket = 'arn:{partition}:s3:::{id}'

  test.each([
    [
      'the name of an operation that IAM calls otherwise',
      { reads: [], writes: [{ action: 's3:PutPublicAccessBlock', resource: bucket }] },
      'or PutBucketPublicAccessBlock (iamActions in playbooks/s3/service.ts)',
    ],
    [
      'a resource of another form',
      {
        reads: [],
        writes: [
          { action: 's3:PutBucketTagging', resource: 'arn:{partition}:s3:{region}:{account}:bucket/{id}' },
        ],
      },
      'takes no resource like arn:{partition}:s3:{region}:{account}:bucket/{id}; write arn:{partition}:s3:::{id}',
    ],
    [
      'a read on everything, of an action that knows its resource',
      { reads: ['s3:GetBucketTagging'], writes: [] },
      's3:GetBucketTagging: on *, although it takes bucket (arn:{partition}:s3:::{id}): write it in readsOn',
    ],
    [
      'a grant without one of the resources that the action asks for',
      {
        reads: [],
        writes: [
          { action: 'ssm:SendCommand', resource: 'arn:{partition}:ec2:{region}:{account}:instance/{id}' },
        ],
      },
      'ssm:SendCommand: never matches without document: add arn:',
    ],
  ])('%s', async (_, declared, fault) => {
    expect((await faultsIn(declared)).join('\n')).toContain(fault)
  })
})
