import { messageOf } from '../playbook/message-of.ts'
import { SlackRefused, SlackUnanswered } from './slack-errors.ts'

/** Where Slack takes answers to what somebody did: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const SLACKS_OWN = /(^|\.)slack(-gov)?\.com$/

/**
 * Posts JSON to a `response_url`, which Slack gives with a click. Nothing is sent to hosts that are neither Slack's nor
 * that of the API (a stand-in's).
 * @param timeoutMs how long it may take
 * @throws SlackRefused, SlackUnanswered
 */
export function responder(apiUrl: string, timeoutMs: number): (url: string, body: object) => Promise<void> {
  const api = new URL(apiUrl).hostname
  return async (url, body) => {
    const { protocol, hostname } = new URL(url)
    const isSlacks = protocol === 'https:' && SLACKS_OWN.test(hostname)
    if (!isSlacks && hostname !== api) throw new SlackRefused('response_url', 'foreign_host')
    const { ok, status } = await posted(url, body, timeoutMs)
    if (!ok) throw new SlackUnanswered('response_url', `HTTP ${status}`)
  }
}

async function posted(url: string, body: object, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    throw new SlackUnanswered('response_url', messageOf(error), { cause: error })
  }
}
