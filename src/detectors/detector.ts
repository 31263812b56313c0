import type { ApiCall } from '../playbook/api.ts'
import type { AwsError } from '../playbook/aws-error.ts'
import type { Json } from '../playbook/json.ts'
import type { Permission } from '../playbook/permissions.ts'
import type { ArnPlace } from '../playbook/resource/fill-arn.ts'

/** What an answer holds, and how one goes on behind it. */
export interface Taken {
  /** As EventBridge would have delivered them: the reader of the detector reads both. */
  events: object[]
  /** Where to go on; absent: that was all. */
  next?: Json
  /** Nothing can be asked here, and why: the detector is not enabled. No error. */
  off?: string
}

/** What a question leaves out; without it is asked for all that is open. */
export interface Narrowed {
  /** Only what it has seen then or later (ms since 1970, UTC), as far as it can be asked so; `Finding.observedAt` says when. */
  since?: number
  /** Ids of the detectors that are asked themselves, whose findings are not taken from one that collects; default: all. */
  asked?: readonly string[]
}

/**
 * How a detector is asked for what is still open, call by call. Pure: where one is in its answers is plain JSON that can
 * be stored between any two calls, and whoever asks sends the calls.
 */
export interface Detector {
  /** As `Finding.source` names it. */
  id: string
  /** As people know it. */
  title: string
  /** What its calls need of IAM. All of them read. */
  needs: readonly Permission[]
  /** @param now when it is begun to ask: ms since 1970, UTC */
  start(now: number, narrowed?: Narrowed): Json
  /** The call of this place in its answers, about what is there. */
  call(at: Json, place: ArnPlace): ApiCall
  take(at: Json, answer: Record<string, unknown>, place: ArnPlace): Taken
  /** Where to go on when what is asked about is gone meanwhile; absent: nothing that it asks about can go. */
  behind?(at: Json): Pick<Taken, 'next'>
  /** Why nothing can be asked here, where an error says that the detector is not enabled; undefined for any other error. */
  off(error: AwsError): string | undefined
}

/** A detector whose places in its answers are of one type; that they come back from storage as they were is the caller's to see. */
export function detector<At extends Json>(
  own: Omit<Detector, 'start' | 'call' | 'take' | 'behind'> & {
    start(now: number, narrowed?: Narrowed): At
    call(at: At, place: ArnPlace): ApiCall
    take(at: At, answer: Record<string, unknown>, place: ArnPlace): Omit<Taken, 'next'> & { next?: At }
    behind?(at: At): { next?: At }
  },
): Detector {
  return own as unknown as Detector
}

/** An event as EventBridge delivers it. Dates of the SDK become text, as they are on the bus. */
export function busEvent(
  { account, region }: ArnPlace,
  source: string,
  detailType: string,
  detail: object,
  resources?: readonly string[],
): object {
  return JSON.parse(JSON.stringify({ source, 'detail-type': detailType, account, region, resources, detail }))
}
