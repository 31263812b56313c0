import type { Limits, LoadedPolicy } from '../../policy/rules.ts'

/** What a policy limits; nothing where there is none, which changes nothing anyway. */
export const limitsOf = (policy: LoadedPolicy): Limits => (policy.kind === 'none' ? {} : policy.policy.limits)
