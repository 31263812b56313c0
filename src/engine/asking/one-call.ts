import type { Aws, Place } from '../../aws/port.ts'
import type { Detector, Taken } from '../../detectors/detector.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Json } from '../../playbook/json.ts'

/** What came of one call to a detector. `off`: it is not enabled there, which is no error. */
export type Answer =
  | ({ kind: 'page' } & Pick<Taken, 'events' | 'next'>)
  | { kind: 'off'; reason: string }
  | { kind: 'failed'; error: AwsError }

/** Makes the one call that is due at this place in a detector's answers. */
export async function callOnce(
  aws: Pick<Aws, 'send'>,
  detector: Detector,
  at: Json,
  place: Place,
): Promise<Answer> {
  try {
    const answer = await aws.send(place, detector.call(at, place))
    const { off, ...page } = detector.take(at, answer, place)
    return off === undefined ? { kind: 'page', ...page } : { kind: 'off', reason: off }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const off = detector.off(error)
    if (off !== undefined) return { kind: 'off', reason: off }
    // What it is about is gone: that is no reason not to ask for what comes behind it.
    if (error.kind === 'gone' && detector.behind) return { kind: 'page', events: [], ...detector.behind(at) }
    return { kind: 'failed', error }
  }
}

/** Whether AWS refused the call itself, as it refuses a token that is too old. */
export const isRefusal = ({ kind }: AwsError): boolean =>
  kind === 'final' || kind === 'conflict' || kind === 'gone'
