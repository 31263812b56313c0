import { describe, expect, test } from '@jest/globals'
import { unsharePublicDatabaseSnapshot as playbook } from '../../../playbooks/rds/unshare-public-snapshot.ts'
import type { FindingResource, Source } from '../../../src/findings/finding.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import { fakeReader } from '../../support/reader.ts'
import { sampleFinding } from '../../support/sample-finding.ts'

const place = { account: '111122223333', region: 'eu-central-1' }
const arnOf = (kind: string, name: string) => `arn:aws:rds:eu-central-1:111122223333:${kind}:${name}`

/** Names of snapshots by kind, and whom each is shared with. */
interface Account {
  instances?: Record<string, string[]>
  clusters?: Record<string, string[]>
}

function reader({ instances = {}, clusters = {} }: Account) {
  const kind = (all: Record<string, string[]>, own: string, resource: string) => {
    const name = `${own}SnapshotIdentifier`
    const found = (input: Record<string, string>) => {
      const id = input[name]
      if (id === undefined || all[id] !== undefined) return id
      throw new AwsError({ kind: 'gone', code: 'NotFound', action: `rds:Describe${own}Snapshots` }, 'gone')
    }
    return {
      [`rds:Describe${own}Snapshots`]: (input: Record<string, string>) => {
        const id = found(input)
        const names = Object.keys(all).filter((each) => id === undefined || each === id)
        return {
          [`${own}Snapshots`]: names.map((each) => ({
            [`${own}SnapshotArn`]: arnOf(resource, each),
            [name]: each,
            SnapshotType: 'manual',
            [own === 'DB' ? 'Encrypted' : 'StorageEncrypted']: each.startsWith('encrypted'),
          })),
        }
      },
      [`rds:Describe${own}SnapshotAttributes`]: (input: Record<string, string>) => ({
        [`${own}SnapshotAttributesResult`]: {
          [`${own}SnapshotAttributes`]: [{ AttributeName: 'restore', AttributeValues: all[found(input)!] }],
        },
      }),
    }
  }
  return fakeReader({
    ...kind(instances, 'DB', 'snapshot'),
    ...kind(clusters, 'DBCluster', 'cluster-snapshot'),
  })
}

async function targetsOf(source: Source, resource: FindingResource, account: Account = {}) {
  const finding = sampleFinding({ ...place, source, type: 'any', resources: [resource] })
  const given = reader(account)
  const targets = await playbook.targets(finding, {}, given, { addresses: [] })
  const arns = Array.isArray(targets)
    ? targets.map((target) => target.notUnderstood ?? target.resource)
    : targets
  return { arns, reads: given.calls.length }
}

describe('a finding names', () => {
  test.each([
    ['config', 'AWS::RDS::DBSnapshot', 'orders', 'snapshot'],
    ['config', 'AWS::RDS::DBClusterSnapshot', 'orders', 'cluster-snapshot'],
    ['cloudtrail', 'AWS::RDS::DBClusterSnapshot', 'orders', 'cluster-snapshot'],
  ] as const)('a snapshot by its kind and name (%s, %s)', async (source, type, id, kind) => {
    expect(await targetsOf(source, { type, id })).toEqual({ arns: [arnOf(kind, id)], reads: 0 })
  })

  test.each(['snapshot', 'cluster-snapshot'])(
    'a %s by its ARN, whatever the type beside it',
    async (kind) => {
      const arn = arnOf(kind, 'orders')
      expect(await targetsOf('prowler', { type: 'Other', id: arn, arn })).toEqual({ arns: [arn], reads: 0 })
    },
  )

  test.each([
    [{ instances: { orders: [] } }, ['snapshot']],
    [{ clusters: { orders: [] } }, ['cluster-snapshot']],
    [{ instances: { orders: [] }, clusters: { orders: [] } }, ['snapshot', 'cluster-snapshot']],
    // Its look says that it is gone.
    [{}, ['snapshot']],
  ])('no kind, as Trusted Advisor: of %j it is about each that is there', async (account, kinds) => {
    const { arns } = await targetsOf(
      'trustedadvisor',
      { type: 'AWS::RDS::DBSnapshot', id: 'orders' },
      account,
    )
    expect(arns).toEqual(kinds.map((kind) => arnOf(kind, 'orders')))
  })

  test('the account: it is about each public snapshot of it, and no encrypted one is asked for', async () => {
    const all = ['all', '444455556666']
    const { arns, reads } = await targetsOf(
      'config',
      { type: 'AWS::::Account', id: '111122223333' },
      {
        instances: { orders: ['444455556666'], copy: all, 'encrypted-copy': [] },
        clusters: { shop: all, 'encrypted-shop': [] },
      },
    )
    expect(arns).toEqual([arnOf('snapshot', 'copy'), arnOf('cluster-snapshot', 'shop')])
    // Two lists, and two reads of each of three snapshots.
    expect(reads).toBe(8)
  })

  test.each([
    ['AWS::RDS::DBSnapshot', 'rds:orders-2026-11-22-09-43'],
    ['AWS::RDS::DBClusterSnapshot', 'awsbackup:job-0a1b2c3d'],
    ['AWS::RDS::DBSnapshot', arnOf('snapshot', 'rds:orders-2026-11-22-09-43')],
  ])('one that AWS made (%s %s), which nobody can share', async (type, id) => {
    const { arns } = await targetsOf('config', { type, id })
    expect(arns).toEqual([expect.stringContaining('was made by AWS itself')])
  })

  test('something else, which is not for it', async () => {
    const { arns } = await targetsOf('config', { type: 'AWS::RDS::DBInstance', id: 'orders' })
    expect(arns).toEqual({ kind: 'notApplicable', reason: 'the finding names no snapshot of a database' })
  })
})

test('a person names a snapshot of a cluster by its ARN or its type', () => {
  const at = { ...place, partition: 'aws' }
  for (const words of [arnOf('cluster-snapshot', 'shop'), 'AWS::RDS::DBClusterSnapshot/shop'])
    expect(playbook.named(words, at)).toMatchObject({
      id: 'shop',
      resource: arnOf('cluster-snapshot', 'shop'),
    })
  expect(playbook.named('shop', at)).toMatchObject({ id: 'shop', resource: arnOf('snapshot', 'shop') })
})
