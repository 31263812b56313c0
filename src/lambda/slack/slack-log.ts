import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { ReceiverLog } from '../../approvals/receiver/receiver-ports.ts'
import { logger, metrics } from '../observe.ts'

const counted = (name: string) => metrics.addMetric(name, MetricUnit.Count, 1)

/** What the receiver writes down, as logs and metrics: ids of users and workspaces, no names and nothing of a body. */
export const slackLog: ReceiverLog = {
  refused(attempt, why) {
    logger.warn('refused in Slack', { ...attempt, why })
    counted('SlackRefused')
  },
  done(attempt) {
    logger.info('done in Slack', { ...attempt })
    counted('SlackDone')
  },
  turnedAway({ method }, status) {
    // Of what strangers send nothing is kept but that it came.
    logger.info('request turned away', { method: method.slice(0, 10), status })
    counted('SlackTurnedAway')
  },
  failed(message, about, error) {
    logger.error(message, { ...about, error: error instanceof Error ? error : new Error(String(error)) })
    counted('SlackFailed')
  },
}
