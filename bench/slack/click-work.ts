import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb'
import type { FaultRule } from '../../src/sandbox/front/faults.ts'
import type { AwsRequest } from '../../src/sandbox/front/request.ts'
import { type Cost, count, nothing } from '../growth/cost.ts'
import type { Work } from './approvals.ts'
import { type Channel, countsOf, type StandingCard } from './channel.ts'
import { approvedToEnd, under } from './clicks.ts'

/** Approves cards one after the other with nothing beside, and counts all that is asked for until each shows its end. */
export async function workOfClicks(channel: Channel, cards: readonly StandingCard[]): Promise<Work> {
  const { slack, stack } = channel
  await stack.invocations()
  const all = nothing()
  const rule: FaultRule = {
    when: channel.ofFunctions,
    fault: { kind: 'hook', after: (request: AwsRequest) => countRequest(channel, all, request) },
  }
  const from = slack.calls.length
  await under(channel, rule, () => approvedToEnd(channel, cards))
  const each = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).map(([name, number]) => [name, number / cards.length]))
  return {
    cost: { calls: each(all.calls), keys: each(all.keys) },
    slack: each(countsOf(slack.calls.slice(from).map(({ method }) => method))),
  }
}

/** What a query found is asked again, past the front. */
async function countRequest({ stack }: Channel, all: Cost, { operation, input }: AwsRequest): Promise<void> {
  const answer =
    operation === 'Query'
      ? await stack.dynamo.send(new QueryCommand(input as unknown as QueryCommandInput))
      : {}
  count(all, operation, JSON.stringify(input), JSON.stringify(answer))
}
