import type { ApiCall, Input, Operation, Output, ReadOperation, Service } from '../api.ts'
import { madeBy } from './made-by.ts'

/** A read, and what AWS answered: the answer, or the code of the error that is one. */
export interface ReadAnswer<I = Record<string, unknown>, O = Record<string, unknown>> {
  input: I
  /** Absent: AWS answered by an error. Of a list, all its items in their field. */
  answer?: O
  /** `NoSuchBucketPolicy` */
  code?: string
  account: string
  region: string
  partition: string
}

/**
 * A call that makes, in the emulators, something that a read was told of; what it names it names as AWS does. A read may
 * stand here, too, for the ids that its answer gives.
 */
export interface Making {
  call: ApiCall
  /** The resource that it makes, as AWS names it: one of several that make it is sent, and no stub where another is there. */
  makes?: string
  /** That it is made for others to stand in, and nothing of its own is known. */
  isStub?: true
  /** Where the emulator's answer names what AWS calls otherwise: `{ 'Vpc.VpcId': 'vpc-0a1b…' }`, path by path. */
  ids?: Readonly<Record<string, string>>
  /** What must be there before, in this order. */
  needs?: readonly Making[]
  /** What is set of it once it is there. */
  afterwards?: readonly Making[]
  /** Sent after all others: nothing more can be made of it then. */
  isLast?: true
  /** Where it is sent, if not where it was read. */
  region?: string
  /** Codes of the emulator's that say that it is so already. */
  unless?: readonly string[]
}

/** How the answers of a service's reads come to be answered by the emulators, operation by operation; a text says why it cannot. */
export interface Copies {
  service: Service
  of: Readonly<Record<string, (told: ReadAnswer) => Making[] | string>>
  /** What calls of plans take for granted and no look reads, operation by operation: a bucket that the policy names. */
  assumedBy: Readonly<Record<string, (input: Record<string, unknown>, region: string) => Making[]>>
}

/**
 * Says how what was read of a service is made in the sandbox, so that a plan can be tried on a copy of its resource
 * (`rectify rehearse --twin`). What no operation stands here for is told as not copied. Pure.
 *
 * @example
 * export const topicCopies = defineCopies('sns', {
 *   GetTopicAttributes: ({ input: { TopicArn = '' } }) => [
 *     making(call('sns', 'CreateTopic', { Name: TopicArn.split(':')[5] }), { makes: TopicArn }),
 *   ],
 * })
 */
export function defineCopies<S extends Service>(
  service: S,
  of: { [O in ReadOperation<S>]?: (told: ReadAnswer<Input<S, O>, Output<S, O>>) => Making[] | string },
  assumedBy: { [O in Operation<S>]?: (input: Input<S, O>, region: string) => Making[] } = {},
): Copies {
  return madeBy('defineCopies', {
    service,
    of: of as Copies['of'],
    assumedBy: assumedBy as Copies['assumedBy'],
  })
}

/** A call of a copy, with what is known of it. */
export function making(call: ApiCall, more: Omit<Making, 'call'> = {}): Making {
  return { call, ...more }
}

/** The named fields of what AWS tells of a resource, as far as they are there: most calls that make it take them so. */
export function picked<T extends object, K extends keyof T>(from: T, ...fields: K[]): Pick<T, K> {
  const there = fields.filter((field) => from[field] !== undefined && from[field] !== null)
  return Object.fromEntries(there.map((field) => [field, from[field]])) as Pick<T, K>
}
