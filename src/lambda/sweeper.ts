import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { SNSClient } from '@aws-sdk/client-sns'
import type { Context, ScheduledEvent } from 'aws-lambda'
import type { EnginePorts } from '../engine/ports.ts'
import { type EndingExemption, tellEnding } from '../engine/rails/ending-exemptions.ts'
import { heldNow } from '../engine/rails/held-now.ts'
import { stuckRuns, sweep } from '../engine/sweeping.ts'
import { systemClock } from '../engine/system.ts'
import { prompt } from '../queue/prompt.ts'
import { adoptRuns } from '../store/dynamodb/indexes/adoption.ts'
import { deployedEngine } from './engine-ports.ts'
import { endingWithInvocation, invoked } from './invoked.ts'
import { logger, metrics, publishMetrics, tellHeld, told } from './observe.ts'
import { stackOf } from './settings/own-of-stack.ts'
import { settingsFrom } from './settings/settings.ts'
import { exemptionsNotice } from './tellers/exemptions-notice.ts'
import { inEveryWay } from './tellers/in-every-way.ts'
import { snsTeller } from './tellers/sns-teller.ts'
import { tellHolds } from './tellers/telling-holds.ts'

const settings = settingsFrom(process.env, import.meta.dirname)
const { portsFor, table, queue } = await deployedEngine(settings)
const { topicArn } = settings
const stack = stackOf(settings)
const tellers =
  topicArn === undefined ? [] : [snsTeller(endingWithInvocation(new SNSClient(prompt())), topicArn)]

/**
 * Every five minutes: wakes what nobody woke, expires time-boxed blocks, and says how many runs are stuck and which are
 * held; then asks the detectors, where that is due, and tells which exemptions end.
 */
export const handler = invoked<ScheduledEvent, void>(async (_event: ScheduledEvent, context: Context) => {
  const endsAt = systemClock.now() + context.getRemainingTimeInMillis()
  const ports = await portsFor({ id: context.awsRequestId, endsAt, progress: told })
  await adoptRuns(table, systemClock.now())
  const { runs } = await sweep(ports)
  const stuck = await stuckRuns(ports)
  for (const { id, resource, startedAt } of stuck) logger.error('run stuck', { run: id, resource, startedAt })
  if (stuck.length > 0) metrics.addMetric('StuckRuns', MetricUnit.Count, stuck.length)
  // Each sweep says so: SweeperAlarm rings when none does.
  metrics.addMetric('RunsWoken', MetricUnit.Count, runs.length)
  const now = systemClock.now()
  const holds = await heldNow(ports.store, now, new Set(runs.map(({ id }) => id)))
  tellHeld(holds)
  publishMetrics()
  try {
    await inEveryWay([
      tellHolds({ store: ports.store, now, tellers, stack }, holds),
      ...(settings.asksDetectors ? [askDetectors(ports)] : []),
      tellEnding(ports, tellOfEnding),
    ])
  } finally {
    publishMetrics()
  }
})

async function askDetectors(ports: EnginePorts): Promise<void> {
  // Loaded after what is urgent: with it come the readers of all detectors, 100 kB.
  const { askOnceADay } = await import('./asking-detectors.ts')
  await askOnceADay(ports, settings, queue)
}

async function tellOfEnding(ending: EndingExemption[]): Promise<void> {
  const notice = exemptionsNotice(ending, stack)
  await inEveryWay(tellers.map((teller) => teller.tell(notice)))
  logger.info('told which exemptions end', { count: ending.length })
}
