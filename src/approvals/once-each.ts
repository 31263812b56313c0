import type { SlackApi } from './slack-api.ts'

/** Slack, asked about each user and each group once: for the span of one request, in which an answer does not age. */
export function onceEach<S extends Pick<SlackApi, 'userInfo' | 'groupMembers'>>(slack: S): S {
  return { ...slack, userInfo: once(slack.userInfo), groupMembers: once(slack.groupMembers) }
}

function once<T>(ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return (id) => {
    const known = asked.get(id) ?? ask(id)
    asked.set(id, known)
    return known
  }
}
