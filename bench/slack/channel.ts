import type { Run } from '../../src/run/run.ts'
import type { RunStore } from '../../src/run/store.ts'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import type { SlackCall } from '../../src/sandbox/slack/api/web-api.ts'
import type { StandInSlack } from '../../src/sandbox/slack/stand-in.ts'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { buttonsOf } from '../../test/e2e/deployed/slack-scenes.ts'
import { type StackInSandbox, stackIn } from '../storm/stack-in-sandbox.ts'
import { until } from './until.ts'

/** A run that waits, and the button that approves it. */
export interface StandingCard {
  run: Run
  ts: string
  /** Of the button: the run and the hash of its plan. */
  value: string
}

/** A deployment, and the channel in which it asks. */
export interface Channel {
  sandbox: Sandbox
  slack: StandInSlack
  stack: StackInSandbox
  store: RunStore
  /** Whether a request is one of the deployment's functions. */
  ofFunctions(request: { accessKey: string }): boolean
  /** AWS Config finds a port open in these groups: what a person is asked about, or SSH, which is closed by itself. */
  find(what: 'asked' | 'automatic', groups: readonly string[]): Promise<void>
  /** Buttons with this id as they stand in the channel: run → message and value. */
  buttons(action: string): Map<string, { ts: string; value: string }>
  /** Waits until the message that shows a run shows its end. */
  ended(run: string): Promise<void>
  close(): void
}

const RULES = { asked: 'restricted-common-ports', automatic: 'restricted-ssh' }

export async function openChannel(sandbox: Sandbox): Promise<Channel> {
  const { stack, slack, detectors } = sandbox.deployed!
  const inSandbox = await stackIn(sandbox)
  const channel: Channel = {
    sandbox,
    slack: slack!,
    stack: inSandbox,
    store: dynamoStore(inSandbox.dynamo, stack.outputs.TableName!),
    ofFunctions: ({ accessKey }) => accessKey !== sandbox.env.AWS_ACCESS_KEY_ID,
    find: (what, groups) =>
      detectors.put(...groups.map((group) => configRule(RULES[what], 'AWS::EC2::SecurityGroup', group))),
    buttons(action) {
      const { messages } = slack!.state().channels.find(({ id }) => id === slack!.channel)!
      const all = messages.flatMap(({ ts, blocks }) =>
        buttonsOf({ blocks })
          .filter(({ action_id }) => action_id === action)
          .map(({ value }) => [value.split(':')[0]!, { ts, value }] as const),
      )
      return new Map(all)
    },
    async ended(run) {
      const why = () => `the end of ${run} in the channel`
      await until(why, () => channel.buttons('undo').get(run), { patienceMs: 120_000, pollMs: 100 })
    },
    close: () => inSandbox.close(),
  }
  return channel
}

/** Method → how often Slack answered that it was asked too often. */
export function limitedIn(calls: readonly SlackCall[]): Record<string, number> {
  return countsOf(calls.filter(({ error }) => error === 'ratelimited').map(({ method }) => method))
}

export function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
