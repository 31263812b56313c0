import type { Snapshot } from '@aws-sdk/client-ec2'
import pLimit from 'p-limit'
import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { AwsError, isGone } from '../../src/playbook/aws-error.ts'
import { config } from '../../src/playbook/matchers.ts'
import {
  compliant,
  definePlaybook,
  gone,
  notApplicable,
  type Reader,
  targetOf,
} from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource-form.ts'

/** Snapshot ARNs carry no account. */
const ARN = 'arn:{partition}:ec2:{region}::snapshot/{id}'
const SNAPSHOT = { resource: 'AWS::EC2::Snapshot', ids: ec2Ids('snap'), arn: ARN }

const parameters = z.strictObject({})

export interface SnapshotState {
  id: string
  public: boolean
  /** Accounts that it is shared with by name; these shares stay. */
  accounts: string[]
  /** The account that owns the snapshot, when it is not the one that looks. */
  foreignOwner?: string
  /** The region's block public access: `block-all-sharing`, `block-new-sharing`, `unblocked`; absent when unread. */
  blockPublicAccess?: string
}

/**
 * Takes the group `all` off a snapshot's permissions. Shares with accounts by name stay, other snapshots stay:
 * ResetSnapshotAttribute, which would drop all shares, is never used.
 */
export const unsharePublicSnapshot = definePlaybook<z.output<typeof parameters>, SnapshotState>({
  id: 'ec2-unshare-public-snapshot',
  title: 'Make a public EBS snapshot private',
  implements: ['ebs-snapshot-private'],
  ...SNAPSHOT,
  tagsOf: 'the snapshot',
  answers: [config('EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK')],
  parameters,
  suggestedMode: 'auto',
  reads: ['ec2:DescribeSnapshots', 'ec2:DescribeSnapshotAttribute', 'ec2:GetSnapshotBlockPublicAccessState'],
  optionalReads: ['ec2:GetSnapshotBlockPublicAccessState'],
  writes: [{ action: 'ec2:ModifySnapshotAttribute', resource: ARN }],

  /** The rule reports the account, not the snapshot: then each public snapshot of the account is a target. */
  async targets(finding, _parameters, aws) {
    const named = finding.resources.filter(({ type }) => type === SNAPSHOT.resource).map(({ id }) => id)
    const snapshots = named.length > 0 ? named : await publicSnapshots(aws)
    return snapshots.map((snapshot) => targetOf(SNAPSHOT, snapshot, finding))
  },

  async inspect({ id }, _parameters, aws, { first }) {
    const [permissions, look, block] = await Promise.all([
      readPermissions(aws, id),
      first ? readSnapshot(aws, id) : undefined,
      first ? aws.optional('ec2', 'GetSnapshotBlockPublicAccessState', {}) : undefined,
    ])
    if (!permissions || (look && !look.snapshot && !look.error)) return gone
    const owner = look?.snapshot?.OwnerId ?? aws.account
    const state: SnapshotState = {
      id,
      ...permissions,
      ...(owner === aws.account ? {} : { foreignOwner: owner }),
      ...(block?.State ? { blockPublicAccess: block.State } : {}),
    }
    if (!look) return { state }
    if (look.error) return { state, tags: { unreadable: look.error.message } }
    const tags = (look.snapshot?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])
    return { state, tags: Object.fromEntries(tags) }
  },

  plan(state, _findings, _parameters, target) {
    if (state.foreignOwner) return notApplicable(`the snapshot belongs to account ${state.foreignOwner}`)
    if (!state.public) return compliant({ reason: 'the snapshot is not public' })
    const everybody = {
      SnapshotId: state.id,
      Attribute: 'createVolumePermission' as const,
      GroupNames: ['all'],
    }
    return {
      kind: 'steps',
      before: { public: true },
      after: { public: false },
      warnings: blockWarnings(state.blockPublicAccess),
      steps: [
        {
          id: 'make-private',
          summary: `stop sharing ${state.id} with everybody`,
          call: call('ec2', 'ModifySnapshotAttribute', { ...everybody, OperationType: 'remove' }),
          undo: [call('ec2', 'ModifySnapshotAttribute', { ...everybody, OperationType: 'add' })],
          retry: 'safe',
          permissions: [{ action: 'ec2:ModifySnapshotAttribute', resource: target.resource }],
        },
      ],
    }
  },

  observe(state) {
    return { public: state.public }
  },

  async impact({ accounts }) {
    const shares = accounts.length === 1 ? 'the share with account' : 'the shares with accounts'
    return {
      summary: 'nobody but the owner and the accounts named in a share can use the snapshot any more',
      affected: [],
      count: 0,
      notes: [
        ...(accounts.length > 0
          ? [`${shares} ${accounts.join(', ')} stay${accounts.length === 1 ? 's' : ''}`]
          : []),
        'copies and volumes that others have already made from it stay theirs',
      ],
    }
  },
})

/**
 * The account's snapshots that are public by their own attribute. The filter alone is not believed: what answers
 * for AWS on this machine ignores it.
 */
async function publicSnapshots(aws: Reader): Promise<string[]> {
  const input = { OwnerIds: ['self'], RestorableByUserIds: ['all'] }
  const snapshots = await aws.list('ec2', 'DescribeSnapshots', input, 'Snapshots')
  const limit = pLimit(8)
  const confirmed = await Promise.all(
    snapshots.map(({ SnapshotId: id = '' }) =>
      limit(async () => ((await readPermissions(aws, id))?.public ? [id] : [])),
    ),
  )
  return confirmed.flat().sort()
}

/** Who may use a snapshot; undefined when it is gone. */
async function readPermissions(
  aws: Reader,
  id: string,
): Promise<Pick<SnapshotState, 'public' | 'accounts'> | undefined> {
  try {
    const { CreateVolumePermissions: permissions = [] } = await aws.read('ec2', 'DescribeSnapshotAttribute', {
      SnapshotId: id,
      Attribute: 'createVolumePermission',
    })
    return {
      public: permissions.some(({ Group }) => Group === 'all'),
      accounts: permissions.flatMap(({ UserId }) => UserId ?? []).sort(),
    }
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** An error is an answer: while the permissions can be read, only tags and owner are missing. */
async function readSnapshot(aws: Reader, id: string): Promise<{ snapshot?: Snapshot; error?: AwsError }> {
  const input = { Filters: [{ Name: 'snapshot-id', Values: [id] }] }
  try {
    const [snapshot] = await aws.list('ec2', 'DescribeSnapshots', input, 'Snapshots')
    return snapshot ? { snapshot } : {}
  } catch (error) {
    if (error instanceof AwsError) return { error }
    throw error
  }
}

function blockWarnings(state: string | undefined): string[] {
  if (state === 'block-all-sharing') {
    return [
      'block public access hides the snapshot for now; its own permission would make it public again',
      'an undo needs block public access off in this region',
    ]
  }
  return state === 'block-new-sharing' ? ['an undo needs block public access off in this region'] : []
}
