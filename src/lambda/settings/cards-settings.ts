import { required, slackApi } from './from-environment.ts'

/** What the stack tells the function of cards: nothing of accounts, roles or timers, which it never uses. */
export interface CardsSettings {
  table: string
  cardsQueueUrl: string
  /** Name of the SSM parameter that holds the bot's token. */
  tokenParameter: string
  /** Slack's Web API, with a slash at its end; absent: Slack's own. */
  apiUrl?: string
  /** Name of the stack, for the commands that cards propose. */
  stack?: string
}

/** Throws for a setting that is missing or wrong, by its name. */
export function cardsSettingsFrom(env: NodeJS.ProcessEnv): CardsSettings {
  const apiUrl = slackApi(env)
  return {
    table: required(env, 'RECTIFY_TABLE'),
    cardsQueueUrl: required(env, 'RECTIFY_CARDS_QUEUE_URL'),
    tokenParameter: required(env, 'RECTIFY_SLACK_TOKEN_PARAMETER'),
    ...(apiUrl !== undefined && { apiUrl }),
    ...(env.RECTIFY_STACK && { stack: env.RECTIFY_STACK }),
  }
}
