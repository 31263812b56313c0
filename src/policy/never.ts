import type { Never } from '../playbook/playbook.ts'
import type { LoadedPolicy } from './rules.ts'

/** What the policy forbids whatever a playbook thinks. */
export function neverOf(policy: LoadedPolicy): Never {
  return { addresses: policy.kind === 'file' ? policy.policy.never.addresses : [] }
}
