import pLimit from 'p-limit'
import type { Finding } from '../../findings/finding.ts'
import type { Run } from '../../run/run.ts'
import { covers } from '../jobs/evidence.ts'
import type { Job } from '../jobs/jobs.ts'
import { dispositionOf } from '../jobs/newest.ts'
import type { EnginePorts } from '../ports.ts'

/**
 * How long a run that ended otherwise than well answers a finding that says nothing new (ms): the same is not tried, and
 * people are not told of it, every day.
 */
const ANSWERED_MS = 7 * 24 * 3600 * 1000

/** Jobs that are looked up at once. */
const AT_ONCE = 50

/**
 * The jobs that no run answers. What has no target any more needs no run to say so; what could not be read is told.
 * @param isUnderNewPolicy runs that did not end well answered under another policy than that of now
 */
export async function unanswered(
  { store, clock, progress }: Pick<EnginePorts, 'store' | 'clock' | 'progress'>,
  jobs: readonly Job[],
  isUnderNewPolicy: boolean,
): Promise<Job[]> {
  const atOnce = pLimit(AT_ONCE)
  const kept = await Promise.all(
    jobs.map((job) =>
      atOnce(async () => {
        const { playbook, target, findings, ending } = job
        if (ending?.outcome === 'failed')
          progress?.({ kind: 'warning', message: `${playbook.id} on ${target.resource}: ${ending.reason}` })
        if (ending) return []
        const newest = await store.newest(playbook.id, target.key)
        const run = newest === undefined ? undefined : await store.get(newest)
        return isAnswered(run, findings, clock.now(), isUnderNewPolicy) ? [] : [job]
      }),
    ),
  )
  return kept.flat()
}

/** Whether the newest run of their key answers findings of which a detector says once more that they are open. Pure. */
export function isAnswered(
  newest: Run | undefined,
  findings: readonly Finding[],
  now: number,
  isUnderNewPolicy: boolean,
): boolean {
  if (newest === undefined) return false
  const what = dispositionOf(newest, findings, now)
  switch (what.kind) {
    case 'covered':
    case 'resting':
      return true
    case 'attach':
      return findings.every((finding) => covers(newest.findings, finding))
    case 'new': {
      // It was right then, and is wrong again.
      if (newest.outcome === 'remediated' || newest.outcome === 'alreadyCompliant') return false
      if (isUnderNewPolicy && what.silenced === undefined) return false
      const isOld = now - Date.parse(newest.endedAt ?? newest.startedAt) >= ANSWERED_MS
      return !isOld && findings.every((finding) => covers(newest.findings, finding))
    }
  }
}
