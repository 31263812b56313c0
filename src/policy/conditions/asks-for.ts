import type { LoadedPolicy, Policy } from '../rules.ts'

/** What of the organisation a policy asks for: nobody else has to ask AWS for it. */
export interface AsksForOrganization {
  path: boolean
  tags: boolean
}

const known = new WeakMap<Policy, AsksForOrganization>()

export function asksForOrganization(policy: LoadedPolicy): AsksForOrganization {
  if (policy.kind === 'none') return { path: false, tags: false }
  const found = known.get(policy.policy) ?? asksIn(policy.policy)
  known.set(policy.policy, found)
  return found
}

function asksIn({ rules, tagsOf = [] }: Policy): AsksForOrganization {
  const all = rules.flatMap(({ when }) => [when ?? {}, when?.not ?? {}])
  return {
    path: all.some(({ ou }) => ou !== undefined),
    tags: tagsOf.includes('account') || all.some(({ accountTags }) => accountTags !== undefined),
  }
}
