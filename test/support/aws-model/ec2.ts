import { type Fields, failure, filterValues, type Handlers, listOf, page } from './failure.ts'
import { tagList } from './security-groups.ts'

export type Permission = { Group: 'all' } | { UserId: string }

interface Snapshot extends Fields {
  SnapshotId: string
  OwnerId: string
}

/** What a service manages, in an account whose managed resource visibility is `hidden`. */
export const HIDDEN = { Operator: { Managed: true, Principal: 'eks.amazonaws.com', HiddenByDefault: true } }

/** Hidden resources are answered only to those who ask for them. */
const isVisible =
  ({ IncludeManagedResources }: Fields) =>
  ({ Operator }: Fields): boolean =>
    IncludeManagedResources === true || !(Operator as { HiddenByDefault?: boolean })?.HiddenByDefault

/** Interfaces, addresses, prefix lists, instances and snapshots of EC2. */
export class Ec2Things {
  /** As DescribeNetworkInterfaces gives them. */
  readonly interfaces: Fields[] = []
  /** As DescribeAddresses gives them. */
  readonly addresses: Fields[] = []
  /** As DescribeInstances gives them in their reservations. */
  readonly instances: Fields[] = []
  /** Reservation id per instance: instances that were started together. */
  readonly reservations = new Map<string, string>()
  /** CIDRs per managed prefix list. */
  readonly prefixLists = new Map<string, string[]>()
  readonly snapshots = new Map<string, Snapshot>()
  /** Shares per snapshot. */
  readonly permissions = new Map<string, Permission[]>()
  snapshotBlockPublicAccess = 'unblocked'
  readonly account: string

  constructor(account: string) {
    this.account = account
  }

  addInterface(id: string, groups: string[], more: Fields = {}): void {
    const Groups = groups.map((GroupId) => ({ GroupId, GroupName: `group ${GroupId}` }))
    this.interfaces.push({
      NetworkInterfaceId: id,
      InterfaceType: 'interface',
      Status: 'in-use',
      Groups,
      ...more,
    })
  }

  addInstance(id: string, more: Fields & { tags?: Record<string, string>; reservation?: string } = {}): void {
    const { tags, reservation = `r-${id}`, ...fields } = more
    this.reservations.set(id, reservation)
    this.instances.push({ InstanceId: id, State: { Name: 'running' }, Tags: tagList(tags), ...fields })
  }

  addSnapshot(
    id: string,
    permissions: Permission[] = [{ Group: 'all' }],
    more: Fields & { tags?: Record<string, string> } = {},
  ): void {
    const { tags, ...fields } = more
    const snapshot = { OwnerId: this.account, VolumeId: 'vol-0model', State: 'completed', Encrypted: false }
    this.snapshots.set(id, { SnapshotId: id, ...snapshot, Tags: tagList(tags), ...fields })
    this.permissions.set(id, permissions)
  }

  removeSnapshot(id: string): void {
    this.snapshots.delete(id)
    this.permissions.delete(id)
  }

  readonly handlers: Handlers = {
    DescribeNetworkInterfaces: (input) => {
      const action = 'ec2:DescribeNetworkInterfaces'
      const filters = filterValues(action, input, ['group-id', 'subnet-id'])
      const [groups, subnets] = [filters.get('group-id'), filters.get('subnet-id')]
      const ids = input.NetworkInterfaceIds as string[] | undefined
      const found = this.interfaces
        .filter(
          ({ Groups }) => !groups || listOf(Groups).some(({ GroupId }) => groups.includes(String(GroupId))),
        )
        .filter(({ SubnetId }) => !subnets || subnets.includes(String(SubnetId)))
        .filter(({ NetworkInterfaceId }) => !ids || ids.includes(String(NetworkInterfaceId)))
        .filter(isVisible(input))
      return page(found, input, { items: 'NetworkInterfaces', size: 'MaxResults', token: 'NextToken' })
    },

    DescribeAddresses: () => ({ Addresses: structuredClone(this.addresses) }),

    DescribeInstances: (input) => {
      const action = 'ec2:DescribeInstances'
      const byId = input.InstanceIds as string[] | undefined
      const known = new Set(this.instances.map(({ InstanceId }) => InstanceId))
      const missing = byId?.find((id) => !known.has(id))
      if (missing)
        throw failure(action, 'InvalidInstanceID.NotFound', `The instance ID '${missing}' does not exist`)
      const ids = filterValues(action, input, ['instance-id']).get('instance-id') ?? byId
      const found = this.instances
        .filter(({ InstanceId }) => !ids || ids.includes(String(InstanceId)))
        .filter(isVisible(input))
      const together = Map.groupBy(found, (instance) => this.reservations.get(String(instance.InstanceId)))
      const reservations = [...together].map(([ReservationId, Instances]) => ({ ReservationId, Instances }))
      return page(reservations, input, { items: 'Reservations', size: 'MaxResults', token: 'NextToken' })
    },

    GetManagedPrefixListEntries: (input) => {
      const entries = this.prefixLists.get(String(input.PrefixListId))
      if (!entries) throw failure('ec2:GetManagedPrefixListEntries', 'InvalidPrefixListID.NotFound')
      const found = entries.map((Cidr) => ({ Cidr }))
      return page(found, input, { items: 'Entries', size: 'MaxResults', token: 'NextToken' })
    },

    DescribeSnapshots: (input) => {
      const action = 'ec2:DescribeSnapshots'
      for (const id of listOf<string>(input.SnapshotIds)) this.#known(action, id)
      const ids =
        filterValues(action, input, ['snapshot-id']).get('snapshot-id') ??
        (input.SnapshotIds as string[] | undefined)
      const owners = (input.OwnerIds as string[] | undefined)?.map((owner) =>
        owner === 'self' ? this.account : owner,
      )
      const publicOnly = listOf<string>(input.RestorableByUserIds).includes('all')
      const found = [...this.snapshots.values()]
        .filter(({ SnapshotId }) => !ids || ids.includes(SnapshotId))
        .filter(({ OwnerId }) => !owners || owners.includes(OwnerId))
        .filter(({ SnapshotId }) => !publicOnly || this.isPublic(SnapshotId))
      return page(found, input, { items: 'Snapshots', size: 'MaxResults', token: 'NextToken' })
    },

    DescribeSnapshotAttribute: (input) => {
      const id = this.#own('ec2:DescribeSnapshotAttribute', String(input.SnapshotId))
      return { SnapshotId: id, CreateVolumePermissions: structuredClone(this.permissions.get(id) ?? []) }
    },

    // Removing what is not there succeeds, as adding what is.
    ModifySnapshotAttribute: (input) => {
      const id = this.#own('ec2:ModifySnapshotAttribute', String(input.SnapshotId))
      const named: Permission[] = [
        ...listOf<string>(input.GroupNames).map(() => ({ Group: 'all' as const })),
        ...listOf<string>(input.UserIds).map((UserId) => ({ UserId })),
      ]
      const texts = named.map((permission) => JSON.stringify(permission))
      const others = (this.permissions.get(id) ?? []).filter((one) => !texts.includes(JSON.stringify(one)))
      this.permissions.set(id, input.OperationType === 'add' ? [...others, ...named] : others)
      return {}
    },

    GetSnapshotBlockPublicAccessState: () => ({
      State: this.snapshotBlockPublicAccess,
      ManagedBy: 'account',
    }),
  }

  isPublic(snapshot: string): boolean {
    return (this.permissions.get(snapshot) ?? []).some((permission) => 'Group' in permission)
  }

  /** Attributes are the owner's alone. */
  #own(action: string, snapshot: string): string {
    const id = this.#known(action, snapshot)
    if (this.snapshots.get(id)?.OwnerId === this.account) return id
    throw failure(action, 'AuthFailure', `Not authorized for snapshot: ${id}`)
  }

  #known(action: string, snapshot: string): string {
    if (this.snapshots.has(snapshot)) return snapshot
    throw failure(action, 'InvalidSnapshot.NotFound', `The snapshot '${snapshot}' does not exist.`)
  }
}
