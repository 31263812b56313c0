import { isRefusedToken } from './refusal-codes.ts'
import type { Secret } from './secrets.ts'
import type { SlackApi } from './slack-api.ts'
import { SlackRefused } from './slack-errors.ts'

type Asked = Pick<SlackApi, 'userInfo' | 'groupMembers' | 'openView'>

/**
 * Slack with a token that may be changed while this process lives: one that is refused is read again, and the call is
 * made once more. What was refused did nothing.
 * @param clientOf makes a client of a token
 */
export function slackWithToken(token: Secret, clientOf: (token: string) => Asked): Asked {
  let known: { token: string; client: Asked } | undefined
  const withToken = (value: string): Asked => {
    if (known?.token !== value) known = { token: value, client: clientOf(value) }
    return known.client
  }
  async function asked<T>(ask: (slack: Asked) => Promise<T>): Promise<T> {
    const used = await token.value()
    try {
      return await ask(withToken(used))
    } catch (error) {
      if (!(error instanceof SlackRefused) || !isRefusedToken(error)) throw error
      const renewed = await token.renewed(used)
      if (renewed === undefined) throw error
      return ask(withToken(renewed))
    }
  }
  return {
    userInfo: (user) => asked((slack) => slack.userInfo(user)),
    groupMembers: (group) => asked((slack) => slack.groupMembers(group)),
    openView: (trigger, view) => asked((slack) => slack.openView(trigger, view)),
  }
}
