import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch'
import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { playbooks } from '../../playbooks/index.ts'
import type { EnginePorts } from '../engine/engine.ts'
import { applyJob } from '../engine/handle.ts'
import { afterDecisions } from '../engine/host.ts'
import { resume } from '../engine/resume.ts'
import { systemClock } from '../engine/system.ts'
import { expire, undoRun } from '../engine/undo-run.ts'
import { jobOf, type Message } from '../queue/messages.ts'
import { deployedPorts } from './engine-ports.ts'
import { logger, metrics, told } from './observe.ts'
import { settingsFrom } from './settings.ts'

/** Left for storing and answering when the time is up (ms). */
const LEFT_OVER_MS = 5_000

const portsFor = deployedPorts(settingsFrom(process.env, import.meta.dirname))
const processor = new SqsFifoPartialProcessorAsync()

/** One message about one resource: carries its run to the end, or to where it has to wait. */
export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async (event, context) => {
  const response = await processPartialResponse(
    event,
    (record: SQSRecord) => take(record, context),
    processor,
    {
      context,
      throwOnFullBatchFailure: false,
    },
  )
  metrics.publishStoredMetrics()
  return response
})

async function take(record: SQSRecord, context: Context): Promise<void> {
  const message = JSON.parse(record.body) as Message
  const endsAt = systemClock.now() + context.getRemainingTimeInMillis() - LEFT_OVER_MS
  const ports = portsFor({ id: context.awsRequestId, endsAt, progress: told })
  logger.info('message taken', { ...message, findings: undefined })
  await carry(ports, message)
}

async function carry(ports: EnginePorts, message: Message): Promise<void> {
  switch (message.kind) {
    case 'job': {
      const job = jobOf(message, playbooks)
      if (!job) throw new Error(`no playbook is called "${message.playbook}" in this version`)
      await applyJob(ports, job)
      return
    }
    case 'wake':
      await wake(ports, message)
      return
    case 'undo': {
      const { runs } = await undoRun(ports, message.run, { holdFor: message.holdFor, by: message.by })
      for (const run of runs) if (run.waitingFor === 'approval') await confirm(ports, run.id, message.by)
      return
    }
    case 'expire': {
      const original = await ports.store.get(message.run)
      if (original) await expire(ports, original, message.entries)
    }
  }
}

async function wake(
  ports: EnginePorts,
  { run: id, why, due }: Extract<Message, { kind: 'wake' }>,
): Promise<void> {
  const run = await ports.store.get(id)
  if (!run || run.state === 'closed') return
  if (why === 'settled') await resume(ports, id, 'timerDue')
  else if (why === 'timer' && due !== undefined && Date.parse(due) > ports.clock.now())
    await ports.waker?.later(run)
  else await resume(ports, id)
}

/** The person who asked for an undo has confirmed it by asking: the plan that came of it is what they wanted. */
async function confirm(ports: EnginePorts, id: string, by: string): Promise<void> {
  const run = await ports.store.get(id)
  if (run?.waitingFor !== 'approval' || !run.plan) return
  const at = new Date(ports.clock.now()).toISOString()
  const result = await ports.store.decide(
    id,
    { verdict: 'approve', by, at, hash: run.plan.hash },
    ports.clock.now(),
  )
  if (result.kind !== 'recorded') return
  const happening = afterDecisions({ ...run, decisions: result.decisions })
  if (happening) await resume(ports, id, happening)
}
