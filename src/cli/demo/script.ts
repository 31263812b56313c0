import type { Report } from '../../engine/ports.ts'
import { type Outcome, type Run, WENT_WRONG } from '../../run/run.ts'

/** Sample events after which nothing may have been touched; after all others something must have been put right. */
const LEFT_ALONE = ['port-probe-sample', 'ssh-resolved', 'ssh-office-only', 'ssh-prod-bastion']

const WRONG: readonly (Outcome | null)[] = [...WENT_WRONG, 'blocked', null]

/** Why an event of the demo did not end as it should; undefined when it did. */
export function wrongEnd(event: string, { runs }: Report): string | undefined {
  const bad = runs.find(({ outcome }) => WRONG.includes(outcome))
  if (bad) return `${bad.target.id}: ${bad.outcome ?? bad.state}: ${bad.reason}`
  if (runs.some(isLeftByAPerson)) return undefined
  const changed = runs.find(({ changedAt }) => changedAt !== undefined)
  if (LEFT_ALONE.includes(event)) return changed && `${changed.target.id} was changed`
  return changed ? undefined : 'nothing was put right'
}

/** Whoever was asked said no: then nothing is as it should be. */
const isLeftByAPerson = ({ decisions, outcome }: Run) =>
  decisions.length > 0 && (outcome === 'declined' || outcome === 'exempted')

/**
 * The policy of the demo: everything changes by itself, but for databases that are open, of which people are asked in
 * Slack, and one bastion that is open on purpose.
 */
export function demoPolicy(bastion: string): string {
  return `version: 1
slack: { workspace: T0ACME }
rules:
  - when: { type: RESTRICTED_INCOMING_TRAFFIC }
    mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL], expiresAfter: 1h }
  - mode: auto
exemptions:
  - { resource: ${bastion}, owner: netops, reason: public bastion, until: 2099-12-31 }
`
}

/** The run to take back at the end: the first that changed something and can be undone. */
export function undoable(runs: Run[]): Run | undefined {
  return runs.find(
    ({ outcome, plan }) => outcome === 'remediated' && plan?.steps.every(({ undo }) => Array.isArray(undo)),
  )
}

/**
 * What to type next: the same by hand. The sandbox that it starts says what to type in another terminal, with the ids of
 * its own resources.
 */
export const NEXT = `Now you. Nothing of this needs an AWS account, nor Slack. Write a policy under which you are asked; then start AWS
and Slack on this machine with the stack in it, and leave it running. It says what to type in another terminal:
  npm run -s rectify -- init --policy mine.yaml --mode approve --slack T0ACME/C0SECOPS
  npm run -s rectify -- sandbox --stack rectify --policy mine.yaml --events found
What you make there is in this folder: mine.yaml, found/, report.html and .rectify/. To remove all: delete the folder.`
