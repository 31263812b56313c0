import { dump } from 'js-yaml'
import { sameJson } from '../../playbook/json.ts'
import type { Rule } from '../rules.ts'
import type { Advice } from './advice.ts'

/** A rule for one playbook that decides in front of the one that decides today. */
export type Narrower = Pick<Advice, 'playbook' | 'accounts'> & { mode: 'rehearse' | 'approve' | 'auto' }

/** Whether more is let go than before. */
const isRaise = ({ mode }: Pick<Narrower, 'mode'>, before: Pick<Rule, 'mode'> | undefined): boolean => {
  const order = ['rehearse', 'approve', 'auto']
  return order.indexOf(mode) > order.indexOf(before?.mode ?? 'rehearse')
}

/**
 * The rule as it will be read: the conditions of the one that decides today, for this playbook only. More is let go in the
 * accounts in which it was seen to go well, and in no other; less in all.
 */
export function narrowed(before: Rule | undefined, narrower: Narrower): Pick<Rule, 'when' | 'mode'> {
  const { playbook, accounts, mode } = narrower
  const only = isRaise(narrower, before) ? { account: accounts } : {}
  return { when: { ...before?.when, playbook: [playbook], ...only }, mode }
}

/** Whether that is all that the rule of today decides: its own mode is then another, and no rule is added. */
export function isWhole(before: Rule, narrower: Narrower): boolean {
  const inOrder = (rule: Pick<Rule, 'when'>) => {
    const { account, ...when } = rule.when ?? {}
    return { ...when, ...(account && { account: account.toSorted() }) }
  }
  return sameJson(inOrder(before), inOrder(narrowed(before, narrower)))
}

/**
 * The same as it is written: all else as in the rule of today, in its words.
 * @param written that rule as YAML has it; undefined where no rule matches
 */
export function narrowerRule(
  written: Record<string, unknown> | undefined,
  before: Rule | undefined,
  narrower: Narrower,
): [key: string, value: string][] {
  const { playbook: _, account, ...when } = Object(written?.when) as Record<string, unknown>
  const { mode, parameters, approval } = { ...written, mode: narrower.mode } as Record<string, unknown>
  const accounts = isRaise(narrower, before) ? narrower.accounts : account
  const conditions = {
    playbook: narrower.playbook,
    ...(accounts !== undefined && { account: accounts }),
    ...when,
  }
  const all = { when: conditions, mode, parameters, approval }
  return Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, flow(value)])
}

/** On one line, as people write it. */
const flow = (value: unknown): string =>
  dump(value, { flowLevel: 0, flowBracketPadding: true, lineWidth: -1, noRefs: true }).trim()
