import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { FoundJobs } from '../engine/jobs/jobs.ts'
import type { Progress } from '../engine/ports.ts'
import type { HeldTogether } from '../engine/rails/held-now.ts'
import { WENT_WRONG } from '../run/run.ts'

export const logger = new Logger({ serviceName: 'rectify' })
export const metrics = new Metrics({ namespace: 'Rectify', serviceName: 'rectify' })

/** What the engine tells, as logs and metrics. */
export function told(event: Progress): void {
  switch (event.kind) {
    case 'closed': {
      const { id, playbook, resource, outcome, reason, mode, account, region } = event.run
      logger.info('run closed', { run: id, playbook, resource, outcome, reason, mode, account, region })
      metrics.addMetric('RunsClosed', MetricUnit.Count, 1)
      // By what became of it: a run for an address that is blocked already has remediated nothing.
      metrics
        .singleMetric()
        .addDimension('outcome', String(outcome))
        .addMetric('RunsClosed', MetricUnit.Count, 1)
      if (WENT_WRONG.includes(outcome)) metrics.addMetric('RunsFailed', MetricUnit.Count, 1)
      return
    }
    case 'warning':
      logger.warn(event.message, { run: event.run?.id })
      return
    case 'stuck':
      logger.error(event.message, { run: event.run.id, resource: event.run.resource, error: event.error })
      metrics.addMetric('StuckRuns', MetricUnit.Count, 1)
      return
    case 'state':
      logger.debug('run moves', { run: event.run.id, state: event.state })
      return
    case 'covered':
      logger.debug('findings that a run has covered', { run: event.run.id })
      return
    case 'identity': {
      const { run, account, principal, region } = event
      logger.info('changes', { run: run.id, account, principal, region })
    }
  }
}

/** What became of the findings of one message. */
export function tellTaken(findings: number, { jobs, ignored, unanswered }: FoundJobs): void {
  logger.info('findings taken', { findings, jobs: jobs.length, ignored })
  metrics.addMetric('FindingsTaken', MetricUnit.Count, findings)
  if (unanswered.length > 0) metrics.addMetric('FindingsUnanswered', MetricUnit.Count, unanswered.length)
}

/** What guard rails hold at a sweep: a gauge by rail, while there is any. */
export function tellHeld(holds: readonly HeldTogether[]): void {
  if (holds.length === 0) return
  logger.info('runs held', {
    held: holds.slice(0, 50).map(({ rail, reason, runs, until }) => ({ rail, reason, runs, until })),
  })
  metrics.addMetric(
    'RunsHeld',
    MetricUnit.Count,
    holds.reduce((sum, { runs }) => sum + runs, 0),
  )
  for (const [rail, each] of Map.groupBy(holds, (hold) => hold.rail)) {
    const runs = each.reduce((sum, hold) => sum + hold.runs, 0)
    metrics.singleMetric().addDimension('rail', rail).addMetric('RunsHeld', MetricUnit.Count, runs)
  }
}

/** Told at once: a function that starts with a policy it cannot use blocks every run until it is deployed anew. */
export function policyUnusable(reason: string): void {
  logger.error('the policy cannot be used', { reason })
  metrics.addMetric('PolicyUnusable', MetricUnit.Count, 1)
  publishMetrics()
}

/** The newest version of the policy in S3 is not in force: said by each function as long as it is so. */
export function policyRefused(version: string, reason: string): void {
  logger.error('a version of the policy is refused', { version, reason })
  metrics.addMetric('PolicyRefused', MetricUnit.Count, 1)
}

/** Writes what was counted since; where nothing was, Powertools would warn in every log. */
export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
}
