import { type Fields, failure, type Handlers, listOf, page } from './failure.ts'

/** What a test says of an entry; all else is for it to leave out. TCP, where ports are said. */
export interface EntrySpec {
  number: number
  action?: 'allow' | 'deny'
  cidr?: string
  ports?: [from: number, to: number]
  egress?: boolean
}

/** The quota of entries in one direction, where nobody has raised it. */
const ENTRIES_PER_DIRECTION = 20

/** EC2 network ACLs and their entries: numbers that are there once in a direction, and the quota. */
export class NetworkAcls {
  /** As DescribeNetworkAcls gives them. */
  readonly acls = new Map<string, Fields>()
  readonly account: string

  constructor(account: string) {
    this.account = account
  }

  /** Adds an ACL with its entries and the default ones, and gives its id. */
  add(id: string, entries: EntrySpec[] = [], more: { subnets?: string[]; owner?: string } = {}): string {
    const last = { number: 32_767, action: 'deny' as const }
    this.acls.set(id, {
      NetworkAclId: id,
      VpcId: 'vpc-0model',
      OwnerId: more.owner ?? this.account,
      IsDefault: false,
      Associations: (more.subnets ?? []).map((SubnetId) => ({ NetworkAclId: id, SubnetId })),
      Entries: [...entries, last, { ...last, egress: true }].map(entryOf),
      Tags: [],
    })
    return id
  }

  /** Adds an entry as somebody else would. */
  addEntry(id: string, entry: EntrySpec): void {
    this.#entriesOf(id).push(entryOf(entry))
  }

  /** The ingress entries as the API gives them, by number, without the default one. */
  ingress(id: string): Fields[] {
    const own = this.#entriesOf(id).filter(({ Egress, RuleNumber }) => !Egress && Number(RuleNumber) < 32_767)
    return structuredClone(own.toSorted((a, b) => Number(a.RuleNumber) - Number(b.RuleNumber)))
  }

  readonly handlers: Handlers = {
    DescribeNetworkAcls: (input) => {
      const ids = listOf<string>(input.NetworkAclIds)
      for (const id of ids) this.#known('DescribeNetworkAcls', id)
      const found = [...this.acls.values()].filter(
        ({ NetworkAclId }) => ids.length === 0 || ids.includes(String(NetworkAclId)),
      )
      return page(found, input, { items: 'NetworkAcls', size: 'MaxResults', token: 'NextToken' })
    },

    CreateNetworkAclEntry: (input) => {
      const action = 'ec2:CreateNetworkAclEntry'
      this.#known('CreateNetworkAclEntry', String(input.NetworkAclId))
      const { NetworkAclId, ...entry } = input
      const entries = this.#entriesOf(String(NetworkAclId))
      const there = entries.filter(({ Egress }) => Egress === entry.Egress)
      if (there.some(({ RuleNumber }) => RuleNumber === entry.RuleNumber))
        throw failure(action, 'NetworkAclEntryAlreadyExists', 'an entry of this number already exists')
      if (there.length > ENTRIES_PER_DIRECTION)
        throw failure(action, 'NetworkAclEntryLimitExceeded', 'the ACL has as many entries as it may')
      entries.push(entry)
      return { Return: true }
    },

    DeleteNetworkAclEntry: (input) => {
      const action = 'ec2:DeleteNetworkAclEntry'
      this.#known('DeleteNetworkAclEntry', String(input.NetworkAclId))
      const entries = this.#entriesOf(String(input.NetworkAclId))
      const at = entries.findIndex(
        ({ Egress, RuleNumber }) => Egress === input.Egress && RuleNumber === input.RuleNumber,
      )
      if (at === -1)
        throw failure(action, 'InvalidNetworkAclEntry.NotFound', 'there is no entry of this number')
      entries.splice(at, 1)
      return { Return: true }
    },
  }

  #entriesOf(id: string): Fields[] {
    return (this.acls.get(id)?.Entries ?? []) as Fields[]
  }

  #known(operation: string, id: string): void {
    if (this.acls.has(id)) return
    throw failure(
      `ec2:${operation}`,
      'InvalidNetworkAclID.NotFound',
      `The networkAcl ID '${id}' does not exist`,
    )
  }
}

function entryOf({ number, action = 'allow', cidr = '0.0.0.0/0', ports, egress = false }: EntrySpec): Fields {
  return {
    RuleNumber: number,
    Egress: egress,
    RuleAction: action,
    Protocol: ports ? '6' : '-1',
    ...(ports && { PortRange: { From: ports[0], To: ports[1] } }),
    ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
  }
}
