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
  const required = (name: string): string => {
    const value = env[name]
    if (!value) throw new Error(`${name} is not set: deploy this function with template.yaml`)
    return value
  }
  const apiUrl = env.RECTIFY_SLACK_API_URL
  if (apiUrl && !URL.canParse(apiUrl)) throw new Error(`RECTIFY_SLACK_API_URL is no address: ${apiUrl}`)
  return {
    table: required('RECTIFY_TABLE'),
    cardsQueueUrl: required('RECTIFY_CARDS_QUEUE_URL'),
    tokenParameter: required('RECTIFY_SLACK_TOKEN_PARAMETER'),
    ...(apiUrl && { apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
    ...(env.RECTIFY_STACK && { stack: env.RECTIFY_STACK }),
  }
}
