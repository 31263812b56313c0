import { setRetention } from '../../../playbooks/logs/set-retention.ts'
import { absent, onlyIf, type SettingTable } from '../setting-table.ts'

const GROUP = '/aws/lambda/orders'
const days = (retentionInDays: number | string) => ({ retentionInDays })

export const table: SettingTable = {
  playbook: setRetention,
  // So Prowler names it.
  finding: {
    source: 'prowler',
    type: 'cloudwatch_log_group_retention_policy_specific_days_enabled',
    id: `arn:aws:logs:eu-west-1:123456789012:log-group:${GROUP}:*`,
  },
  id: GROUP,
  should: days(365),
  other: days(90),
  rows: [
    { live: days(30), leads: 'set' },
    { live: days(365), leads: { outcome: 'alreadyCompliant', reason: 'retentionInDays: 365 already' } },
    {
      live: days(30),
      parameters: { days: 90 },
      should: days(90),
      pends: 'the finding asks for 365 days, and parameters.days of the policy is 90',
      leads: 'set',
    },
    {
      live: days(30),
      parameters: { days: 90 },
      should: days(90),
      finding: {
        source: 'config',
        type: 'CW_LOGGROUP_RETENTION_PERIOD_CHECK',
        evidence: { ruleParameters: { MinRetentionTime: '90' } },
      },
      leads: 'set',
    },
    // Never shortened.
    { live: days(731), leads: { outcome: 'alreadyCompliant', reason: 'retentionInDays: 731 already' } },
    { live: {}, leads: { outcome: 'alreadyCompliant', reason: 'retentionInDays: for ever already' } },
    {
      live: days(2),
      more: { logGroupClass: 'DELIVERY' },
      leads: { outcome: 'notApplicable', reason: 'class DELIVERY' },
    },
  ],
  change: 'logs:PutRetentionPolicy',
  readsOfTargets: ['cloudtrail:DescribeTrails'],
  wire: {
    async plant({ account, region, send }) {
      const logGroupName = '/rectify/wire/short'
      await send('logs', 'CreateLogGroup', { logGroupName })
      // The name of another begins like its own.
      await send('logs', 'CreateLogGroup', { logGroupName: `${logGroupName}-2` })
      await send('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: 14 })
      const live = async () => {
        const { logGroups } = await send('logs', 'DescribeLogGroups', { logGroupNamePrefix: logGroupName })
        return logGroups!.map(({ retentionInDays = null }) => retentionInDays)
      }
      const id = `arn:aws:logs:${region}:${account}:log-group:${logGroupName}:*`
      return { id, live, should: [365, null] }
    },
    missing: '/rectify/wire/no-such-group',
  },
  aws: (group) => ({
    logs: {
      DescribeLogGroups: ({ logGroupNamePrefix }) => ({
        logGroups: [
          { logGroupName: `${logGroupNamePrefix}-2`, retentionInDays: 1 },
          ...onlyIf(group, { logGroupName: GROUP, ...group.values, ...group.more }),
        ],
      }),
      ListTagsForResource: () => ({
        tags: Object.fromEntries(group.tags.map(({ Key, Value }) => [Key, Value])),
      }),
      PutRetentionPolicy: ({ logGroupName, retentionInDays }) => {
        if (!group.isThere || logGroupName !== GROUP)
          throw absent('logs:PutRetentionPolicy', 'ResourceNotFoundException')
        group.values = { retentionInDays }
        return {}
      },
    },
  }),
}
