import ipaddr from 'ipaddr.js'
import { canonicalCidr } from '../../../src/playbook/addresses.ts'
import { type Fields, failure, type Handlers, listOf, page } from './failure.ts'

export interface ModelIpSet extends Fields {
  Name: string
  Id: string
  ARN: string
  Scope: string
  IPAddressVersion: 'IPV4' | 'IPV6'
  Addresses: string[]
  Description?: string
}

interface ModelWebAcl extends Fields {
  Name: string
  Id: string
  ARN: string
  Scope: string
}

const MOST_ADDRESSES = 10_000

/** WAFv2 IP sets under lock tokens, web ACLs and what they are attached to. */
export class Wafv2 {
  readonly sets: ModelIpSet[] = []
  readonly acls: ModelWebAcl[] = []
  /** ARNs of resources per web ACL ARN. */
  readonly attached = new Map<string, string[]>()
  readonly #tokens = new Map<string, number>()
  readonly #arn: string

  constructor(account: string, region: string) {
    this.#arn = `arn:aws:wafv2:${region}:${account}`
  }

  addSet(name: string, addresses: string[] = [], more: Partial<ModelIpSet> = {}): ModelIpSet {
    const version = name.endsWith('v6') ? 'IPV6' : 'IPV4'
    const [Scope, Id] = [more.Scope ?? 'REGIONAL', `id-of-${name}`]
    const ARN = `${this.#arn}:${Scope.toLowerCase()}/ipset/${name}/${Id}`
    const set: ModelIpSet = {
      Name: name,
      Id,
      ARN,
      Scope,
      IPAddressVersion: version,
      Addresses: addresses,
      ...more,
    }
    this.sets.push(set)
    return set
  }

  /** A web ACL with one rule that blocks on the set; attached to nothing when `resources` is empty. */
  addBlockingAcl(name: string, set: ModelIpSet, resources: string[], more: Fields = {}): string {
    const Id = `id-of-${name}`
    const ARN = `${this.#arn}:${set.Scope.toLowerCase()}/webacl/${name}/${Id}`
    const Statement = { IPSetReferenceStatement: { ARN: set.ARN } }
    const Rules = [{ Name: 'block', Priority: 0, Action: { Block: {} }, Statement }]
    this.acls.push({ Name: name, Id, ARN, Scope: set.Scope, DefaultAction: { Allow: {} }, Rules, ...more })
    this.attached.set(ARN, resources)
    return ARN
  }

  /** The set as it is now. */
  set(name: string): ModelIpSet {
    const set = this.sets.find(({ Name }) => Name === name)
    if (!set) throw new Error(`the test added no IP set ${name}`)
    return set
  }

  /** Changes a set as somebody else would: the lock token that others hold is lost. */
  change(name: string, addresses: string[]): void {
    const set = this.set(name)
    set.Addresses = addresses
    this.#tokens.set(set.Id, this.#count(set) + 1)
  }

  readonly handlers: Handlers = {
    ListIPSets: (input) => this.#list(this.sets, input, 'IPSets'),
    ListWebACLs: (input) => this.#list(this.acls, input, 'WebACLs'),

    GetIPSet: (input) => {
      const set = this.#known(this.sets, 'wafv2:GetIPSet', input)
      // A description that was never given is an empty text, as AWS gives it.
      return { IPSet: { Description: '', ...structuredClone(set) }, LockToken: this.#token(set) }
    },

    UpdateIPSet: (input) => {
      const action = 'wafv2:UpdateIPSet'
      const set = this.#known(this.sets, action, input)
      if (input.LockToken !== this.#token(set)) {
        throw failure(
          action,
          'WAFOptimisticLockException',
          'AWS WAF couldn’t save your changes: the lock token is stale',
        )
      }
      // EntityDescription has at least one character.
      if (input.Description === '')
        throw failure(action, 'WAFInvalidParameterException', 'Description: too short')
      const addresses = listOf<string>(input.Addresses).map((address) =>
        stored(address, set.IPAddressVersion, action),
      )
      if (addresses.length > MOST_ADDRESSES) throw failure(action, 'WAFLimitsExceededException')
      set.Addresses = [...new Set(addresses)]
      // A description that does not go back is lost.
      if (input.Description === undefined) delete set.Description
      else set.Description = String(input.Description)
      this.#tokens.set(set.Id, this.#count(set) + 1)
      return { NextLockToken: this.#token(set) }
    },

    GetWebACL: (input) => ({ WebACL: structuredClone(this.#known(this.acls, 'wafv2:GetWebACL', input)) }),

    ListResourcesForWebACL: (input) => {
      const kind = String(input.ResourceType ?? 'APPLICATION_LOAD_BALANCER')
      const behind = this.attached.get(String(input.WebACLArn)) ?? []
      const balancers = kind === 'APPLICATION_LOAD_BALANCER'
      return { ResourceArns: behind.filter((arn) => arn.includes(':loadbalancer/') === balancers) }
    },
  }

  #list(all: readonly (ModelIpSet | ModelWebAcl)[], input: Fields, items: string): Fields {
    const found = all
      .filter(({ Scope }) => Scope === input.Scope)
      .map(({ Name, Id, ARN, Description }) => ({ Name, Id, ARN, Description }))
    return page(found, input, { items, size: 'Limit', token: 'NextMarker' })
  }

  #known<T extends ModelIpSet | ModelWebAcl>(all: T[], action: string, { Id, Name, Scope }: Fields): T {
    const found = all.find((one) => one.Id === Id && one.Name === Name && one.Scope === Scope)
    if (!found) throw failure(action, 'WAFNonexistentItemException', 'AWS WAF couldn’t perform the operation')
    return found
  }

  #count({ Id }: ModelIpSet): number {
    return this.#tokens.get(Id) ?? 1
  }

  #token(set: ModelIpSet): string {
    return `token-${set.Id}-${this.#count(set)}`
  }
}

/** WAF refuses bare addresses and /0, masks host bits and writes IPv6 out in full. */
function stored(address: string, version: 'IPV4' | 'IPV6', action: string): string {
  const invalid = () => failure(action, 'WAFInvalidParameterException', `invalid address ${address}`)
  if (!ipaddr.isValidCIDR(address)) throw invalid()
  const [parsed, prefix] = ipaddr.parseCIDR(address)
  if (prefix === 0 || (parsed.kind() === 'ipv4') !== (version === 'IPV4')) throw invalid()
  return canonicalCidr(address)
}
