import { BadRequest } from '../../engine/refusals.ts'
import { hashOf } from '../../playbook/json.ts'
import type { RehearsalSink } from '../../reports/rehearsal/sink.ts'
import type { Run } from '../../run/run.ts'
import { newestRuns } from '../../run/visit-runs.ts'
import { loadPlaybooks, titlesOf } from '../program/catalogue.ts'
import { exitStatus } from '../program/exit-status.ts'
import type { Invocation } from '../program/invocation.ts'
import { ProgressTally } from '../rehearsing/progress-tally.ts'
import type { Rehearsed, RehearseOptions } from '../rehearsing/rehearse-options.ts'
import { stoppable } from '../terminal/interruption.ts'
import { openStack } from './stack.ts'

/** Without `--since`: a week. */
const USUAL_MS = 7 * 24 * 3600 * 1000

/**
 * What a deployment has rehearsed, from its stored runs: of each resource and playbook the newest one, newest first. AWS is
 * asked for nothing but its table.
 * @throws BadRequest `usage` where something to rehearse is named as well
 */
export async function rehearsalOfStack(
  invocation: Invocation,
  events: string[],
  options: RehearseOptions,
  sink: RehearsalSink,
): Promise<Rehearsed> {
  refuseOthers(invocation.shared.stack, events, options)
  const { output } = invocation
  const playbooks = await loadPlaybooks(invocation)
  const stack = await openStack(invocation)
  const stop = stoppable(() => output.note('interrupted'))
  const tally = new ProgressTally()
  let superseded = 0
  try {
    const since = options.since?.at ?? stack.clock.now() - USUAL_MS
    const newest = new Set<string>()
    for await (const run of newestRuns(stack.store, { since })) {
      if (stop.signal.aborted) break
      if (!isRehearsed(run)) continue
      const key = hashOf([run.playbook, run.key])
      if (newest.has(key)) superseded += 1
      else {
        newest.add(key)
        tally.run(run)
        await sink.run(run)
        output.status(`${tally.runs} runs, back to ${run.startedAt}`)
      }
    }
    output.status('')
    const from = new Date(since).toISOString()
    const again = superseded > 0 ? `; ${superseded} older ones of the same are left out` : ''
    output.note(`stack ${stack.name}: ${tally.runs} rehearsed runs since ${from}${again}`)
    return {
      at: new Date(stack.clock.now()).toISOString(),
      titles: titlesOf(playbooks),
      incomplete: stop.signal.aborted
        ? [`It was interrupted after ${tally.runs} runs, the newest: what follows is about these.`]
        : [],
      asked: [],
      status: stop.status() ?? exitStatus('rehearse', tally.ended),
    }
  } finally {
    stop.off()
    output.status('')
    await stack.close()
  }
}

function refuseOthers(name: string | undefined, events: readonly string[], options: RehearseOptions): void {
  const { since: _, ...others } = options
  const named = (
    ['playbook', 'resource', 'from', 'accounts', 'ou', 'calls', 'resume', 'traffic'] as const
  ).find((name) => others[name] !== undefined)
  if (events.length === 0 && named === undefined) return
  const what = named === undefined ? 'events' : `--${named}`
  const advice = `with --stack the report is about what the deployment has rehearsed; rectify send EVENT... --stack ${name} hands events to it`
  throw new BadRequest('usage', `give either --stack or ${what}, not both: ${advice}`)
}

/**
 * Whether a run belongs into the report of a rehearsal: the policy said `rehearse`, whether there was something to rehearse or
 * not; or it ended before the policy had a word, because nothing could be done. What was changed, asked about or left alone
 * by the policy is no rehearsal.
 */
export function isRehearsed({ state, outcome, ruling, mode, undoOf, changedAt }: Run): boolean {
  if (state !== 'closed' || undoOf !== undefined || changedAt !== undefined) return false
  if (outcome === 'rehearsed' || mode === 'rehearse' || ruling?.mode === 'rehearse') return true
  return ruling === undefined && (outcome === 'notApplicable' || outcome === 'failed')
}
