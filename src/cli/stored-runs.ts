import type { Engine, Report } from '../engine/engine.ts'
import { runText } from '../reports/run-text.ts'
import { loadPlaybooks, titlesOf } from './catalogue.ts'
import { openEngine } from './context.ts'
import type { Invocation } from './invocation.ts'
import { lookUpPolicyLeniently } from './policy-lookup.ts'
import { refuseStack } from './settings.ts'
import { showRuns } from './show-runs.ts'

/** What the commands about stored runs have in common: the local store, the policy each run remembers, one report. */
export async function onStoredRuns(
  invocation: Invocation,
  command: string,
  act: (engine: Engine) => Promise<Report>,
): Promise<void> {
  refuseStack(invocation)
  const playbooks = await loadPlaybooks()
  const policy = await lookUpPolicyLeniently(invocation, playbooks)
  const context = await openEngine(invocation, playbooks, policy)
  const titles = titlesOf(playbooks)
  try {
    const report = await act(context.engine)
    showRuns(invocation, command, { report }, (run) =>
      runText(run, titles[run.playbook] ?? run.playbook, invocation.output.paint),
    )
  } finally {
    await context.close()
  }
}
