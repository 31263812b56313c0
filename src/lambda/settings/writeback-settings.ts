import { required, retentionDays } from './from-environment.ts'

/** What the stack tells the function that tells detectors: neither queues of runs nor timers, which it never uses. */
export interface WritebackSettings {
  table: string
  writebackQueueUrl: string
  /** Days that a closed run is kept. */
  runRetentionDays: number
  /** The role for telling in an account: the stack's own, a member's, or none. */
  roleFor(account: string): string | undefined
  externalId: string
}

/** Throws for a setting that is missing or wrong, by its name. */
export function writebackSettingsFrom(env: NodeJS.ProcessEnv): WritebackSettings {
  const tellRole = required(env, 'RECTIFY_TELL_ROLE_ARN')
  const [, partition = 'aws', , , hub = ''] = tellRole.split(':')
  const members = new Set((env.RECTIFY_MEMBER_ACCOUNTS ?? '').match(/\d{12}/g) ?? [])
  const memberRole = required(env, 'RECTIFY_MEMBER_TELL_ROLE')
  return {
    table: required(env, 'RECTIFY_TABLE'),
    writebackQueueUrl: required(env, 'RECTIFY_WRITEBACK_QUEUE_URL'),
    runRetentionDays: retentionDays(env),
    roleFor(account) {
      if (account === hub) return tellRole
      return members.has(account) ? `arn:${partition}:iam::${account}:role/${memberRole}` : undefined
    },
    externalId: env.RECTIFY_EXTERNAL_ID ?? '',
  }
}
