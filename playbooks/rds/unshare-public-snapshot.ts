import type { Finding, FindingResource } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import {
  accessAnalyzer,
  cloudTrail,
  config,
  prowler,
  securityHub,
  trustedAdvisor,
} from '../../src/playbook/matchers.ts'
import { notApplicable, type Reader, type Target } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import {
  eitherCalled,
  isOfCluster,
  OF_CLUSTER,
  OF_INSTANCE,
  publicSnapshots,
  SNAPSHOT_READS_ON,
  SNAPSHOTS,
  snapshot,
} from './snapshots.ts'

/** Of the attribute that says who may restore a snapshot: everybody, added or taken out. Shares by account stay. */
const everybody = (isPublic: boolean) => ({
  AttributeName: 'restore',
  ...(isPublic ? { ValuesToAdd: ['all'] } : { ValuesToRemove: ['all'] }),
})

/** Takes everybody off the shares of a snapshot of an instance or of a cluster. Accounts that are named keep theirs. */
export const unsharePublicDatabaseSnapshot = defineSetting({
  id: 'rds-unshare-public-snapshot',
  title: 'Make a public database snapshot private',
  about: {
    risk: 'Everybody with an AWS account can restore a public snapshot and read all that was in the database. There are programs that look for new ones.',
    breaks:
      'Accounts that restore the snapshot without being named in a share can do so no more. Shares with accounts by name stay, and the plan lists them.',
  },
  implements: ['rds-snapshot-private'],
  ...SNAPSHOTS,
  tagsOf: 'the snapshot',
  answers: [
    config('RDS_SNAPSHOTS_PUBLIC_PROHIBITED'),
    securityHub('RDS.1'),
    // Public snapshots of RDS.
    trustedAdvisor('rSs93HQwa1'),
    prowler('rds_snapshots_public_access'),
    accessAnalyzer(OF_INSTANCE.resource),
    accessAnalyzer(OF_CLUSTER.resource),
    cloudTrail('rds:ModifyDBSnapshotAttribute', 'rds:ModifyDBClusterSnapshotAttribute'),
  ],
  suggestedMode: 'auto',
  readsOn: SNAPSHOT_READS_ON,

  /** A finding about the account is about each public snapshot of it. */
  async targets(finding, _parameters, aws) {
    const { account, resources } = finding
    if (resources.some(({ id }) => id === account)) return publicSnapshots(finding, aws)
    const all = (await Promise.all(resources.map((each) => meantBy(each, finding, aws)))).flat()
    const each = new Map(all.map((target) => [target.key, target]))
    return each.size > 0 ? [...each.values()] : notApplicable('the finding names no snapshot of a database')
  },

  look: snapshot,
  tags: ({ tags }) => tags,
  values: ({ sharedWith }) => (sharedWith === undefined ? null : { public: sharedWith.includes('all') }),
  should: { public: false },
  set: (id, values, target) =>
    isOfCluster(target)
      ? call('rds', 'ModifyDBClusterSnapshotAttribute', {
          DBClusterSnapshotIdentifier: id,
          ...everybody(values.public),
        })
      : call('rds', 'ModifyDBSnapshotAttribute', { DBSnapshotIdentifier: id, ...everybody(values.public) }),
  changes: [
    { action: 'rds:ModifyDBSnapshotAttribute', resource: OF_INSTANCE.arn },
    { action: 'rds:ModifyDBClusterSnapshotAttribute', resource: OF_CLUSTER.arn },
  ],
  unless: ({ type }) =>
    /^(automated|awsbackup)$/.test(type) ? `snapshots that are ${type} cannot be shared` : undefined,
  effect:
    'nobody but the owner and the accounts named in a share can restore it any more; copies that others have made stay theirs',
  warnings: ({ sharedWith = [] }) => {
    const accounts = sharedWith.filter((each) => each !== 'all')
    return accounts.length > 0 ? [`it stays shared with ${accounts.sort().join(', ')}`] : []
  },
})

/** Trusted Advisor gives a name, and does not say of which kind: then both are looked for. */
async function meantBy({ type, id, arn }: FindingResource, finding: Finding, aws: Reader): Promise<Target[]> {
  const words = arn ?? id
  if (words.startsWith('arn:')) {
    const target = SNAPSHOTS.named(words, finding)
    const isOurs = type === OF_INSTANCE.resource || type === OF_CLUSTER.resource
    return target.notUnderstood === undefined || isOurs ? [target] : []
  }
  if (type === OF_CLUSTER.resource) return [SNAPSHOTS.named(`${type}/${words}`, finding)]
  if (type !== OF_INSTANCE.resource) return []
  return finding.source === 'trustedadvisor'
    ? eitherCalled(words, finding, aws)
    : [SNAPSHOTS.named(words, finding)]
}
