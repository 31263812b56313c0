import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { SQSRecord } from 'aws-lambda'
import { isSetUp } from '../../approvals/refusal-codes.ts'
import { ComeLater } from '../../approvals/sender/come-later.ts'
import type { SenderEvent } from '../../approvals/sender/sender-ports.ts'
import { SlackLimited, SlackRefused, SlackUnanswered } from '../../approvals/slack-errors.ts'
import { logger, metrics } from '../observe.ts'

const counted = (name: string) => metrics.addMetric(name, MetricUnit.Count, 1)

/** Since when Slack does not answer this process. */
let silentSince: string | undefined

/** What became of cards, as logs and metrics. */
export function toldOfCard(event: SenderEvent): void {
  if (event.kind === 'refused') {
    logger.error('Slack does not take a card: it is not tried again', {
      about: event.about,
      error: event.error,
    })
    counted('CardsRefused')
    return
  }
  if (silentSince !== undefined) logger.info('Slack answers again', { silentSince })
  silentSince = undefined
  const { kind, ...about } = event
  logger.info(`card ${kind}`, about)
  if (kind === 'posted') counted('CardsPosted')
}

/** Why a message comes again. */
export function toldOfFailure({ messageId, attributes }: SQSRecord, error: unknown): void {
  const message = { messageId, received: attributes.ApproximateReceiveCount }
  if (error instanceof ComeLater || error instanceof SlackLimited) {
    logger.info('card put off', { ...message, why: error.message })
  } else if (error instanceof SlackUnanswered) {
    silentSince ??= new Date().toISOString()
    logger.error('Slack does not answer: cards wait', { ...message, silentSince, error })
    counted('SlackUnreachable')
  } else {
    logger.error('card failed', { ...message, error })
    if (error instanceof SlackRefused && isSetUp(error)) counted('CardsRefused')
  }
}

/** Why a message does not come again. */
export function toldOfEnd({ messageId, body }: SQSRecord, error: unknown): void {
  logger.error('card given up', { messageId, body: body.slice(0, 200), error })
  counted('CardsRefused')
}
