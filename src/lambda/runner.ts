import type { Context } from 'aws-lambda'
import { systemClock } from '../engine/system.ts'
import { readMessage } from '../queue/messages.ts'
import { writebackQueue } from '../queue/writeback-queue.ts'
import { lateFindings } from '../writeback/late-findings.ts'
import { dispatch } from './dispatch.ts'
import { deployedEngine } from './engine-ports.ts'
import { type Take, takingGroups } from './incoming/records.ts'
import { logger, told } from './observe.ts'
import { settingsFrom } from './settings/settings.ts'

/** Left for storing and answering when the time is up (ms). */
const LEFT_OVER_MS = 5_000

const settings = settingsFrom(process.env, import.meta.dirname)
const { portsFor, waker, queue, sqs } = await deployedEngine(settings)
const ends =
  settings.writebackQueueUrl === undefined ? undefined : writebackQueue(settings.writebackQueueUrl, sqs)

/**
 * Messages about some resources: carries the run of each to its end, or to where it has to wait. All look, change and
 * wait for AWS side by side, and what they read alike is read once.
 */
export const handler = takingGroups(begin, ({ body, attributes, messageId }) =>
  queue.sendAnew(body, attributes.MessageGroupId ?? '', messageId),
)

async function begin(context: Context): Promise<Take> {
  const endsAt = systemClock.now() + context.getRemainingTimeInMillis() - LEFT_OVER_MS
  const ports = await portsFor({ id: context.awsRequestId, endsAt, progress: told })
  return async ({ body }) => {
    const message = readMessage(body)
    logger.info('message taken', { ...message, findings: undefined })
    const late = lateFindings(ports)
    await dispatch(late.ports, message, waker)
    // Their detectors are told how the run ended: it had ended before they came, and no stored state says so.
    if (ends) for (const { run, findings } of late.found) await ends.put(run, findings)
  }
}
