import { SILENT } from './silent.ts'

/** The handler of notices, started in the environment of a deployment with whatever else is set there. */
export async function startedNotifier(more: Record<string, string> = {}) {
  const arn = 'arn:aws:iam::123456789012:role/read'
  Object.assign(process.env, {
    ...SILENT,
    AWS_REGION: 'eu-west-1',
    RECTIFY_TABLE: 'TABLE',
    RECTIFY_RUNS_QUEUE_URL: 'RUNS_QUEUE_URL',
    RECTIFY_RUNS_QUEUE_ARN: 'RUNS_QUEUE_ARN',
    RECTIFY_INTAKE_DLQ_URL: 'INTAKE_DLQ_URL',
    RECTIFY_SCHEDULE_GROUP: 'SCHEDULE_GROUP',
    RECTIFY_SCHEDULE_ROLE_ARN: 'SCHEDULE_ROLE_ARN',
    RECTIFY_TIMERS_DLQ_ARN: 'dlq',
    RECTIFY_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:notices',
    RECTIFY_READ_ROLE_ARN: arn,
    RECTIFY_CHANGE_ROLE_ARN: arn,
    ...more,
  })
  const { handler } = await import('../../src/lambda/notifier.ts')
  return handler
}
