import { startRecorder } from '../../../playbooks/config/start-recorder.ts'
import { absent, type SettingTable } from '../setting-table.ts'

const roleARN = 'arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig'
const ALL = { recordingGroup: { allSupported: true }, roleARN }
const OWN_ROLE = { ...ALL, roleARN: 'arn:aws:iam::123456789012:role/recorder' }
const stopped = { recorder: 'default', recording: false }
const started = { ...stopped, recording: true }

export const table: SettingTable = {
  playbook: startRecorder,
  finding: { source: 'securityhub', type: 'Config.1' },
  id: '123456789012',
  should: started,
  other: stopped,
  isAlwaysThere: true,
  rows: [
    { live: stopped, more: ALL, leads: 'set' },
    {
      live: stopped,
      more: OWN_ROLE,
      pends: 'Config.1 asks for the service-linked role AWSServiceRoleForConfig',
      leads: 'set',
    },
    {
      live: stopped,
      more: OWN_ROLE,
      finding: { evidence: { ruleParameters: { includeConfigServiceLinkedRoleCheck: 'false' } } },
      leads: 'set',
    },
    {
      live: stopped,
      more: OWN_ROLE,
      finding: { source: 'prowler', type: 'config_recorder_all_regions_enabled' },
      leads: 'set',
    },
    {
      live: started,
      more: ALL,
      leads: { outcome: 'alreadyCompliant', reason: 'recorder: default, recording: true already' },
    },
    {
      live: started,
      more: { ...ALL, recordingGroup: { recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' } } },
      leads: { outcome: 'unverified', reason: 'only some types of resource (INCLUSION_BY_RESOURCE_TYPES)' },
    },
    {
      live: started,
      more: { ...ALL, lastStatus: 'Failure', lastErrorCode: 'AccessDenied' },
      leads: { outcome: 'unverified', reason: 'fails to deliver: AccessDenied' },
    },
    {
      live: stopped,
      more: { ...ALL, noChannel: true },
      leads: { outcome: 'notApplicable', reason: 'put-delivery-channel' },
    },
    { live: null, leads: { outcome: 'notApplicable', reason: 'put-configuration-recorder' } },
    {
      live: { recorder: 'default' },
      leads: { outcome: 'failed', reason: 'AWS does not say recorder, recording' },
    },
  ],
  change: 'config:StartConfigurationRecorder',
  wire: {
    async plant({ account, send }) {
      // The role that Config.1 asks for.
      const own = roleARN.replace('123456789012', account)
      await send('config', 'PutConfigurationRecorder', {
        ConfigurationRecorder: { name: 'wire', roleARN: own, recordingGroup: { allSupported: true } },
      })
      const s3BucketName = 'rectify-wire-recorded'
      await send('s3', 'CreateBucket', { Bucket: s3BucketName })
      await send('config', 'PutDeliveryChannel', { DeliveryChannel: { name: 'wire', s3BucketName } })
      const live = async () => {
        const { ConfigurationRecordersStatus: all } = await send(
          'config',
          'DescribeConfigurationRecorderStatus',
          {},
        )
        return all![0]!.recording
      }
      return { id: account, live, should: true }
    },
  },
  aws: (resource) => {
    const { recordingGroup, noChannel, roleARN, ...status } = resource.more
    const own = () => ({ name: resource.values?.recorder })
    const recording = (action: string, on: boolean) => (input: Record<string, unknown>) => {
      if (input.ConfigurationRecorderName !== own().name)
        throw absent(action, 'NoSuchConfigurationRecorderException')
      resource.values = { recorder: own().name, recording: on }
      return {}
    }
    // Security Hub has one of its own, which is nobody else's to start.
    const ofService = {
      name: 'AWSConfigurationRecorderForSecurityHub',
      servicePrincipal: 'securityhub.amazonaws.com',
    }
    const also = <T>(item: T) => [ofService, ...(resource.values ? [item] : [])]
    return {
      config: {
        DescribeConfigurationRecorders: () => ({
          ConfigurationRecorders: also({ ...own(), recordingGroup, roleARN }),
        }),
        DescribeConfigurationRecorderStatus: () => ({
          ConfigurationRecordersStatus: also({ ...own(), recording: resource.values?.recording, ...status }),
        }),
        DescribeDeliveryChannels: () => ({ DeliveryChannels: noChannel ? [] : [{ name: 'default' }] }),
        StartConfigurationRecorder: recording('config:StartConfigurationRecorder', true),
        StopConfigurationRecorder: recording('config:StopConfigurationRecorder', false),
      },
    }
  },
}
