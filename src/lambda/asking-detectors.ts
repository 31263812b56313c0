import { MetricUnit } from '@aws-lambda-powertools/metrics'
import pLimit from 'p-limit'
import { DETECTORS } from '../detectors/all-detectors.ts'
import { unanswered } from '../engine/asking/answered.ts'
import { askDetectors, type Turn } from '../engine/asking/ask.ts'
import { jobsFor } from '../engine/jobs/jobs.ts'
import type { EnginePorts } from '../engine/ports.ts'
import { hashOf } from '../playbook/json.ts'
import { jobDeduplicationId, jobMessages } from '../queue/messages.ts'
import type { RunsQueue } from '../queue/runs-queue.ts'
import { logger, metrics } from './observe.ts'
import type { Settings } from './settings/settings.ts'

// Is there whenever this is loaded: said here, esbuild puts into one file what both need, and not into one for each mix.
import './engine-ports.ts'

/**
 * Calls of one invocation, and of a day. Most accounts need a dozen a day; a minute's worth at the pace that Security Hub
 * takes (3 a second) leaves the time to hand on what was found.
 */
const MOST = { perTurn: 60, perDay: 5_000 }
/** Kept of an invocation to hand on what was found (ms). */
const HANDING_ON_MS = 45_000
/** Jobs that are sent at once. */
const SENT_AT_ONCE = 10

/** Most of one kind that a log names. */
const MOST_NAMED = 50

type Whom = Pick<Settings, 'account' | 'partition' | 'region' | 'members'>

/**
 * Asks the detectors of the stack's account and of its members once a day, in as many invocations as that takes, and puts
 * what no run answers into the runs queue. Nothing is asked while changes are paused, or the policy cannot be used: each
 * finding would become a run that says so.
 */
export async function askOnceADay(ports: EnginePorts, whom: Whom, queue: RunsQueue): Promise<void> {
  const { policy, store, clock, endsAt = Number.POSITIVE_INFINITY } = ports
  const until = endsAt - HANDING_ON_MS
  if (policy.kind === 'none' || clock.now() >= until) return
  if ((await store.control()).paused) return
  const { account, partition, region, members } = whom
  const asking = {
    detectors: DETECTORS,
    places: [account, ...members.accounts].map((each) => ({ account: each, region, partition })),
    bookmark: 'detectors',
    most: MOST,
    isWanted: false,
    policy: hashOf(policy.policy),
    until,
  }
  const turn = await askDetectors(ports, asking, (found) => handOn(ports, queue, found))
  if (turn) tell(turn)
}

async function handOn(ports: EnginePorts, queue: RunsQueue, turn: Turn): Promise<void> {
  const found = await jobsFor(ports, turn.findings, 'apply', {})
  const jobs = await unanswered(ports, found.jobs, turn.isUnderNewPolicy)
  const atOnce = pLimit(SENT_AT_ONCE)
  await Promise.all(
    jobs.map((job) =>
      atOnce(async () => {
        for (const { message, of } of jobMessages(job))
          await queue.send(message, job.target.resource, jobDeduplicationId(of))
      }),
    ),
  )
  logger.info('open findings handed on', {
    findings: turn.findings.length,
    unanswered: jobs.length,
    among: jobs.slice(0, MOST_NAMED).map(({ playbook, target }) => `${playbook.id} ${target.resource}`),
  })
  if (jobs.length > 0) metrics.addMetric('FindingsMissed', MetricUnit.Count, jobs.length)
}

function tell({ asked, rejected, elsewhere }: Turn): void {
  logger.info('detectors asked', { asked, elsewhere })
  for (const one of asked.filter(({ state }) => state === 'unread'))
    logger.warn('a detector could not be asked', { ...one })
  const unread = asked.filter(({ state }) => state === 'unread').length
  if (unread > 0) metrics.addMetric('DetectorsUnread', MetricUnit.Count, unread)
  for (const rejection of rejected.slice(0, MOST_NAMED))
    logger.warn('an answer of a detector is not understood', { ...rejection })
  if (rejected.length > 0) metrics.addMetric('EventsRefused', MetricUnit.Count, rejected.length)
}
