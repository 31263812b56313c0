import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, onAll, optionally, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { ec2 } from '../services.ts'

const state = onAll(
  read(
    ec2,
    'GetSnapshotBlockPublicAccessState',
    () => ({}),
    (answer) => answer,
  ),
)
const publicOnes = optionally(
  ec2,
  'DescribeSnapshots',
  () => ({ OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 1000 }),
  ({ Snapshots = [] }) => Snapshots.map(({ SnapshotId = '' }) => SnapshotId).sort(),
)

/** How many are named; of the rest their number is told. */
const NAMED = 10

/** Forbids the account to share EBS snapshots of a region with everybody. */
export const blockPublicSnapshots = defineSetting({
  id: 'ec2-block-public-snapshots',
  title: 'Block public EBS snapshots in a region',
  about: {
    risk: 'Whoever may modify snapshots can share one with every AWS account, on purpose or by mistake, and whoever copies it has the whole disk.',
    breaks:
      'With `block-all-sharing` snapshots that are public now are hidden from everybody else: whoever restores from them fails. The plan names them, and a person looks first. Shares with accounts by name go on.',
  },
  implements: ['ebs-block-public-access'],
  ...ofTheAccount('arn:{partition}:ec2:{region}:{account}:snapshot-block-public-access/{id}'),
  answers: [
    config('EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS'),
    securityHub('EC2.182'),
    prowler('ec2_ebs_snapshot_account_block_public_access'),
    cloudTrail('ec2:DisableSnapshotBlockPublicAccess'),
  ],
  suggestedMode: 'approve',
  parameters: z.strictObject({
    sharing: z
      ._default(z.enum(['block-all-sharing', 'block-new-sharing']), 'block-all-sharing')
      .check(
        z.describe(
          'whether snapshots that are public already are hidden, too (block-all-sharing: only this satisfies Security Hub), or only new ones are refused',
        ),
      ),
  }),
  look: allOf({ state, publicOnes }),
  values: ({ state: { State: live } }) => (live === undefined ? null : { State: live }),
  // From all to new would show again what is hidden.
  should: ({ sharing }, { state }) => ({
    State: state.State === 'block-all-sharing' ? 'block-all-sharing' : sharing,
  }),
  set: (_, { State }) =>
    State === 'unblocked'
      ? call('ec2', 'DisableSnapshotBlockPublicAccess', {})
      : call('ec2', 'EnableSnapshotBlockPublicAccess', { State: State as 'block-all-sharing' }),
  changes: ['EnableSnapshotBlockPublicAccess', 'DisableSnapshotBlockPublicAccess'].map((action) => ({
    action: `ec2:${action}`,
    resource: '*',
  })),
  unless: ({ state: { ManagedBy } }) =>
    ManagedBy === 'declarative-policy'
      ? 'a declarative policy of the organization manages it: only its management account can change that'
      : undefined,
  // AWS Config developer guide, ebs-snapshot-block-public-access; Security Hub user guide, EC2.182.
  unproven: ({ state: { State } }, { findings, parameters: { sharing } }) =>
    State !== 'block-all-sharing' && sharing !== 'block-all-sharing'
      ? findings
          .filter(({ source }) => source !== 'cloudtrail')
          .map(({ type }) => `${type} asks for block-all-sharing, and parameters.sharing says ${sharing}`)[0]
      : undefined,
  effect: 'nobody in the account can share an EBS snapshot of this region with everybody any more',
  warnings: (_, _asked, wanted) =>
    wanted?.State === 'block-all-sharing'
      ? ['the snapshots keep their own permissions: without the block they would be public again']
      : ['snapshots that are public already stay public'],
  cautions: ({ publicOnes: { told } }, _asked, wanted) => {
    if (wanted?.State !== 'block-all-sharing') return []
    if (told === undefined) return ['which snapshots are public now could not be read']
    if (told.length === 0) return []
    const more = told.length > NAMED ? ` and ${told.length - NAMED} more` : ''
    return [`public snapshots are hidden by it: ${told.slice(0, NAMED).join(', ')}${more}`]
  },
})
