import { numberIn, type PolicyPlace, policyPlace, required, retentionDays } from './from-environment.ts'

/** What the stack tells a function: read once, when it starts; a missing or wrong setting names itself. */
export interface Settings {
  table: string
  runsQueueUrl: string
  runsQueueArn: string
  scheduleGroup: string
  scheduleRoleArn: string
  timersDlqArn: string
  /** Absent in functions that tell nobody by it. */
  topicArn?: string
  /** Of the queue of cards; absent: Slack is not set up. */
  cardsQueueUrl?: string
  /** Of the queue by which detectors are told; absent: this function does not send there. */
  writebackQueueUrl?: string
  /** Name of the stack, where a function is told it. */
  stack?: string
  readRoleArn: string
  changeRoleArn: string
  /** Account of the stack. */
  account: string
  /** Region of the stack; empty where Lambda did not say it. */
  region: string
  /** Whether the detectors are asked once a day for what is still open. */
  asksDetectors: boolean
  partition: string
  members: { accounts: string[]; readRole: string; changeRole: string }
  externalId: string
  patienceSeconds: number
  /** Days that a closed run is kept. */
  runRetentionDays: number
  /** Folder in which `rectify.yaml` lies beside the bundle. */
  folder: string
  /** Where it lies instead. */
  policyPlace?: PolicyPlace
}

export function settingsFrom(env: NodeJS.ProcessEnv, folder: string): Settings {
  const readRoleArn = required(env, 'RECTIFY_READ_ROLE_ARN')
  const [, partition = 'aws', , , account = ''] = readRoleArn.split(':')
  return {
    table: required(env, 'RECTIFY_TABLE'),
    runsQueueUrl: required(env, 'RECTIFY_RUNS_QUEUE_URL'),
    runsQueueArn: required(env, 'RECTIFY_RUNS_QUEUE_ARN'),
    scheduleGroup: required(env, 'RECTIFY_SCHEDULE_GROUP'),
    scheduleRoleArn: required(env, 'RECTIFY_SCHEDULE_ROLE_ARN'),
    timersDlqArn: required(env, 'RECTIFY_TIMERS_DLQ_ARN'),
    ...(env.RECTIFY_TOPIC_ARN && { topicArn: env.RECTIFY_TOPIC_ARN }),
    ...(env.RECTIFY_CARDS_QUEUE_URL && { cardsQueueUrl: env.RECTIFY_CARDS_QUEUE_URL }),
    ...(env.RECTIFY_WRITEBACK_QUEUE_URL && { writebackQueueUrl: env.RECTIFY_WRITEBACK_QUEUE_URL }),
    ...(env.RECTIFY_STACK && { stack: env.RECTIFY_STACK }),
    readRoleArn,
    changeRoleArn: required(env, 'RECTIFY_CHANGE_ROLE_ARN'),
    account,
    region: env.AWS_REGION ?? '',
    asksDetectors: env.RECTIFY_ASK_DETECTORS === 'daily',
    partition,
    members: {
      // Without separators, for room: the environment takes 4 KB.
      accounts: (env.RECTIFY_MEMBER_ACCOUNTS ?? '').match(/\d{12}/g) ?? [],
      readRole: env.RECTIFY_MEMBER_READ_ROLE ?? '',
      changeRole: env.RECTIFY_MEMBER_CHANGE_ROLE ?? '',
    },
    externalId: env.RECTIFY_EXTERNAL_ID ?? '',
    patienceSeconds: numberIn(env, 'RECTIFY_PATIENCE', 60),
    runRetentionDays: retentionDays(env),
    folder: env.LAMBDA_TASK_ROOT ?? folder,
    ...policyPlace(env),
  }
}

/** The role for looking or changing in an account: the stack's own, a member's, or none. */
export function roleFor(settings: Settings, account: string, phase: 'read' | 'change'): string | undefined {
  const { members, partition } = settings
  if (account === settings.account) return phase === 'read' ? settings.readRoleArn : settings.changeRoleArn
  if (!members.accounts.includes(account)) return undefined
  return `arn:${partition}:iam::${account}:role/${phase === 'read' ? members.readRole : members.changeRole}`
}
