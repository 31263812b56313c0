import { ATTACHABLE_ARNS } from '../../../src/sandbox/overlay/wafv2-input.ts'
import { type Fields, failure, type Handlers, page } from './failure.ts'
import { checkInput, idOf, storedAddresses } from './wafv2-input.ts'

/** What sets, web ACLs and rule groups have in common. */
interface Named extends Fields {
  Name: string
  Id: string
  ARN: string
  Scope: string
}

export interface ModelIpSet extends Named {
  IPAddressVersion: 'IPV4' | 'IPV6'
  Addresses: string[]
  Description?: string
}

/** WAFv2 IP sets under lock tokens, rule groups, web ACLs and what they are attached to. */
export class Wafv2 {
  readonly sets: ModelIpSet[] = []
  readonly acls: Named[] = []
  readonly groups: Named[] = []
  /** ARNs of resources per web ACL ARN. */
  readonly attached = new Map<string, string[]>()
  readonly #tokens = new Map<string, number>()
  readonly #account: string
  readonly #region: string

  constructor(account: string, region: string) {
    this.#account = account
    this.#region = region
  }

  addSet(name: string, addresses: string[] = [], more: Partial<ModelIpSet> = {}): ModelIpSet {
    const set: ModelIpSet = {
      ...this.#named('ipset', name, more.Scope),
      IPAddressVersion: name.endsWith('v6') ? 'IPV6' : 'IPV4',
      Addresses: addresses,
      ...more,
    }
    this.sets.push(set)
    return set
  }

  /** A web ACL with one rule that blocks on the set; attached to nothing when `resources` is empty. */
  addBlockingAcl(name: string, set: ModelIpSet, resources: string[], more: Fields = {}): string {
    const Rules = [this.blocking(set)]
    const acl = {
      ...this.#named('webacl', name, set.Scope),
      DefaultAction: { Allow: {} },
      Rules,
      ...more,
    }
    this.acls.push(acl)
    this.attached.set(acl.ARN, resources)
    return acl.ARN
  }

  /** A rule group with one rule that blocks on the set. */
  addBlockingGroup(name: string, set: ModelIpSet, more: Fields = {}): string {
    const group = { ...this.#named('rulegroup', name, set.Scope), Rules: [this.blocking(set)], ...more }
    this.groups.push(group)
    return group.ARN
  }

  /** The rule that blocks on a set. */
  blocking({ ARN }: ModelIpSet): Fields {
    const Statement = { IPSetReferenceStatement: { ARN } }
    return { Name: 'block', Priority: 0, Action: { Block: {} }, Statement }
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

  readonly #operations: Record<string, (input: Fields, region: string) => Fields> = {
    ListIPSets: (input, region) => this.#list(this.sets, input, region, 'IPSets'),
    ListWebACLs: (input, region) => this.#list(this.acls, input, region, 'WebACLs'),

    GetIPSet: (input, region) => {
      const set = this.#known(this.sets, 'wafv2:GetIPSet', input, region)
      // A description that was never given is an empty text, as AWS gives it.
      return { IPSet: { Description: '', ...structuredClone(set) }, LockToken: this.#token(set) }
    },

    UpdateIPSet: (input, region) => {
      const action = 'wafv2:UpdateIPSet'
      const set = this.#known(this.sets, action, input, region)
      if (input.LockToken !== this.#token(set)) {
        throw failure(
          action,
          'WAFOptimisticLockException',
          'AWS WAF couldn’t save your changes: the lock token is stale',
        )
      }
      set.Addresses = storedAddresses(input.Addresses, set.IPAddressVersion, action)
      // A description that does not go back is lost.
      if (input.Description === undefined) delete set.Description
      else set.Description = String(input.Description)
      this.#tokens.set(set.Id, this.#count(set) + 1)
      return { NextLockToken: this.#token(set) }
    },

    GetWebACL: (input, region) => ({
      WebACL: structuredClone(this.#known(this.acls, 'wafv2:GetWebACL', input, region)),
    }),

    GetRuleGroup: (input, region) => ({
      RuleGroup: structuredClone(this.#known(this.groups, 'wafv2:GetRuleGroup', input, region)),
    }),

    ListResourcesForWebACL: (input, region) => {
      const { ARN } = this.#known(this.acls, 'wafv2:ListResourcesForWebACL', { ARN: input.WebACLArn }, region)
      const kind =
        ATTACHABLE_ARNS[(input.ResourceType ?? 'APPLICATION_LOAD_BALANCER') as keyof typeof ATTACHABLE_ARNS]
      return { ResourceArns: (this.attached.get(ARN) ?? []).filter((arn) => kind.test(arn)) }
    },
  }

  readonly handlers: Handlers = Object.fromEntries(
    Object.entries(this.#operations).map(([operation, answer]) => [
      operation,
      (input, region) => {
        checkInput(operation, input, region)
        return answer(input, region)
      },
    ]),
  )

  #named(kind: string, name: string, Scope = 'REGIONAL'): Named {
    const Id = idOf(`${kind} ${name}`)
    const place = Scope === 'CLOUDFRONT' ? 'us-east-1' : this.#region
    const scope = Scope === 'CLOUDFRONT' ? 'global' : 'regional'
    const ARN = `arn:aws:wafv2:${place}:${this.#account}:${scope}/${kind}/${name}/${Id}`
    return { Name: name, Id, ARN, Scope }
  }

  #list(all: readonly Named[], input: Fields, region: string, items: string): Fields {
    const found = all
      .filter((one) => one.Scope === input.Scope && isIn(one, region))
      .map(({ Name, Id, ARN, Description }) => ({ Name, Id, ARN, Description }))
    return page(found, input, { items, size: 'Limit', token: 'NextMarker' })
  }

  #known<T extends Named>(all: T[], action: string, { ARN, Id, Name, Scope }: Fields, region: string): T {
    const found = all.find((one) =>
      ARN === undefined ? one.Id === Id && one.Name === Name && one.Scope === Scope : one.ARN === ARN,
    )
    if (found && isIn(found, region)) return found
    throw failure(action, 'WAFNonexistentItemException', 'AWS WAF couldn’t perform the operation')
  }

  #count({ Id }: ModelIpSet): number {
    return this.#tokens.get(Id) ?? 1
  }

  #token(set: ModelIpSet): string {
    return idOf(`token ${set.Id} ${this.#count(set)}`)
  }
}

const isIn = ({ ARN }: Named, region: string) => ARN.split(':')[3] === region
