import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import { findPolicy } from '../../policy/file/find.ts'
import { PolicyError } from '../../policy/file/policy-error.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Invocation } from '../program/invocation.ts'

/**
 * The policy that decides new runs: `--policy`, RECTIFY_POLICY, ./rectify.yaml, or none. Throws `PolicyError` for one
 * that is named and missing, or invalid.
 */
export async function lookUpPolicy(
  { shared, env, cwd }: Invocation,
  playbooks: readonly KnownPlaybook[],
): Promise<LoadedPolicy> {
  const found = findPolicy({ named: shared.policy, env, cwd })
  if (!found) return { kind: 'none' }
  const { loadPolicy } = await import('../../policy/file/load.ts')
  return loadPolicy(found.file, playbooks)
}

/**
 * The same for commands about stored runs, which are decided by the file that they remember: only a policy that is
 * named on the command line must be there. Any other that is not usable counts as none, by which nothing is changed.
 */
export async function lookUpPolicyLeniently(
  invocation: Invocation,
  playbooks: readonly KnownPlaybook[],
): Promise<LoadedPolicy> {
  try {
    return await lookUpPolicy(invocation, playbooks)
  } catch (error) {
    if (!(error instanceof PolicyError) || invocation.shared.policy !== undefined) throw error
    invocation.output.note(`warning: ${error.message}`)
    return { kind: 'none' }
  }
}
