import { createHash } from 'node:crypto'
import type { Job } from '../engine/jobs/jobs.ts'
import type { WakeReason } from '../engine/ports.ts'
import type { Finding } from '../findings/finding.ts'
import { canonicalJson } from '../playbook/json.ts'
import type { Target } from '../playbook/playbook.ts'
import type { PlaybookHead } from '../playbook/service/known-playbook.ts'

/** What travels in the runs queue. Only hints: what happens is decided by what the store and the resource say. */
export type Message =
  | {
      kind: 'job'
      playbook: string
      target: Target
      findings: Finding[]
      over?: boolean
      ending?: Job['ending']
    }
  | { kind: 'wake'; run: string; why: WakeReason | 'timer'; due?: string }
  /**
   * `as`: the id of the run that undoes it, chosen by whoever asks. `groups`: of the user groups among the approvers,
   * those in which Slack said that `by` is when it was asked for.
   */
  | { kind: 'undo'; run: string; restFor: string; by: string; as?: string; groups?: string[] }
  /** `run` put `entry` into its set; `as` and `groups` as of an undo. */
  | {
      kind: 'unblock'
      run: string
      entry: string
      restFor: string
      by: string
      as: string
      groups?: string[]
    }
  | { kind: 'expire'; run: string; entries: string[] }

/** A message as text. What is sent may be taken by functions of version 0.1, which know the rest by its old name. */
export function messageText(message: Message): string {
  return JSON.stringify('restFor' in message ? { ...message, holdFor: message.restFor } : message)
}

/** A message by its text. What was sent before version 0.2 names the rest otherwise. Throws `SyntaxError`. */
export function readMessage(text: string): Message {
  const { holdFor, ...message } = JSON.parse(text) as Message & { holdFor?: string }
  return holdFor === undefined ? message : ({ restFor: holdFor, ...message } as Message)
}

export function jobMessage({ playbook, target, findings, over, ending }: Job): Message {
  return {
    kind: 'job',
    playbook: playbook.id,
    target,
    findings,
    ...(over && { over }),
    ...(ending && { ending }),
  }
}

/** SQS takes 256 KiB. What is said beside the findings is small. */
const MOST_BYTES = 200_000

/** A job in as many messages as its findings need, each with the part of it that it carries; they go one after the other. */
export function jobMessages(job: Job): { message: Message; of: Job }[] {
  const parts: Finding[][] = []
  let bytes = 0
  for (const finding of job.findings) {
    const size = Buffer.byteLength(JSON.stringify(finding))
    if (parts.length === 0 || bytes + size > MOST_BYTES) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)!.push(finding)
    bytes += size
  }
  return parts.map((findings) => {
    const of = { ...job, findings }
    return { message: jobMessage(of), of }
  })
}

/** The job of a message; undefined for a playbook that this build does not have. */
export function jobOf(
  message: Extract<Message, { kind: 'job' }>,
  playbooks: readonly PlaybookHead[],
): Job | undefined {
  const playbook = playbooks.find(({ id }) => id === message.playbook)
  const { target, findings, over, ending } = message
  return playbook && { playbook, target, findings, ...(over && { over }), ...(ending && { ending }) }
}

/** One group per resource: the queue itself keeps the order and lets one message about a resource run at a time. */
export const groupOf = (resource: string): string => sha256(resource)

/**
 * The same findings about the same key are the same message, however often and by whatever way they arrive.
 * @param nonce of an event that a person sends once more on purpose
 */
export function jobDeduplicationId({ playbook, target, findings, over }: Job, nonce?: string): string {
  const versions = findings.map(({ id, version }) => `${id} ${version}`).sort()
  return sha256(canonicalJson([playbook.id, target.key, versions, over === true, nonce ?? null]))
}

/**
 * A wake-up is one per run, reason and what it comes of (a stored state of the run, another run); `attempt` tells
 * re-sent ones apart.
 */
export function wakeDeduplicationId(
  [run, of]: [run: string, of: number | string],
  why: string,
  attempt: number,
): string {
  return `${run}-${of}-${why}-${attempt}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
