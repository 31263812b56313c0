import type { Engine } from '../engine/engine.ts'
import type { Report } from '../engine/ports.ts'
import { runText } from '../reports/run/run-text.ts'
import type { RunStore } from '../run/store.ts'
import { lookUpPolicyLeniently } from './input/policy-lookup.ts'
import { loadPlaybooks, titlesOf } from './program/catalogue.ts'
import { type Context, openEngine } from './program/context.ts'
import type { Invocation } from './program/invocation.ts'
import { sameWay } from './program/same-way.ts'
import { showRuns } from './show-runs.ts'
import type { Stack } from './stack/deployment.ts'
import { openStack } from './stack/stack.ts'
import { tellDetectors } from './tell-detectors.ts'

/** Where stored runs are acted upon: in this process, or beside a deployment. */
export interface Where {
  engine: Engine
  store: RunStore
  late: Context['late']
  /** Present with `--stack`: its functions drive the runs. */
  stack?: Stack
  /** Playbook id → title. */
  titles: Record<string, string>
  close(): Promise<void>
}

/** What the commands about stored runs have in common: a store, an engine, one report (`more`: further JSON fields). */
export async function onStoredRuns(
  invocation: Invocation,
  command: string,
  act: (where: Where) => Promise<Report & { more?: object }>,
): Promise<void> {
  const { shared, output } = invocation
  const where = shared.stack === undefined ? await onThisMachine(invocation) : await beside(invocation)
  try {
    const { more = {}, ...report } = await act(where)
    // A deployment tells them itself.
    const told = where.stack ? new Map() : await tellDetectors(invocation, where, report.runs)
    showRuns(invocation, command, { report, more, told }, (run, ends) =>
      runText(run, where.titles[run.playbook] ?? run.playbook, output.paint, sameWay(invocation), ends),
    )
  } finally {
    output.status('')
    await where.close()
  }
}

/** The local store; each run goes on under the policy that it remembers. */
async function onThisMachine(invocation: Invocation): Promise<Where> {
  const playbooks = await loadPlaybooks(invocation)
  const policy = await lookUpPolicyLeniently(invocation, playbooks)
  const { engine, store, late, close } = await openEngine(invocation, playbooks, policy)
  return { engine, store, late, titles: titlesOf(playbooks), close }
}

async function beside(invocation: Invocation): Promise<Where> {
  const playbooks = await loadPlaybooks(invocation)
  const stack = await openStack(invocation)
  const { stackEngine } = await import('./stack/engine-on-stack.ts')
  const engine = await stackEngine(invocation, playbooks, stack)
  return {
    engine,
    store: stack.store,
    late: [],
    stack,
    titles: titlesOf(playbooks),
    close: () => stack.close(),
  }
}

/** A decision, and with `--stack` what the deployment makes of it. */
export async function onDecidedRuns(
  invocation: Invocation,
  command: 'approve' | 'decline',
  decide: (where: Where) => Promise<Report>,
): Promise<void> {
  await onStoredRuns(invocation, command, async (where) => {
    const { stack } = where
    if (!stack) return decide(where)
    const { arn } = await stack.aws.identity()
    invocation.output.note(`${command} as ${arn} on stack ${stack.name}`)
    const report = await decide(where)
    const { followDecided } = await import('./stack/follow.ts')
    return followDecided(report, stack, invocation)
  })
}
