import type { Aws, Place } from '../aws/port.ts'
import type { Finding } from '../findings/finding.ts'
import {
  call,
  type Input,
  type Operation,
  type Output,
  type ReadOperation,
  type Service,
} from '../playbook/api.ts'
import type { AwsError } from '../playbook/aws-error.ts'
import type { ToldEnd } from '../run/told-detector.ts'
import type { Word } from './run-words.ts'

/** What became of a word, or of a part of it. */
export type Heard =
  | { kind: 'told'; said: string; reason?: string }
  /** `again`: the same may succeed later. */
  | { kind: 'refused'; reason: string; again: boolean }

/** How one detector is told a word. Throws `AwsError` where it cannot be. */
export type Telling = (aws: Aws, word: Word, before: readonly ToldEnd[]) => Promise<Heard[]>

export const told = (said: string, reason?: string): Heard => ({
  kind: 'told',
  said,
  ...(reason !== undefined && { reason }),
})
/** What somebody else has said stands. */
export const nothing = (reason: string): Heard => told('nothing', reason)
export const refused = (reason: string, again: boolean): Heard => ({ kind: 'refused', reason, again })

/** What a call that failed means to the word. A rule or an analyzer that is gone does not come back. */
export function heardBy(error: AwsError): Heard {
  const { kind, code, action, message, principal } = error
  const who = kind === 'denied' && principal !== undefined ? ` as ${principal}` : ''
  return refused(`${action}${who}: ${code}: ${message}`, kind !== 'gone' && code !== 'NoRole')
}

/**
 * Where the copy of a finding that was told is kept; where the caller does not reach that account, the account of the
 * resource, which has one of its own. Undefined: neither is reached.
 */
export async function placeOf(aws: Aws, finding: Finding): Promise<Place | undefined> {
  const { account, region, partition, origin = {} } = finding
  const copy = { account: origin.account ?? account, region: origin.region ?? region, partition }
  if (await aws.reaches(copy.account)) return copy
  return (await aws.reaches(account)) ? { account, region, partition } : undefined
}

export interface Placed {
  place: Place
  findings: Finding[]
}

/** Findings by where they are kept, and a word for each of those that nobody reaches. */
export async function byPlace(
  aws: Aws,
  findings: readonly Finding[],
): Promise<{ placed: Placed[]; unreached: Heard[] }> {
  const placed = new Map<string, Placed>()
  const unreached: Heard[] = []
  for (const finding of findings) {
    const place = await placeOf(aws, finding)
    if (place === undefined) {
      const account = finding.origin?.account ?? finding.account
      unreached.push(refused(`nobody reaches account ${account}: no role is configured for it`, false))
      continue
    }
    const key = `${place.account} ${place.region}`
    const known = placed.get(key) ?? { place, findings: [] }
    known.findings.push(finding)
    placed.set(key, known)
  }
  return { placed: [...placed.values()], unreached }
}

/** What a read answers. */
export async function ask<S extends Service, O extends ReadOperation<S>>(
  aws: Aws,
  place: Place,
  service: S,
  operation: O,
  input: Input<S, O>,
): Promise<Output<S, O>> {
  return (await aws.send(place, call(service, operation, input))) as Output<S, O>
}

/** Sends a call that tells something: in a session named after the run, that may do nothing else. */
export async function say<S extends Service, O extends Operation<S>>(
  { aws, place, word }: { aws: Aws; place: Place; word: Word },
  service: S,
  operation: O,
  input: Input<S, O>,
): Promise<Output<S, O>> {
  const told = call(service, operation, input)
  const permissions = [{ action: aws.services.iamAction(told), resource: '*' }]
  return (await aws.send(place, told, { session: { name: word.run, permissions } })) as Output<S, O>
}
