import type { Instance } from '@aws-sdk/client-ec2'
import { optionally } from '../../src/playbook/setting/looks.ts'
import { cloudwatch } from '../services.ts'

/** For how long nobody may have asked by IMDSv1: as long as a job takes that runs every other week. */
const DAYS = 14
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

interface Use {
  /** Days of which CloudWatch has a count. */
  days: number
  /** Not a number: a day came without one. */
  calls: number
}

/**
 * How often an instance was asked for metadata without a token, day by day: CloudWatch counts that for each instance that
 * runs (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html, `MetadataNoToken`).
 */
export const imdsV1Use = optionally(
  cloudwatch,
  'GetMetricStatistics',
  (id, _target, _aws, asked) => ({
    Namespace: 'AWS/EC2',
    MetricName: 'MetadataNoToken',
    Dimensions: [{ Name: 'InstanceId', Value: id }],
    ...lastDays(asked?.at),
    Period: DAY_MS / 1000,
    Statistics: ['Sum' as const],
  }),
  ({ Datapoints = [] }): Use => ({
    days: Datapoints.length,
    calls: Datapoints.reduce((sum, { Sum }) => sum + (Sum ?? Number.NaN), 0),
  }),
)

/** To the hour, so that looks of a wave ask the same, and an answer is not kept for longer. */
function lastDays(at = ''): { StartTime: Date; EndTime: Date } {
  const end = Math.ceil(Date.parse(at) / HOUR_MS) * HOUR_MS
  return { StartTime: new Date(end - DAYS * DAY_MS), EndTime: new Date(end) }
}

/** Why it is not known that nothing on the instance still asks by IMDSv1; nothing where it is. */
export function mayStillUseV1(use: Use | undefined, { LaunchTime }: Pick<Instance, 'LaunchTime'>): string[] {
  const doubt = doubtOf(use, LaunchTime)
  return doubt === undefined ? [] : [doubt]
}

function doubtOf(use: Use | undefined, launched: Date | undefined): string | undefined {
  if (use === undefined) return 'whether something on it still asks by IMDSv1 could not be read'
  if (use.calls > 0) {
    const times = use.calls === 1 ? 'once' : `${use.calls} times`
    return `something on it asked by IMDSv1 ${times} in the last ${DAYS} days (CloudWatch MetadataNoToken)`
  }
  if (Number.isNaN(use.calls)) return 'CloudWatch counts what asks by IMDSv1 in a way that is not understood'
  if (use.days >= DAYS) return undefined
  const since = launched ? `, launched at ${new Date(launched).toISOString()}` : ''
  return `CloudWatch has counted what asks by IMDSv1 for ${use.days} of ${DAYS} days only${since}`
}
