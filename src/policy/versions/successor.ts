import type { Policy } from '../rules.ts'
import { followedBy } from './policy-version.ts'
import { raisedBy } from './raised.ts'

/** The version in force, as far as it can be read. */
export interface InForce {
  sha256: string
  protect: boolean
  /** Absent: this release cannot read it any more. */
  policy?: Policy
}

/** More than these reasons nobody reads in a notice. */
const MOST_REASONS = 5

/**
 * Why a valid version may not follow the one in force; undefined where it may. Under `protect` it may where it is shown to
 * be no more permissive, or says which version it follows. Pure.
 */
export function whyNotNext(
  { sha256, protect, policy }: InForce,
  next: { text: string; sha256: string; policy: Policy },
  now: number,
): string | undefined {
  if (!protect || next.sha256 === sha256) return undefined
  const followed = followedBy(next.text)
  if (followed === sha256) return undefined
  const raised =
    policy === undefined
      ? ['the version in force cannot be read any more']
      : raisedBy(policy, next.policy, now)
  if (raised.length === 0) return undefined
  const more = raised.length > MOST_REASONS ? `; and ${raised.length - MOST_REASONS} more` : ''
  const says = followed === undefined ? '' : `, which says "follows: ${followed}"`
  return `protect: true, and it would let more be done (${raised.slice(0, MOST_REASONS).join('; ')}${more}): its first line has to be "# follows: ${sha256}"${says}`
}
