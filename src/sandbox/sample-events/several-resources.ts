import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { envelope, TIME } from './envelope.ts'

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-attack-sequence-finding-types.html: many signals, one story. */
export function attackSequence(finding: string, { buckets, key }: { buckets: string[]; key: string }) {
  const detector = '12abc34d567e8fa901bc2d34e56789f0'
  const type = 'AttackSequence:S3/CompromisedData'
  const title = `Potential data compromise of ${buckets.length} S3 buckets, by the key of a user`
  return envelope('aws.guardduty', 'GuardDuty Finding', finding, {
    schemaVersion: '2.0',
    accountId: SANDBOX_ACCOUNT,
    region: SANDBOX_REGION,
    partition: 'aws',
    id: finding,
    arn: `arn:aws:guardduty:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:detector/${detector}/finding/${finding}`,
    type,
    resource: { resourceType: 'AttackSequence' },
    service: {
      serviceName: 'guardduty',
      detectorId: detector,
      archived: false,
      count: 2,
      eventFirstSeen: '2026-11-20T08:41:02.000Z',
      eventLastSeen: '2026-11-20T09:11:02.000Z',
      additionalInfo: {},
      detection: {
        sequence: {
          uid: finding,
          description: title,
          actors: [
            { id: 'actor-1', user: { name: 'bob', type: 'IAMUser', account: { uid: SANDBOX_ACCOUNT } } },
          ],
          endpoints: [{ id: 'endpoint-1', ip: '45.155.205.10', connection: { direction: 'INBOUND' } }],
          resources: [
            ...buckets.map((name) => ({
              uid: `arn:aws:s3:::${name}`,
              name,
              resourceType: 'S3_BUCKET',
              accountId: SANDBOX_ACCOUNT,
              region: SANDBOX_REGION,
            })),
            {
              uid: key,
              name: key,
              resourceType: 'ACCESS_KEY',
              accountId: SANDBOX_ACCOUNT,
              region: SANDBOX_REGION,
            },
          ],
          sequenceIndicators: [{ key: 'ATTACK_TACTIC', values: ['Exfiltration'] }],
          signals: [
            {
              uid: '1',
              type: 'CLOUD_TRAIL',
              name: 's3:GetObject',
              severity: 5,
              createdAt: '2026-11-20T08:41:02.000Z',
              updatedAt: TIME,
            },
          ],
        },
      },
    },
    severity: 9,
    createdAt: '2026-11-20T08:45:00.000Z',
    updatedAt: TIME,
    title,
    description: title,
  })
}
