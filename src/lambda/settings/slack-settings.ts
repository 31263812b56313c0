import { type PolicyPlace, policyPlace, required, retentionDays, slackApi } from './from-environment.ts'

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
  /** Where it lies instead. */
  policyPlace?: PolicyPlace
}

const SLACK_API = 'https://slack.com/api/'

/** Throws for a setting that is missing or wrong, by its name. */
export function slackSettingsFrom(env: NodeJS.ProcessEnv, folder: string): SlackFunctionSettings {
  return {
    table: required(env, 'RECTIFY_TABLE'),
    runsQueueUrl: required(env, 'RECTIFY_RUNS_QUEUE_URL'),
    runRetentionDays: retentionDays(env),
    tokenParameter: env.RECTIFY_SLACK_TOKEN_PARAMETER ?? '',
    signingSecretParameter: env.RECTIFY_SLACK_SIGNING_SECRET_PARAMETER ?? '',
    apiUrl: slackApi(env) ?? SLACK_API,
    folder: env.LAMBDA_TASK_ROOT ?? folder,
    ...policyPlace(env),
  }
}
