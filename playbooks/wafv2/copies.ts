import type { WebACL } from '@aws-sdk/client-wafv2'
import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../src/playbook/service/copies.ts'
import type { Scope } from './ip-set.ts'

/** A set of addresses as the lists have it: of what it holds only `GetIPSet` tells. */
function setStub(ARN: string, Name: string, Id: string, Scope: Scope): Making {
  return making(call('wafv2', 'CreateIPSet', { Name, Scope, IPAddressVersion: 'IPV4', Addresses: [] }), {
    makes: ARN,
    ids: { 'Summary.Id': Id },
    isStub: true,
  })
}

function aclMaking(acl: WebACL, Scope: Scope): Making {
  const { ARN = '', Id = '', Name } = acl
  return making(
    call('wafv2', 'CreateWebACL', {
      Name,
      Scope,
      ...picked(acl, 'Description', 'Rules', 'DefaultAction', 'VisibilityConfig'),
      DefaultAction: acl.DefaultAction ?? { Allow: {} },
    }),
    { makes: ARN, ids: { 'Summary.Id': Id } },
  )
}

/** Sets of addresses, and web ACLs with what they protect; rule groups are AWS's or somebody else's. */
export const protectionCopies = defineCopies('wafv2', {
  ListIPSets: ({ input: { Scope = 'REGIONAL' }, answer }) =>
    (answer?.IPSets ?? []).map(({ ARN = '', Name = '', Id = '' }) => setStub(ARN, Name, Id, Scope)),
  GetIPSet: ({ input: { Scope }, answer }) => {
    const set = answer?.IPSet
    if (set === undefined) return []
    const { ARN = '', Id = '' } = set
    const { Name, IPAddressVersion, Addresses } = set
    return [
      making(
        call('wafv2', 'CreateIPSet', {
          ...{ Name, Scope, IPAddressVersion, Addresses },
          ...picked(set, 'Description'),
        }),
        { makes: ARN, ids: { 'Summary.Id': Id } },
      ),
    ]
  },
  // What of them counts is asked for one by one.
  ListWebACLs: () => [],
  GetWebACL: ({ input: { Scope = 'REGIONAL' }, answer }) =>
    answer?.WebACL === undefined ? [] : [aclMaking(answer.WebACL, Scope)],
  ListResourcesForWebACL: ({ input: { WebACLArn }, answer }) =>
    (answer?.ResourceArns ?? []).map((ResourceArn) =>
      making(call('wafv2', 'AssociateWebACL', { WebACLArn, ResourceArn }), { isLast: true }),
    ),
  GetRuleGroup: () => 'rule groups are not made',
})
