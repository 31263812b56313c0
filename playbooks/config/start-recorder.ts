import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { cloudTrail, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { notApplicable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, listed } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { configService } from '../services.ts'

/** Its last part is an id that AWS makes, and that no call takes. */
const RECORDERS = 'arn:{partition}:config:{region}:{account}:configuration-recorder/*'
const everything = () => ({})

/** The account's own: those of services are started and stopped by them. */
const look = allOf({
  recorder: listed(
    configService,
    'DescribeConfigurationRecorders',
    'ConfigurationRecorders',
    everything,
    (all) => ({
      own: all.find(({ servicePrincipal }) => servicePrincipal === undefined),
    }),
  ),
  status: listed(
    configService,
    'DescribeConfigurationRecorderStatus',
    'ConfigurationRecordersStatus',
    everything,
    (all) => ({
      own: all.find(({ servicePrincipal }) => servicePrincipal === undefined),
    }),
  ),
  channels: listed(configService, 'DescribeDeliveryChannels', 'DeliveryChannels', everything, (all) => all),
})

/** Lets AWS Config record again what is changed in a region, where its recorder was stopped. */
export const startRecorder = defineSetting({
  id: 'config-start-recorder',
  title: 'Start the recorder of AWS Config',
  about: {
    risk: 'While the recorder stands still AWS Config sees no change, its rules judge what was there before, and Security Hub and Rectify hear of nothing new: they are blind in this region.',
    breaks:
      'Nothing stops working. Each configuration item that is recorded costs money, and rules with a remediation of their own act on what they had missed.',
  },
  implements: ['config-recorder'],
  ...ofTheAccount('arn:{partition}:config:{region}:{account}:recorder/{id}'),
  answers: [
    securityHub('Config.1'),
    prowler('config_recorder_all_regions_enabled'),
    cloudTrail(
      'config:StopConfigurationRecorder',
      'config:DeleteConfigurationRecorder',
      'config:DeleteDeliveryChannel',
    ),
  ],
  suggestedMode: 'auto',
  look,
  readsOn: {
    'config:DescribeConfigurationRecorders': [RECORDERS],
    'config:DescribeConfigurationRecorderStatus': [RECORDERS],
  },
  values: ({ recorder, status }): { recorder: string; recording: boolean } | null =>
    recorder.own?.name === undefined || status.own?.recording === undefined
      ? null
      : { recorder: recorder.own.name, recording: status.own.recording },
  should: (_parameters, { recorder: { own } }) =>
    own?.name === undefined ? notApplicable(NO_RECORDER) : { recorder: own.name, recording: true },
  set: (_id, { recorder: ConfigurationRecorderName, recording }) =>
    call('config', recording ? 'StartConfigurationRecorder' : 'StopConfigurationRecorder', {
      ConfigurationRecorderName,
    }),
  changes: ['config:StartConfigurationRecorder', 'config:StopConfigurationRecorder'].map((action) => ({
    action,
    resource: RECORDERS,
  })),
  unless: ({ channels }) => (channels.length === 0 ? NO_CHANNEL : undefined),
  pending: ({ status: { own } }) => {
    if (!own?.recording) return undefined
    if (own.lastStatus === 'Failure')
      return `it records, but fails to deliver: ${own.lastErrorCode} ${own.lastErrorMessage ?? ''}`.trim()
    return undefined
  },
  unproven({ recorder: { own } }, { findings }) {
    const { allSupported, recordingStrategy } = own?.recordingGroup ?? {}
    const doubts = [
      ...(allSupported
        ? []
        : [
            `it records only some types of resource (${recordingStrategy?.useOnly ?? 'see its recording group'}): whether those are what the finding misses is not known`,
          ]),
      ...(findings.some(asksForServiceRole) && !SERVICE_ROLE.test(own?.roleARN ?? '')
        ? [
            `Config.1 asks for the service-linked role AWSServiceRoleForConfig, and it records by ${own?.roleARN}`,
          ]
        : []),
    ]
    return doubts.length > 0 ? doubts.join('; ') : undefined
  },
  effect: 'changes of resources in this region are recorded and evaluated again',
})

/** Unless its parameter says otherwise (Security Hub user guide, Config.1). */
const asksForServiceRole = ({ type, evidence: { ruleParameters } }: Finding): boolean =>
  type === 'Config.1' && ruleParameters?.includeConfigServiceLinkedRoleCheck?.toLowerCase() !== 'false'
const SERVICE_ROLE = /:role\/aws-service-role\/config\.amazonaws\.com\//

const NO_RECORDER =
  'there is no recorder, and which role and which types of resource one should have a person must say: aws configservice put-configuration-recorder --configuration-recorder name=default,roleARN=ROLE --recording-group allSupported=true, then aws configservice start-configuration-recorder --configuration-recorder-name default'
const NO_CHANNEL =
  'there is no delivery channel, without which no recorder starts: aws configservice put-delivery-channel --delivery-channel name=default,s3BucketName=BUCKET (and put-configuration-recorder, where there is no recorder either)'
