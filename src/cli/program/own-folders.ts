import { findPolicy } from '../../policy/file/find.ts'
import { namedPlaybooks } from './environment.ts'
import type { Invocation } from './invocation.ts'

/** A folder with playbooks of the user's own, and who named it. */
export interface OwnFolder {
  folder: string
  by: string
}

/** The folders that a call names: `--playbooks`, else RECTIFY_PLAYBOOKS, and `playbooks:` of the policy file. Absolute. */
export async function ownFolders(invocation: Invocation): Promise<OwnFolder[]> {
  const { shared, env, cwd } = invocation
  const named = namedPlaybooks(invocation)
  const folders = named ? [named] : []
  const file = unlessMissing(() => findPolicy({ named: shared.policy, env, cwd })?.file)
  if (file === undefined) return folders
  const { ownFolderOf } = await import('../../policy/file/own-folder.ts')
  const folder = unlessMissing(() => ownFolderOf(file))
  return folder === undefined || folder === named?.folder
    ? folders
    : [...folders, { folder, by: `playbooks: of ${file}` }]
}

/** What is wrong with a policy is told where it is used to decide; a command that uses none does not need it. */
function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
