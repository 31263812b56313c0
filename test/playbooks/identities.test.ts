import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { playbooks } from '../../playbooks/index.ts'
import { type AnyPlaybook, fillArn } from '../../src/playbook/playbook.ts'
import { withAccount } from '../../src/playbook/resource/resource-form.ts'

const place = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '111122223333' }
const HERE = 'arn:aws-us-gov'
const SET = 'wafv2:us-gov-west-1:111122223333:regional/ipset/office/0a1b'

interface Legal {
  arn: string
  id: string
  /** Other ways to name it. */
  spellings: string[]
}

/** Per playbook: the one ARN, and every way to name that resource. */
const LEGAL: Record<string, Legal> = {
  'ec2-close-open-ingress': {
    arn: `${HERE}:ec2:us-gov-west-1:111122223333:security-group/sg-0123456789abcdef0`,
    id: 'sg-0123456789abcdef0',
    spellings: [
      `${HERE}:ec2:us-gov-west-1::security-group/sg-0123456789abcdef0`,
      'AWS::EC2::SecurityGroup/sg-0123456789abcdef0',
    ],
  },
  'ec2-unshare-public-snapshot': {
    arn: `${HERE}:ec2:us-gov-west-1::snapshot/snap-0a1b2c3d`,
    id: 'snap-0a1b2c3d',
    spellings: [
      `${HERE}:ec2:us-gov-west-1:111122223333:snapshot/snap-0a1b2c3d`,
      'AWS::EC2::Snapshot/snap-0a1b2c3d',
    ],
  },
  'ssm-patch-instance': {
    arn: `${HERE}:ec2:us-gov-west-1:111122223333:instance/i-0123456789abcdef0`,
    id: 'i-0123456789abcdef0',
    spellings: [
      `${HERE}:ec2:us-gov-west-1::instance/i-0123456789abcdef0`,
      'AWS::EC2::Instance/i-0123456789abcdef0',
      'AWS::SSM::ManagedInstanceInventory/i-0123456789abcdef0',
      'AWS::SSM::PatchCompliance/i-0123456789abcdef0',
      `${HERE}:ssm:us-gov-west-1:111122223333:managed-instance-inventory/i-0123456789abcdef0`,
      `${HERE}:ssm:us-gov-west-1:111122223333:managed-instance/i-0123456789abcdef0`,
    ],
  },
  'ec2-require-imdsv2': {
    arn: `${HERE}:ec2:us-gov-west-1:111122223333:instance/i-0123456789abcdef0`,
    id: 'i-0123456789abcdef0',
    spellings: [
      `${HERE}:ec2:us-gov-west-1::instance/i-0123456789abcdef0`,
      'AWS::EC2::Instance/i-0123456789abcdef0',
    ],
  },
  's3-block-public-access': {
    arn: `${HERE}:s3:::reports.example`,
    id: 'reports.example',
    spellings: ['AWS::S3::Bucket/reports.example'],
  },
  'rds-protect-from-deletion': {
    arn: `${HERE}:rds:us-gov-west-1:111122223333:db:orders`,
    id: 'orders',
    spellings: ['AWS::RDS::DBInstance/orders'],
  },
  'wafv2-block-attacker-ip': {
    arn: `${HERE}:${SET}`,
    id: 'office',
    spellings: [`${HERE}:${SET.replace('111122223333', '')}`],
  },
}

/** Of a playbook that says no more than what its ids and ARNs look like. */
function byItsForm({ ids, arn, resource }: AnyPlaybook): Legal {
  const id = ids.examples[0] ?? ''
  const own = fillArn(arn, { ...place, id })
  return { arn: own, id, spellings: [withAccount(own, ''), `${resource}/${id}`] }
}

describe.each(playbooks)('$id', (definition) => {
  const { id: playbook, named, resource, ids } = definition
  const legal = LEGAL[playbook] ?? byItsForm(definition)

  test('knows one resource by every legal spelling of it', () => {
    // A set has an id of AWS's own behind its name, which the name alone does not tell.
    const byId = playbook.startsWith('wafv2') ? [] : [legal.id]
    for (const words of [legal.arn, ...byId, ...legal.spellings]) {
      const { resource: arn, key, id, notUnderstood } = named(words, place)
      expect({ words, arn, key, id, notUnderstood }).toEqual({
        words,
        arn: legal.arn,
        key: legal.arn,
        id: legal.id,
      })
    }
  })

  test.each([
    '',
    ' ',
    'arn:',
    'arn:aws-us-gov',
    '123456789012',
    'AWS::::Account',
    `${legal.id.toUpperCase()} `,
    `${legal.arn}:more`,
    `${legal.arn}/more`,
    `${HERE}:ec2:us-gov-west-1:111122223333:volume/vol-0123456789abcdef0`,
    legal.arn.replace('us-gov-west-1', 'us-gov-east-1'),
    legal.spellings[0]!.replace(/:(\d*):/, ':999999999999:'),
    legal.arn.replace('aws-us-gov', 'aws'),
    `AWS::SNS::Topic/${legal.id}`,
    `${legal.arn.replace(legal.id, '')}${legal.arn}`,
  ])('says of %j why it is not one of its resources', (words) => {
    // Any word of digits may be a name.
    if (ids.understood.test(words)) return expect(named(words, place).id).toBe(words)
    // ARNs of buckets name no region.
    if ([legal.arn, ...legal.spellings].includes(words))
      return expect(named(words, place).resource).toBe(legal.arn)
    const target = named(words, place)
    expect(target).toMatchObject({ resource: words, notUnderstood: expect.stringContaining(words.trim()) })
    expect(target.notUnderstood).toMatch(new RegExp(`${resource}|is of (region|account|partition) `))
  })

  test('never makes an ARN of what it does not understand, nor two ARNs of one', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => legal.arn + text),
        ),
        (words) => {
          const target = named(words, place)
          if (target.notUnderstood !== undefined) return target.resource === words
          return (
            target.resource.split('arn:').length === 2 &&
            named(target.resource, place).resource === target.resource
          )
        },
      ),
    )
  })
})
