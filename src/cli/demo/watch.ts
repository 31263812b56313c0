import { answerers } from '../../engine/jobs/jobs.ts'
import type { Finding } from '../../findings/finding.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import type { Run } from '../../run/run.ts'
import type { Stack } from '../stack/deployment.ts'

/** How long a deployment is watched for what it makes of an event, and how often (ms). */
const PATIENCE_MS = 60_000
const POLL_MS = 100

/** What a deployment made of some findings. */
export interface Watched {
  /** In the order in which they began. */
  runs: Run[]
  ignored: { finding: string; reason: string }[]
}

/**
 * Watches the table of a deployment until every playbook that answers these findings has a new run that is closed. Gives
 * what there is when that takes more than a minute.
 * @param known ids of the runs that were there before
 * @param asked called once of each run that waits for a person's word; the time that it takes does not count
 */
export async function watch(
  { store, clock }: Stack,
  findings: readonly Finding[],
  playbooks: readonly PlaybookHead[],
  known: ReadonlySet<string>,
  asked: (run: Run) => Promise<void>,
): Promise<Watched> {
  const active = findings.filter(({ status }) => status === 'active')
  const ignored = findings
    .filter(({ status }) => status !== 'active')
    .map(({ id, status }) => ({ finding: id, reason: status }))
  const expected = new Set(active.flatMap((finding) => answerers(playbooks, finding, {})).map(({ id }) => id))
  let end = clock.now() + PATIENCE_MS
  const answered = new Set<string>()
  for (;;) {
    const listed = await store.list()
    const runs = listed.filter(({ id, ...run }) => !known.has(id) && about(run, active)).reverse()
    const ended = new Set(runs.filter(({ state }) => state === 'closed').map(({ playbook }) => playbook))
    for (const run of runs.filter(({ waitingFor }) => waitingFor === 'approval')) {
      if (answered.has(run.id)) continue
      answered.add(run.id)
      await asked(run)
      end = clock.now() + PATIENCE_MS
    }
    const done = ended.size === expected.size && runs.every(({ state }) => state === 'closed')
    if (done || clock.now() >= end) return { runs, ignored }
    await clock.sleep(POLL_MS)
  }
}

function about(run: Pick<Run, 'findings'>, findings: readonly Finding[]): boolean {
  return run.findings.some(({ id }) => findings.some((finding) => finding.id === id))
}
