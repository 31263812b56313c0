import { SlackLimited } from '../slack-errors.ts'

/** Nothing is wrong: the message is to come again after a time. */
export class ComeLater extends Error {
  override readonly name = 'ComeLater'
  readonly seconds: number

  constructor(why: string, seconds: number) {
    super(why)
    this.seconds = seconds
  }
}

/** How long Slack, or what is wrong here, is left alone (s). */
const LEFT_ALONE_SECONDS = 30
/** The longest that SQS hides a message is 12 hours. */
const MOST_SECONDS = 6 * 3600

/** After how many seconds a message that failed comes again. */
export function secondsUntilAgain(error: unknown): number {
  if (error instanceof ComeLater) return error.seconds
  return error instanceof SlackLimited ? Math.min(error.retryAfterSeconds, MOST_SECONDS) : LEFT_ALONE_SECONDS
}
