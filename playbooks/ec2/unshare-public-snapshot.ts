import type { Snapshot } from '@aws-sdk/client-ec2'
import pLimit from 'p-limit'
import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { AwsError, isGone } from '../../src/playbook/aws-error.ts'
import {
  accessAnalyzer,
  cloudTrail,
  config,
  prowler,
  securityHub,
  trustedAdvisor,
} from '../../src/playbook/matchers.ts'
import {
  compliant,
  definePlaybook,
  gone,
  notApplicable,
  ownTargets,
  type Reader,
  targetOf,
} from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { tagsIn } from '../../src/playbook/tags.ts'

/** Snapshot ARNs carry no account. */
const ARN = 'arn:{partition}:ec2:{region}::snapshot/{id}'
const SNAPSHOT = { resource: 'AWS::EC2::Snapshot', ids: ec2Ids('snap'), arn: ARN }

const parameters = z.strictObject({})

export interface SnapshotState {
  id: string
  public: boolean
  /** Accounts that it is shared with by name; these shares stay. */
  accounts: string[]
  /** Why it is not for the account that looks: a sentence about who owns it. */
  notOwn?: string
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
  about: {
    risk: 'Everybody with an AWS account can make a volume of a public snapshot and read all that was on the disk: keys, customers, code.',
    breaks:
      'Accounts that use the snapshot without being named in a share can do so no more. Shares with accounts by name stay, and the plan lists them.',
  },
  implements: ['ebs-snapshot-private'],
  ...SNAPSHOT,
  tagsOf: 'the snapshot',
  answers: [
    config('EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK'),
    securityHub('EC2.1'),
    // Public snapshots of EBS.
    trustedAdvisor('ePs02jT06w'),
    prowler('ec2_ebs_public_snapshot'),
    accessAnalyzer('AWS::EC2::Snapshot'),
    cloudTrail('ec2:ModifySnapshotAttribute'),
  ],
  parameters,
  suggestedMode: 'auto',
  reads: ['ec2:DescribeSnapshots', 'ec2:DescribeSnapshotAttribute', 'ec2:GetSnapshotBlockPublicAccessState'],
  readsOn: { 'ec2:DescribeSnapshotAttribute': [ARN] },
  optionalReads: ['ec2:GetSnapshotBlockPublicAccessState'],
  writes: [{ action: 'ec2:ModifySnapshotAttribute', resource: ARN }],

  /**
   * The rule reports the account: then each public snapshot of the account is a target. What is meant is told by the
   * id, because the type that comes with it is the rule's and not always the resource's.
   */
  async targets(finding, _parameters, aws) {
    const { account, resources } = finding
    const named = ownTargets(SNAPSHOT, finding)
    if (named.some(({ notUnderstood }) => notUnderstood === undefined)) return named
    if (resources.some(({ id }) => id === account)) {
      return (await publicSnapshots(aws)).map((snapshot) => targetOf(SNAPSHOT, snapshot, finding))
    }
    if (resources.length === 0) return notApplicable('the finding names neither a snapshot nor the account')
    return resources.map(({ id }) => targetOf(SNAPSHOT, id, finding))
  },

  async inspect({ id }, _parameters, aws, { first }) {
    const [shares, look, block] = await Promise.all([
      readShares(aws, id),
      first ? readOwnSnapshot(aws, id) : undefined,
      first ? aws.optional('ec2', 'GetSnapshotBlockPublicAccessState', {}) : undefined,
    ])
    if (shares === 'gone') return gone
    const isOwn = look === undefined || look.snapshot !== undefined || look.error !== undefined
    if (shares instanceof AwsError) {
      if (isOwn) throw shares
      const state = { id, public: false, accounts: [], notOwn: notAmong(aws.account, shares) }
      return { state, tags: {} }
    }
    const state: SnapshotState = {
      id,
      ...shares,
      ...(isOwn ? {} : { notOwn: `the snapshot belongs to another account, not to ${aws.account}` }),
      ...(block?.State ? { blockPublicAccess: block.State } : {}),
    }
    if (!look) return { state }
    if (look.error) return { state, tags: { unreadable: look.error.message, onlyIfAsked: false } }
    return { state, tags: tagsIn(look.snapshot?.Tags) }
  },

  plan(state, _findings, _parameters, target) {
    if (state.notOwn !== undefined) return notApplicable(state.notOwn)
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
          kind: 'call',
          id: 'make-private',
          summary: `stop sharing ${state.id} with everybody`,
          call: call('ec2', 'ModifySnapshotAttribute', { ...everybody, OperationType: 'remove' }),
          undo: [call('ec2', 'ModifySnapshotAttribute', { ...everybody, OperationType: 'add' })],
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
      limit(async () => {
        const shares = await readShares(aws, id)
        if (shares instanceof AwsError) throw shares
        return shares !== 'gone' && shares.public ? [id] : []
      }),
    ),
  )
  return confirmed.flat().sort()
}

type Shares = Pick<SnapshotState, 'public' | 'accounts'>

/** Who may use a snapshot. A denial is an answer: EC2 shows the shares of a snapshot to nobody but its owner. */
async function readShares(aws: Reader, id: string): Promise<Shares | 'gone' | AwsError> {
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
    if (isGone(error)) return 'gone'
    if (error instanceof AwsError && error.kind === 'denied') return error
    throw error
  }
}

/**
 * The snapshot among the account's own: without an owner EC2 searches those of everybody who shares. An error is an
 * answer: while the shares can be read, only tags and owner are missing.
 */
async function readOwnSnapshot(aws: Reader, id: string): Promise<{ snapshot?: Snapshot; error?: AwsError }> {
  const input = { OwnerIds: ['self'], Filters: [{ Name: 'snapshot-id', Values: [id] }] }
  try {
    const [snapshot] = await aws.list('ec2', 'DescribeSnapshots', input, 'Snapshots')
    return snapshot ? { snapshot } : {}
  } catch (error) {
    if (error instanceof AwsError) return { error }
    throw error
  }
}

function notAmong(account: string, { message }: AwsError): string {
  return `the snapshot is not among those of account ${account}, and who may use it is not shown (${message})`
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
