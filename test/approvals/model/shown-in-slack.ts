import { boundIn } from '../../../src/approvals/card/action-ids.ts'
import type { StateMessage } from '../../../src/sandbox/slack/workspace-state.ts'
import { CHANNEL } from './people-and-policies.ts'
import type { SlackStack } from './slack-stack.ts'

/** A button in a message: about which runs and plans it is. */
export interface Button {
  ts: string
  action: string
  value: string
  about: { run: string; hash: string }[]
}

export function messagesOf({ slack }: SlackStack): StateMessage[] {
  return slack.state().channels.find(({ id }) => id === CHANNEL)?.messages ?? []
}

export const cardIdOf = ({ metadata }: StateMessage): string =>
  (metadata?.event_payload as { card?: string } | undefined)?.card ?? 'not ours'

/** All buttons that stand, the oldest message first. */
export function buttonsOf(stack: SlackStack): Button[] {
  return messagesOf(stack).flatMap(({ ts, blocks }) =>
    blocks.flatMap((block) =>
      ((block.elements ?? []) as { type: string; action_id?: string; value?: string }[])
        .filter(({ type, value }) => type === 'button' && value !== undefined)
        .map(({ action_id: action = '', value = '' }) => ({
          ts,
          action,
          value,
          about: value.split(',').flatMap((one) => boundIn(one) ?? []),
        })),
    ),
  )
}
