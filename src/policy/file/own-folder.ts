import { dirname, resolve } from 'node:path'
import { readText } from './find.ts'
import { readYaml } from './yaml.ts'

/**
 * The folder with the user's own playbooks that a policy file names, absolute; undefined where it names none. Asked before
 * the policy is loaded, which may be about them. Throws `PolicyError` for a file that cannot be read.
 */
export function ownFolderOf(file: string): string | undefined {
  const named = ownFolderIn(readText(file, file), file)
  return named === undefined ? undefined : resolve(dirname(file), named)
}

/** As the text of a policy names it. */
export function ownFolderIn(text: string, file: string): string | undefined {
  // Nearly no policy has the key: most are not read twice.
  if (!/\bplaybooks["']?\s*:/.test(text)) return undefined
  const { value } = readYaml(text, file)
  const folder = (value as { playbooks?: unknown } | null)?.playbooks
  return typeof folder === 'string' && folder.trim() !== '' ? folder.trim() : undefined
}
