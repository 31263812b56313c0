/** What the stack tells the receiver of Slack: nothing of accounts, roles or timers, which it never uses. */
export interface SlackFunctionSettings {
  table: string
  runsQueueUrl: string
  /** Days that a closed run is kept. */
  runRetentionDays: number
  /** Names of SSM parameters; '': there is no Slack, and every request is turned away. */
  tokenParameter: string
  signingSecretParameter: string
  /** Slack's Web API, with a slash at its end. */
  apiUrl: string
  /** Folder in which `rectify.yaml` lies beside the bundle. */
  folder: string
}

const SLACK_API = 'https://slack.com/api/'

/** Throws for a setting that is missing or wrong, by its name. */
export function slackSettingsFrom(env: NodeJS.ProcessEnv, folder: string): SlackFunctionSettings {
  const required = (name: string): string => {
    const value = env[name]
    if (!value) throw new Error(`${name} is not set: deploy this function with template.yaml`)
    return value
  }
  const runRetentionDays = Number(env.RECTIFY_RUN_RETENTION_DAYS ?? 90)
  if (!(runRetentionDays >= 0))
    throw new Error(`RECTIFY_RUN_RETENTION_DAYS is not a number: ${env.RECTIFY_RUN_RETENTION_DAYS}`)
  const apiUrl = env.RECTIFY_SLACK_API_URL || SLACK_API
  if (!URL.canParse(apiUrl)) throw new Error(`RECTIFY_SLACK_API_URL is no address: ${apiUrl}`)
  return {
    table: required('RECTIFY_TABLE'),
    runsQueueUrl: required('RECTIFY_RUNS_QUEUE_URL'),
    runRetentionDays,
    tokenParameter: env.RECTIFY_SLACK_TOKEN_PARAMETER ?? '',
    signingSecretParameter: env.RECTIFY_SLACK_SIGNING_SECRET_PARAMETER ?? '',
    apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    folder: env.LAMBDA_TASK_ROOT ?? folder,
  }
}
