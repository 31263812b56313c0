import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import { readText } from '../../policy/file/find.ts'
import { checkedPolicy } from '../../policy/file/load.ts'
import { ownFolderIn } from '../../policy/file/own-folder.ts'
import type { PolicyFromFile } from '../../policy/rules.ts'
import { loadPlaybooks } from '../program/catalogue.ts'
import type { Invocation, Shared } from '../program/invocation.ts'

/** A policy, and the playbooks that it is about: Rectify's, and those of the folders that it and the call name. */
export interface NamedPolicy {
  policy: PolicyFromFile
  playbooks: readonly KnownPlaybook[]
}

/**
 * A policy by the name of its file, whatever policy the call is about. It is read once: it may come from another program,
 * `<(git show main:rectify.yaml)`; then the folder that it names is from where the caller stands.
 * @param file absolute
 * @throws PolicyError
 */
export async function policyNamed(file: string, invocation: Invocation): Promise<NamedPolicy> {
  const text = readText(file, file)
  const own = statSync(file).isFile() ? undefined : ownFolderIn(text, file)
  // What the call says, but for the policy.
  const shared: Shared = Object.assign(Object.create(invocation.shared), {
    policy: file,
    ...(own !== undefined && { playbooks: resolve(invocation.cwd, own) }),
  })
  const playbooks = await loadPlaybooks({ ...invocation, shared })
  return { policy: await checkedPolicy(text, file, playbooks), playbooks }
}
