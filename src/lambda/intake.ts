import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Context, SQSRecord } from 'aws-lambda'
import { jobsFor } from '../engine/jobs/jobs.ts'
import type { EnginePorts } from '../engine/ports.ts'
import { readJson } from '../findings/json-text.ts'
import { parseEvents } from '../findings/read.ts'
import { nonceOf } from '../queue/intake-queue.ts'
import { jobDeduplicationId, jobMessage } from '../queue/messages.ts'
import { deployedEngine } from './engine-ports.ts'
import { type CommandEvent, commandEvent } from './incoming/command-event.ts'
import { deadLetters } from './incoming/dead-letters.ts'
import { takingRecords } from './incoming/loose-records.ts'
import type { Take } from './incoming/records.ts'
import { logger, metrics, tellTaken, told } from './observe.ts'
import { required } from './settings/from-environment.ts'
import { settingsFrom } from './settings/settings.ts'

const settings = settingsFrom(process.env, import.meta.dirname)
const { portsFor, waker, queue, sqs } = await deployedEngine(settings)
const dead = deadLetters(required(process.env, 'RECTIFY_INTAKE_DLQ_URL'), sqs)

/** Events in, one message per playbook and resource out. What cannot be read goes to the dead letters with the reason. */
export const handler = takingRecords(begin)

async function begin({ awsRequestId }: Context): Promise<Take> {
  const ports = await portsFor({ id: awsRequestId, progress: told })
  return (record) => take(record, ports)
}

async function take(record: SQSRecord, ports: EnginePorts): Promise<void> {
  const json = readJson(record.body)
  const command = json.ok ? commandEvent(json.value) : undefined
  if (command) return command.ended ? wakeRunOf(command, ports, record) : undefined
  const event = `sqs:${record.messageId}`
  // What is no JSON may be several values of it, or packed, as Cloud Custodian sends it.
  const { findings, rejected } = parseEvents(json.ok ? json.value : { body: record.body }, event)
  for (const rejection of rejected) {
    logger.warn('event refused', { ...rejection })
    metrics.addMetric('EventsRefused', MetricUnit.Count, 1)
    await dead.put(record.body, rejection)
  }
  const found = await jobsFor(ports, findings, 'apply', {})
  tellTaken(findings.length, found)
  const nonce = nonceOf(record.messageAttributes)
  for (const job of found.jobs)
    await queue.send(jobMessage(job), job.target.resource, jobDeduplicationId(job, nonce))
}

/** Whoever's command it was: one read tells whether a run of ours started it. */
async function wakeRunOf(
  { commandId }: CommandEvent,
  { store }: EnginePorts,
  { messageId }: SQSRecord,
): Promise<void> {
  const id = await store.runThatStarted(commandId)
  const run = id === undefined ? undefined : await store.get(id)
  if (run?.state === 'waiting') await waker.now(run, 'settled', messageId)
}
