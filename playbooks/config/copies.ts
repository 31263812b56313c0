import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../src/playbook/service/copies.ts'
import { bucketMaking } from '../s3/copies.ts'

/** One recorder to an account and region: a channel cannot be made before it. */
function recorderStub(account: string, partition: string): Making {
  const roleARN = `arn:${partition}:iam::${account}:role/config`
  return making(
    call('config', 'PutConfigurationRecorder', { ConfigurationRecorder: { name: 'default', roleARN } }),
    { makes: 'recorder', isStub: true },
  )
}

/** Of AWS Config itself what records; what it has recorded is not made. */
export const recorderCopies = defineCopies('config', {
  DescribeConfigurationRecorders: ({ answer }) =>
    (answer?.ConfigurationRecorders ?? [])
      // That of a service is the service's to make.
      .filter(({ servicePrincipal }) => servicePrincipal === undefined)
      .map((recorder) =>
        making(
          call('config', 'PutConfigurationRecorder', {
            ConfigurationRecorder: picked(recorder, 'name', 'roleARN', 'recordingGroup'),
          }),
          { makes: 'recorder' },
        ),
      ),
  DescribeDeliveryChannels: ({ answer, account, partition, region }) =>
    (answer?.DeliveryChannels ?? []).map((channel) => {
      const { name = 'default', s3BucketName = 'rectify-channel' } = channel
      return making(
        call('config', 'PutDeliveryChannel', {
          DeliveryChannel: { name, s3BucketName, ...picked(channel, 's3KeyPrefix') },
        }),
        { needs: [bucketMaking(s3BucketName, region), recorderStub(account, partition)] },
      )
    }),
  DescribeConfigurationRecorderStatus: ({ answer }) =>
    (answer?.ConfigurationRecordersStatus ?? []).flatMap(({ name, recording, servicePrincipal }) =>
      recording && servicePrincipal === undefined
        ? [
            making(call('config', 'StartConfigurationRecorder', { ConfigurationRecorderName: name }), {
              isLast: true,
            }),
          ]
        : [],
    ),
  GetResourceConfigHistory: ({ answer }) =>
    (answer?.configurationItems ?? []).length === 0 ? [] : 'what AWS Config has recorded is not made again',
})
