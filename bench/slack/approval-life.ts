import type { FaultRule } from '../../src/sandbox/front/faults.ts'
import type { Invocations } from '../storm/invocations.ts'
import { meteredTable, type TableUse } from '../storm/metered-table.ts'
import type { AllInvocations } from '../storm/stack-in-sandbox.ts'
import type { Channel } from './channel.ts'
import { approvedToEnd, under } from './clicks.ts'
import { shown } from './shown.ts'

/** What approvals ask for that come one at a time, from the finding until the card shows the end. */
export interface Life {
  approvals: number
  /** Of the functions that a stack with Slack has besides, with latency added to each call of theirs. */
  functions: Record<'cards' | 'slack' | 'notifier', Invocations>
  /** Messages that were sent to the queue of cards. */
  sent: number
  /** Of the table, by all functions together. */
  table: TableUse
}

const DELAY_MS = 60

/** Half of the groups is for what takes time, the other half for what the table is asked for, the counting of which takes some. */
export async function lifeOfApprovals(channel: Channel, groups: readonly string[]): Promise<Life> {
  const { sandbox, stack, ofFunctions } = channel
  const approvals = groups.length / 2
  const before = await stack.invocations()
  const from = sandbox.requests.length
  const delay: FaultRule = { when: ofFunctions, fault: { kind: 'delay', ms: DELAY_MS } }
  await under(channel, delay, () => lived(channel, groups.slice(0, approvals)))
  const sent = sandbox.requests
    .slice(from)
    .filter(({ service, input }) => service === 'sqs' && String(input.QueueUrl).includes('Cards')).length
  const after = await stack.invocations()
  const meter = await meteredTable(stack.dynamo, sandbox.deployed!.stack.outputs.TableName!, ofFunctions)
  await under(channel, meter.rule, () => lived(channel, groups.slice(approvals)))
  const its = (name: keyof AllInvocations) => difference(after[name]!, before[name]!)
  const functions = { cards: its('cards'), slack: its('slack'), notifier: its('notifier') }
  return { approvals, functions, sent, table: meter.used() }
}

/** Each is found when the one before has come to its end. */
async function lived(channel: Channel, groups: readonly string[]): Promise<void> {
  for (const group of groups) await approvedToEnd(channel, (await shown(channel, [group])).cards)
}

function difference(after: Invocations, before: Invocations): Invocations {
  const { count, ms, logBytes } = before
  return { ...after, count: after.count - count, ms: after.ms - ms, logBytes: after.logBytes - logBytes }
}
