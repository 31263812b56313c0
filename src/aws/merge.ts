import type { ApiCall } from '../playbook/api.ts'
import { AwsError } from '../playbook/aws-error.ts'
import { canonicalCidr } from '../playbook/network/addresses.ts'
import type { Merge } from '../playbook/step.ts'
import { knownMore } from './errors.ts'
import type { Aws, Place, RoleSession } from './port.ts'

export interface MergeOptions {
  clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> }
  signal?: AbortSignal
  /** As in `CallOptions`. */
  startBy?: AbortSignal
  session?: RoleSession
  /** 0 up to 1, for the jitter. */
  random?: () => number
}

export interface Merged {
  /** Entries of the plan that were absent in the read which the successful write stood on: ours from now on. */
  added: string[]
  /** Entries of the plan that this write took out. */
  removed: string[]
  /** Writes sent; 0 when there was nothing to change. */
  attempts: number
  /**
   * An earlier write of this merge lost its answer and may have taken effect: entries that are not in `added`
   * although the stored `before` lacks them may be ours as well.
   */
  inDoubt: boolean
}

/** A lost lock means that somebody else works on the set; WAF takes about one write per second per region. */
const MOST_WRITES = 8
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 4_000

/**
 * Carries out a merge step: reads the set, writes (read ∪ add) ∖ remove under the lock token of that read, and
 * starts over when the lock was lost or the answer was. Entries of others go back exactly as they were read.
 *
 * Throws `AwsError`: of the reads and writes; `final`, code `SetFull`, when the set cannot hold the entries;
 * `conflict` when the lock was lost eight times. `inDoubt` on any of them: an earlier write may have taken effect.
 */
export async function sendMerge(
  aws: Aws,
  place: Place,
  call: ApiCall,
  merge: Merge,
  { clock, signal, startBy, session, random = Math.random }: MergeOptions,
): Promise<Merged> {
  const options = { ...(signal && { signal }), ...(startBy && { startBy }), ...(session && { session }) }
  const read: ApiCall = { service: call.service, operation: merge.read.operation, input: merge.read.input }
  const over = () => signal?.aborted || startBy?.aborted
  let doubtful = false
  try {
    for (let attempts = 0; ; ) {
      const answer = await aws.send(place, read, options)
      const { set, added, removed } = mergeSet(entriesOf(answer, merge, aws.services.iamAction(read)), merge)
      if (added.length + removed.length === 0) return { added, removed, attempts, inDoubt: doubtful }
      refuseOverfull(set, merge, () => aws.services.iamAction(call))
      attempts += 1
      const failed = await attempt(() => aws.send(place, writeOf(call, merge, set, answer), options))
      if (!failed) return { added, removed, attempts, inDoubt: doubtful }
      doubtful ||= failed.inDoubt
      const startOver = failed.kind === 'conflict' || (failed.kind === 'retryable' && failed.inDoubt)
      if (!startOver || attempts >= MOST_WRITES || over()) throw failed
      await clock.sleep(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts), signal)
    }
  } catch (error) {
    // A read that failed before anything was written leaves no doubt.
    if (!(error instanceof AwsError) || error.inDoubt === doubtful) throw error
    throw knownMore(error, { inDoubt: doubtful })
  }
}

/** (read ∪ add) ∖ remove, and what of it is a change. Entries are compared as `compare` says and kept as they stand. */
export function mergeSet(
  read: readonly string[],
  { add, remove, compare }: Pick<Merge, 'add' | 'remove' | 'compare'>,
): { set: string[]; added: string[]; removed: string[] } {
  const keyOf = compare === 'cidr' ? canonicalCidr : (text: string) => text
  const there = new Set(read.map(keyOf))
  const unwanted = new Set(remove.map(keyOf))
  const missing = new Map(add.map((entry) => [keyOf(entry), entry]))
  const added = [...missing]
    .filter(([key]) => !there.has(key) && !unwanted.has(key))
    .map(([, entry]) => entry)
  const removed = remove.filter((entry) => there.has(keyOf(entry)))
  return { set: [...read.filter((entry) => !unwanted.has(keyOf(entry))), ...added], added, removed }
}

function writeOf(call: ApiCall, merge: Merge, set: string[], answer: Record<string, unknown>): ApiCall {
  const { token, keep } = merge.read
  const kept = Object.entries(keep).map(([field, path]) => [field, at(answer, path)])
  const input = {
    ...call.input,
    // AWS answers an empty text for a field that was never given, and takes none back.
    ...Object.fromEntries(kept.filter(([, value]) => value !== undefined && value !== '')),
    [merge.field]: set,
    // The write takes the token under the name under which the read gives it.
    [token.slice(token.lastIndexOf('.') + 1)]: at(answer, token),
  }
  return { ...call, input }
}

function refuseOverfull(set: readonly string[], { add, limit }: Merge, action: () => string): void {
  if (limit === undefined || set.length <= limit || add.length === 0) return
  throw new AwsError(
    { kind: 'final', code: 'SetFull', action: action() },
    `set full: ${set.length} entries, at most ${limit} fit`,
  )
}

/**
 * A set that cannot be found in the answer must not be taken for an empty one: the write would wipe it. What holds the
 * set must be there; a list that AWS leaves out of it is empty.
 */
function entriesOf(answer: Record<string, unknown>, { read }: Merge, action: string): string[] {
  const end = read.set.lastIndexOf('.')
  const holder = end < 0 ? answer : at(answer, read.set.slice(0, end))
  const isThere = typeof holder === 'object' && holder !== null && Object.keys(holder).length > 0
  const found = at(answer, read.set) ?? (isThere ? [] : undefined)
  if (Array.isArray(found) && found.every((entry) => typeof entry === 'string')) return found
  throw new AwsError(
    { kind: 'retryable', code: 'UnreadableSet', action },
    `${action} did not give ${read.set}`,
  )
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (inner, key) =>
        typeof inner === 'object' && inner ? (inner as Record<string, unknown>)[key] : undefined,
      value,
    )
}

async function attempt(send: () => Promise<unknown>): Promise<AwsError | undefined> {
  try {
    await send()
    return undefined
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}
