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

/**
 * How long Slack, or what is wrong here, is left alone (s): at first, and when that has gone on for most of an hour. The
 * thousand tries of a message last for more than a day so.
 */
const LEFT_ALONE_SECONDS = 30
const LEFT_ALONE_LONGER_SECONDS = 120
const FIRST_TRIES = 100
/** The longest that SQS hides a message is 12 hours. */
const MOST_SECONDS = 6 * 3600

/**
 * After how many seconds a message that failed comes again.
 * @param tries how often it has been received
 */
export function secondsUntilAgain(error: unknown, tries = 1): number {
  if (error instanceof ComeLater) return error.seconds
  if (error instanceof SlackLimited) return Math.min(error.retryAfterSeconds, MOST_SECONDS)
  return tries > FIRST_TRIES ? LEFT_ALONE_LONGER_SECONDS : LEFT_ALONE_SECONDS
}
