import { lstatSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf } from '../../playbook/message-of.ts'
import { PolicyError } from './policy-error.ts'

/**
 * Where the policy is: the `--policy` option, else RECTIFY_POLICY, else `rectify.yaml` in `cwd`; undefined when
 * there is none. Absolute. Throws `PolicyError` for a file that is named but not there.
 */
export function findPolicy(from: {
  named?: string | undefined
  env: Record<string, string | undefined>
  cwd: string
}): { file: string } | undefined {
  const named = from.named ?? (from.env.RECTIFY_POLICY || undefined)
  const file = resolve(from.cwd, named ?? 'rectify.yaml')
  if (exists(file)) return { file }
  if (named === undefined) return undefined
  const by = from.named === undefined ? 'RECTIFY_POLICY' : '--policy'
  throw new PolicyError(file, [{ message: `no such file (named by ${by})` }])
}

/** A link that leads nowhere exists: it is somebody's policy, and reading it fails aloud. */
function exists(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined
  } catch (cause) {
    throw new PolicyError(file, [{ message: `cannot be read: ${messageOf(cause)}` }], { cause })
  }
}

/** The text of a file that is called `name`. Throws `PolicyError` when it cannot be read. */
export const readText = (file: string, name: string): string => textIn(readBytes(file, name), name)

/** The same as it is stored. */
export const readBytes = (file: string, name: string): Uint8Array => readable(name, () => readFileSync(file))

/** The text that bytes spell out in UTF-8. Throws `PolicyError` where they spell none. */
export function textIn(bytes: Uint8Array, name: string): string {
  return readable(name, () => new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}

function readable<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new PolicyError(name, [{ message: `cannot be read: ${messageOf(cause)}` }], { cause })
  }
}
