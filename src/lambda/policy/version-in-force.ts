import { messageOf } from '../../playbook/message-of.ts'
import type { LoadedPolicy, PolicyFromFile } from '../../policy/rules.ts'
import type { PolicyRecord } from '../../store/policy-record.ts'
import type { PolicyInForcePorts } from './in-force-ports.ts'
import { Judge } from './judge.ts'
import type { ReadVersion } from './s3-object.ts'

/** The newest version is asked for no more often than this (ms). */
const ASKED_EVERY_MS = 60_000

/**
 * So long what was in force stays so where nobody can ask for the newest version (ms): a hiccup shall not block runs. After
 * that somebody may have forbidden what it still lets be done.
 */
const TRUSTED_MS = 5 * 60_000

/** How often it is begun anew, because another function has stored a version meanwhile. */
const ATTEMPTS = 5

type Refused = [version: string, reason: string]

/**
 * The policy that lies in S3, as it is in force: the newest version that was good. What is in force is what the table says
 * is, so that all functions mean the same, also those that start after a bad version came.
 * @returns what gives it; rejects where none is, or nobody knows which
 */
export function policyInForce(ports: PolicyInForcePorts): () => Promise<LoadedPolicy> {
  const { object, records, clock } = ports
  const judge = new Judge(ports)
  let policy: PolicyFromFile | undefined
  let newest: { etag: string; refused?: Refused } | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let readAt = Number.NEGATIVE_INFINITY
  let failure: unknown
  let asking: Promise<void> | undefined

  async function settle(record: PolicyRecord, found: ReadVersion): Promise<boolean> {
    const verdict = await judge.verdict(found, record.inForce, policy)
    const next = judge.recordAfter(record, found, verdict)
    if (next !== record && !(await records.write(next))) return false
    // Whatever was in force until now is no longer known to be.
    if (policy?.version?.s3Version !== next.inForce?.s3Version) policy = undefined
    const refused: Refused | undefined =
      verdict.refused === undefined ? undefined : [found.s3Version, verdict.refused]
    if (refused) ports.refused(...refused)
    newest = { etag: found.etag, ...(refused && { refused }) }
    policy ??= await judge.loaded(next, found, verdict)
    return true
  }

  async function ask(): Promise<void> {
    if (policy !== undefined && newest !== undefined && (await object.isUnchanged(newest.etag))) {
      if (newest.refused !== undefined) ports.refused(...newest.refused)
      return
    }
    newest = undefined
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // In this order: whoever stores a version after this read makes the write fail.
      const record = await records.read()
      if (await settle(record, await object.newest())) return
    }
    throw new Error('too many functions store versions of the policy at once')
  }

  async function asked(): Promise<void> {
    askedAt = clock.now()
    try {
      await ask()
      readAt = askedAt
      failure = undefined
    } catch (error) {
      failure = error
      newest = undefined
      ports.warn(`the policy in S3 cannot be read: ${messageOf(error)}`)
    }
  }

  return async () => {
    if (clock.now() - askedAt >= ASKED_EVERY_MS) {
      asking ??= asked().finally(() => {
        asking = undefined
      })
    }
    await asking
    if (policy !== undefined && (failure === undefined || clock.now() - readAt < TRUSTED_MS)) return policy
    throw failure ?? new Error('no version of the policy is in force')
  }
}
