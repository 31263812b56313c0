import { requireImdsV2 } from '../../../playbooks/ec2/require-imdsv2.ts'
import { type Fields, failure } from '../../support/aws-model/failure.ts'
import { absent, onlyIf, type SettingTable } from '../setting-table.ts'

const INSTANCE = 'i-0123456789abcdef0'
const V1 = { HttpTokens: 'optional' }

/** What CloudWatch counts of calls by IMDSv1, a day each. */
const counted = (...days: (number | undefined)[]) => days.map((Sum) => ({ Sum }))
const fortnight = (first = 0) => counted(first, ...Array.from({ length: 13 }, () => 0))

export const table: SettingTable = {
  playbook: requireImdsV2,
  finding: { type: 'EC2_IMDSV2_CHECK', id: INSTANCE },
  id: INSTANCE,
  should: { HttpTokens: 'required' },
  other: { HttpTokens: 'optional' },
  rows: [
    { live: V1, leads: 'set' },
    {
      live: V1,
      more: { datapoints: fortnight(3) },
      caution: 'something on it asked by IMDSv1 3 times in the last 14 days',
      leads: 'set',
    },
    {
      live: V1,
      more: { datapoints: counted(0, 0), LaunchTime: new Date('2026-11-27T08:00:00Z') },
      caution: 'for 2 of 14 days only, launched at 2026-11-27T08:00:00.000Z',
      leads: 'set',
    },
    { live: V1, more: { datapoints: [] }, caution: 'for 0 of 14 days only', leads: 'set' },
    {
      live: V1,
      more: { datapoints: counted(undefined, 0) },
      caution: 'in a way that is not understood',
      leads: 'set',
    },
    {
      live: V1,
      more: { datapoints: 'denied' },
      caution: 'whether something on it still asks by IMDSv1 could not be read',
      leads: 'set',
    },
    {
      live: V1,
      more: { options: { HttpPutResponseHopLimit: 1 } },
      warning: 'the hop limit is 1: containers on it',
      leads: 'set',
    },
    {
      live: V1,
      more: { group: 'web' },
      warning: 'Auto Scaling group web launches from a template',
      leads: 'set',
    },
    {
      live: V1,
      more: { account: { HttpTokens: 'optional', ManagedBy: 'declarative-policy' } },
      warning: 'does not require IMDSv2, by a declarative policy of the organization',
      leads: 'set',
    },
    {
      live: V1,
      more: { account: { HttpTokensEnforced: 'enabled', HttpTokens: 'required' } },
      warning: 'the account enforces IMDSv2: an undo may be refused',
      leads: 'set',
    },
    {
      live: { HttpTokens: 'required' },
      leads: { outcome: 'alreadyCompliant', reason: 'HttpTokens: required already' },
    },
    {
      live: V1,
      more: { options: { HttpEndpoint: 'disabled' } },
      leads: { outcome: 'notApplicable', reason: 'its metadata service is switched off' },
    },
    { live: null, leads: { outcome: 'failed', reason: `AWS does not say HttpTokens of ${INSTANCE}` } },
  ],
  change: 'ec2:ModifyInstanceMetadataOptions',
  optionalReads: ['cloudwatch:GetMetricStatistics', 'ec2:GetInstanceMetadataDefaults'],
  wire: {
    async plant({ send }) {
      const image = { ImageId: 'ami-0c55b159cbfafe1f0', InstanceType: 't3.micro' } as const
      const { Instances } = await send('ec2', 'RunInstances', { ...image, MinCount: 1, MaxCount: 1 })
      const id = Instances![0]!.InstanceId!
      const live = async () => {
        const { Reservations } = await send('ec2', 'DescribeInstances', { InstanceIds: [id] })
        const { HttpTokens, HttpEndpoint } = Reservations![0]!.Instances![0]!.MetadataOptions!
        return { HttpTokens, HttpEndpoint }
      }
      return { id, live, should: { HttpTokens: 'required', HttpEndpoint: 'enabled' } }
    },
    missing: 'i-0ffffffffffffffff',
  },
  aws: (resource) => ({
    ec2: {
      DescribeInstances: () => ({
        Reservations: onlyIf(resource, {
          Instances: [
            {
              InstanceId: INSTANCE,
              State: { Name: 'running' },
              Tags: [...resource.tags, ...groupTags(resource.more)],
              MetadataOptions: { ...resource.values, ...(resource.more.options as Fields) },
              LaunchTime: resource.more.LaunchTime,
            },
          ],
        }),
      }),
      ModifyInstanceMetadataOptions: ({ HttpTokens }) => {
        if (!resource.isThere) throw absent('ec2:ModifyInstanceMetadataOptions', 'InvalidInstanceID.NotFound')
        resource.values = { HttpTokens }
        return {}
      },
      GetInstanceMetadataDefaults: () => ({ AccountLevel: resource.more.account }),
    },
    cloudwatch: {
      GetMetricStatistics: ({ StartTime, EndTime }) => {
        const { datapoints = fortnight() } = resource.more
        if (datapoints === 'denied') throw failure('cloudwatch:GetMetricStatistics', 'AccessDenied')
        const days = (Number(EndTime) - Number(StartTime)) / 86_400_000
        return { Label: 'MetadataNoToken', Datapoints: days === 14 ? datapoints : [] }
      },
    },
  }),
}

const groupTags = ({ group }: Fields) =>
  group === undefined ? [] : [{ Key: 'aws:autoscaling:groupName', Value: group }]
