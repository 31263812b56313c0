type Fields = Record<string, unknown>

/** How reads of one operation are joined and their answer is split again. */
export interface Coalescable {
  /** List field of the answer. */
  items: string
  /** Most ids that one call may name. */
  most: number
  /** Whether a policy may allow some ids and not others: then one denied id denies the whole call. */
  authorisedById?: true
  /** The ids that an input asks for; undefined when it asks in another way. */
  ids(input: Fields): string[] | undefined
  /** The same input for these ids. */
  withIds(input: Fields, ids: string[]): Fields
  /** The ids that an item answers. */
  idsOf(item: Fields): string[]
  /** What of an item belongs to a caller who asked for these ids; default all of it. */
  part?(item: Fields, wanted: ReadonlySet<string>): Fields
}

/** EC2 takes at most 200 values per filter, SSM 100; DescribeInstancePatchStates 50 ids. */
export const COALESCABLE: Readonly<Record<string, Coalescable>> = {
  'ec2:DescribeSecurityGroupRules': {
    items: 'SecurityGroupRules',
    most: 200,
    ...byFilter('Name', 'group-id'),
    idsOf: idIn('GroupId'),
  },
  'ec2:DescribeSecurityGroups': {
    items: 'SecurityGroups',
    most: 200,
    ...byFilter('Name', 'group-id'),
    idsOf: idIn('GroupId'),
  },
  'ec2:DescribeNetworkInterfaces': {
    items: 'NetworkInterfaces',
    most: 200,
    ...byFilter('Name', 'group-id'),
    idsOf: (item) => fieldsOf(item.Groups).map((group) => String(group.GroupId)),
  },
  'ec2:DescribeSnapshots': {
    items: 'Snapshots',
    most: 200,
    ...byFilter('Name', 'snapshot-id'),
    idsOf: idIn('SnapshotId'),
  },
  'ec2:DescribeInstances': {
    items: 'Reservations',
    most: 200,
    ...byFilter('Name', 'instance-id'),
    idsOf: (item) => fieldsOf(item.Instances).map((instance) => String(instance.InstanceId)),
    part: (item, wanted) => ({
      ...item,
      Instances: fieldsOf(item.Instances).filter((instance) => wanted.has(String(instance.InstanceId))),
    }),
  },
  'ssm:DescribeInstanceInformation': {
    items: 'InstanceInformationList',
    most: 100,
    ...byFilter('Key', 'InstanceIds'),
    idsOf: idIn('InstanceId'),
  },
  'ssm:DescribeInstancePatchStates': {
    items: 'InstancePatchStates',
    most: 50,
    authorisedById: true,
    ids: (input) => texts(input.InstanceIds),
    withIds: (input, ids) => ({ ...input, InstanceIds: ids }),
    idsOf: idIn('InstanceId'),
  },
}

/** Ids in the values of the one filter of that name; `nameKey` is what the service calls a filter's name. */
function byFilter(nameKey: 'Name' | 'Key', name: string): Pick<Coalescable, 'ids' | 'withIds'> {
  const isIt = (filter: Fields) => filter[nameKey] === name
  return {
    ids(input) {
      const own = fieldsOf(input.Filters).filter(isIt)
      return own.length === 1 ? texts(own[0]!.Values) : undefined
    },
    withIds(input, ids) {
      const filters = fieldsOf(input.Filters).map((filter) =>
        isIt(filter) ? { ...filter, Values: ids } : filter,
      )
      return { ...input, Filters: filters }
    },
  }
}

function idIn(field: string): Coalescable['idsOf'] {
  return (item) => [String(item[field])]
}

function fieldsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : []
}

function texts(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []
  return list.length > 0 ? list : undefined
}
