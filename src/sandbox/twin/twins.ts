import type { Identity } from '../../aws/port.ts'
import { BadRequest } from '../../engine/refusals.ts'
import { messageOf } from '../../playbook/message-of.ts'
import type { Copies } from '../../playbook/service/copies.ts'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import type { ServiceDefinition } from '../../playbook/service/service.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Twin } from '../../run/rehearsed/twin.ts'
import type { Run } from '../../run/run.ts'
import type { Sandbox } from '../start.ts'
import { notMade } from './judged.ts'
import type { RecordedReads } from './recorded-reads.ts'
import { emulatorAws } from './twin-aws.ts'
import { twinOf } from './twin-of.ts'

/** What twins are made of and by. */
export interface TwinOptions {
  sandbox: Pick<Sandbox, 'env' | 'empty'>
  copies: readonly Copies[]
  services: readonly ServiceDefinition[]
  playbooks: readonly KnownPlaybook[]
  policy: LoadedPolicy
}

/** Makes the twin of a run: one after the other, each in emulators that hold nothing else. */
export type Twins = (
  run: Run,
  reads: RecordedReads,
  identity: Identity,
  until?: AbortSignal,
) => Promise<Twin | undefined>

/**
 * Twins in a sandbox, which is emptied for each of them.
 * @returns makes the twin of a run; undefined where it has no plan to try. Errors: `BadRequest('usage')` where the emulators do
 *   not answer any more, and the reason of `until` where that stopped it on the way
 */
export function twinsIn({ sandbox, services, ...ports }: TwinOptions): Twins {
  const emulator = emulatorAws(sandbox.env, services)
  const emptied = () =>
    sandbox.empty().catch((cause: unknown) => {
      const why = `the emulators in which twins are made do not answer any more: ${messageOf(cause)}`
      throw new BadRequest('usage', `${why}; leave --twin out`, { cause })
    })
  return async (run, reads, identity, until) => {
    const { plan } = run
    if (plan === null || plan.steps.length === 0) return undefined
    await emptied()
    const made = twinOf({ ...run, plan }, reads, { ...ports, emulator, identity, until })
    const twin = await made.catch((error: unknown) => {
      // A fault of ours in one of them has nothing to do with the others.
      if (!(error instanceof Error) || error instanceof BadRequest || error === until?.reason) throw error
      return notMade(`unexpected: ${error.message}`)
    })
    // Emulators that have died meanwhile say nothing about a plan.
    if (twin.status !== 'agrees') await emptied()
    return twin
  }
}
