import type { Engine } from '../../engine/engine.ts'
import { ulids } from '../../engine/system.ts'
import { leaseOwner } from '../../engine/waits/lock-holders.ts'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import { queueWakes } from '../../queue/wakes.ts'
import type { Invocation } from '../program/invocation.ts'
import { progressOn } from '../terminal/progress.ts'
import type { Stack } from './deployment.ts'

/**
 * The engine beside a deployment: it records decisions and sends wake-ups, and drives no run. The functions do that,
 * under the policy and with the roles that were deployed.
 */
export async function stackEngine(
  { output }: Invocation,
  playbooks: readonly KnownPlaybook[],
  stack: Stack,
): Promise<Engine> {
  const [{ createEngine }, { leave }, { configRules }] = await Promise.all([
    import('../../engine/engine.ts'),
    import('../../engine/waits/leave.ts'),
    import('../../engine/jobs/rule-facts.ts'),
  ])
  const { aws, store, clock, runs: queue } = stack
  const ids = ulids()
  return createEngine({
    aws,
    store,
    owners: leaseOwner(`cli-${ids.next()}`),
    clock,
    ids,
    playbooks,
    configRules: configRules(aws, clock),
    // Nor does it know a policy that names one.
    calendars: { ask: async () => ({ kind: 'unread', why: 'only the functions ask' }) },
    policy: { kind: 'none' },
    policyAt: async () => ({ kind: 'none' }),
    patienceSeconds: 0,
    // Timers belong to whoever stores a wait: to the functions.
    waits: leave({ ...queueWakes({ queue, clock }), later: async () => undefined }),
    progress: progressOn(output),
  })
}
