import { rotateSecret } from '../../../playbooks/secretsmanager/rotate.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const ID = 'shop/database-a1B2c3'

const rotated = (RotationEnabled: boolean) => ({ RotationEnabled })
const SET_UP = {
  RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:SecretsManagerRotation',
  RotationRules: { AutomaticallyAfterDays: 30 },
}

function there({ isThere }: LiveResource, operation: string): void {
  if (!isThere) throw absent(`secretsmanager:${operation}`, 'ResourceNotFoundException')
}

export const table: SettingTable = {
  playbook: rotateSecret,
  finding: { type: 'SECRETSMANAGER_ROTATION_ENABLED_CHECK', id: ID },
  id: ID,
  should: rotated(true),
  other: rotated(false),
  rows: [
    {
      live: rotated(false),
      more: SET_UP,
      leads: 'set',
      warning:
        'SecretsManagerRotation rotates it, {"AutomaticallyAfterDays":30}; its step testSecret is tried at once',
    },
    {
      live: rotated(false),
      more: { ...SET_UP, LastAccessedDate: new Date('2026-11-20T00:00:00Z') },
      leads: 'set',
      caution: 'it was last read on 2026-11-20: programs that keep it in memory fail once it is rotated',
    },
    ...[{ maximumAllowedRotationFrequency: '7' }, { maximumAllowedRotationFrequencyInHours: '168' }].map(
      (ruleParameters) => ({
        live: rotated(false),
        more: SET_UP,
        finding: { evidence: { ruleParameters } },
        pends: 'the rule asks for a rotation every 7 days at least',
        leads: 'set' as const,
      }),
    ),
    {
      live: rotated(false),
      more: SET_UP,
      finding: { evidence: { ruleParameters: { maximumAllowedRotationFrequency: '30' } } },
      leads: 'set',
    },
    {
      live: rotated(true),
      more: SET_UP,
      leads: { outcome: 'alreadyCompliant', reason: 'RotationEnabled: true already' },
    },
    ...[
      [{}, 'no function rotates it: aws secretsmanager rotate-secret'],
      [{ OwningService: 'redshift' }, 'redshift made it, and says whether it is rotated'],
      [{ ...SET_UP, DeletedDate: new Date('2026-12-24T00:00:00Z') }, 'it is going to be deleted'],
      [
        { ...SET_UP, PrimaryRegion: 'ap-south-2' },
        'it is a replica: it is rotated where it comes from, in ap-south-2',
      ],
    ].map(([more, reason]) => ({
      // Of one that was never set up nothing is said.
      live: null,
      more: more as Fields,
      leads: { outcome: 'notApplicable' as const, reason: reason as string },
    })),
  ],
  change: 'secretsmanager:RotateSecret',
  wire: {
    notKept:
      'moto forgets the function when rotation is switched on without naming it, and runs named ones in Docker: the model of this table keeps both',
  },
  aws: (secret) => ({
    secretsmanager: {
      DescribeSecret: ({ SecretId }) => {
        there(secret, 'DescribeSecret')
        return { ARN: SecretId, Name: 'shop/database', Tags: secret.tags, ...secret.values, ...secret.more }
      },
      RotateSecret: ({ SecretId, RotateImmediately }) => {
        there(secret, 'RotateSecret')
        // Not by its id, and not at once.
        if (!String(SecretId).startsWith('arn:') || RotateImmediately !== false) throw new TypeError('not so')
        secret.values = rotated(true)
        return {}
      },
      CancelRotateSecret: () => {
        there(secret, 'CancelRotateSecret')
        secret.values = rotated(false)
        return {}
      },
    },
  }),
}
