import { type Command, Option } from 'commander'
import { EVERYTHING, ofAccount, ofPlaybook } from '../../engine/rails/kill-switch.ts'
import { BadRequest } from '../../engine/refusals.ts'
import type { PauseScope } from '../../run/store.ts'
import { loadPlaybooks, playbookCalled } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'

/** What is to be paused or resumed, as options say it; without any, everything. */
export interface ScopeOptions {
  playbook?: string
  account?: string
}

/** Declares the options of `pause` and `resume`. */
export function addScope(command: Command, verb: 'pause' | 'resume'): Command {
  return command
    .addOption(new Option('--playbook <id>', `${verb} this playbook only`))
    .addOption(new Option('--account <id>', `${verb} this account only`))
}

/**
 * The scope of a pause. Playbooks are read only where one is named: one of the user's that cannot be loaded must not keep
 * anybody from pausing everything.
 * @param standing pauses that stand: one of them may be ended though its playbook is not there any more
 * @throws BadRequest for a playbook that nobody knows, what is no account, and both at once
 */
export async function scopeOf(
  invocation: Invocation,
  { playbook, account }: ScopeOptions,
  standing: readonly PauseScope[] = [],
): Promise<PauseScope> {
  if (playbook !== undefined && account !== undefined) {
    const advice = 'a pause is about a playbook or an account; two pauses are about both'
    throw new BadRequest('usage', `give either --playbook or --account: ${advice}`)
  }
  if (account !== undefined) {
    if (/^\d{12}$/.test(account)) return ofAccount(account)
    throw new BadRequest('usage', `--account "${account}" is not an account, which has 12 digits`)
  }
  if (playbook === undefined) return EVERYTHING
  if (standing.includes(ofPlaybook(playbook))) return ofPlaybook(playbook)
  return ofPlaybook(playbookCalled(playbook, await loadPlaybooks(invocation)).id)
}
