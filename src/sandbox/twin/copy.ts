import type { Aws, Place } from '../../aws/port.ts'
import { isRead } from '../../playbook/api.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { PlacedMaking } from './makings.ts'
import type { Renaming } from './renaming.ts'

/** What came of making a copy. */
export interface Copied {
  /** IAM actions of what was made, each once. */
  copied: string[]
  /** Calls that the emulators refused, and why. */
  refused: { action: string; why: string }[]
}

/** Code with which the sandbox says that it does not know an operation. */
export const UNKNOWN_TO_EMULATOR = 'NotImplemented'

/** Code with which it says that an emulator did not answer. */
export const EMULATOR_UNREACHABLE = 'EmulatorUnreachable'

/**
 * Makes a copy in the emulators, call by call, and learns by which ids they know it.
 * @param place account and partition of what is copied
 * @param until from here on no further call is made
 * @throws the reason of `until`
 */
export async function makeCopy(
  makings: readonly PlacedMaking[],
  emulator: Aws,
  renaming: Renaming,
  place: Place,
  until?: AbortSignal,
): Promise<Copied> {
  const copied = new Set<string>()
  const refused: Copied['refused'] = []
  for (const { call, ids = {}, unless = [], region } of makings) {
    until?.throwIfAborted()
    const action = emulator.services.iamAction(call)
    try {
      const answer = await emulator.send(renaming.renamed({ ...place, region }), renaming.renamed(call))
      for (const [path, real] of Object.entries(ids)) renaming.learn(real, textAt(answer, path))
      if (!isRead(call.operation)) copied.add(action)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      if (unless.includes(error.code)) continue
      refused.push({ action, why: renaming.renamed(`${error.code}: ${error.message}`) })
    }
  }
  return { copied: [...copied], refused }
}

/** The text at a path: `SecurityGroupRules.0.SecurityGroupRuleId`; empty where there is none. */
function textAt(answer: unknown, path: string): string {
  let at = answer
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null) return ''
    at = (at as Record<string, unknown>)[part]
  }
  return typeof at === 'string' ? at : ''
}
