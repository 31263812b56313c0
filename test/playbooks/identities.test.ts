import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { playbooks } from '../../playbooks/index.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

const place = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '111122223333' }
const HERE = 'arn:aws-us-gov'
const VOLUME = `${HERE}:ec2:us-gov-west-1:111122223333:volume/vol-0123456789abcdef0`
const SET = 'wafv2:us-gov-west-1:111122223333:regional/ipset/office/0a1b'

interface Legal {
  arn: string
  id: string
  /** Other ways to name it. */
  spellings: string[]
  /** Any word may be the name of one. */
  takesAnyName?: boolean
  /** It knows resources of many kinds. */
  takesVolumes?: boolean
}

/** Where there is more to say than id, ARN and type: per playbook the one ARN, and every way to name that resource. */
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
  'tag-required-tags': {
    arn: `${HERE}:ec2:us-gov-west-1:111122223333:instance/i-0123456789abcdef0`,
    id: 'instance/i-0123456789abcdef0',
    spellings: [`${HERE}:ec2:us-gov-west-1::instance/i-0123456789abcdef0`],
    takesVolumes: true,
  },
  'wafv2-block-attacker-ip': {
    arn: `${HERE}:${SET}`,
    id: 'office',
    spellings: [`${HERE}:${SET.replace('111122223333', '')}`],
    takesAnyName: true,
  },
}

function legalOf({ id: playbook, ids, named, resource }: AnyPlaybook): Legal {
  const id = ids.examples[0]!
  const takesAnyName = ids.understood.test('any-word-or-123')
  const spellings = [`${resource}/${id}`]
  return LEGAL[playbook] ?? { arn: named(id, place).resource, id, spellings, takesAnyName }
}

describe.each(playbooks)('$id', (playbook) => {
  const { named, resource } = playbook
  const legal = legalOf(playbook)

  test('knows one resource by every legal spelling of it', () => {
    // A set has an id of AWS's own behind its name, which the name alone does not tell.
    const byId = playbook.id.startsWith('wafv2') ? [] : [legal.id]
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
    VOLUME,
    legal.arn.replace('us-gov-west-1', 'us-gov-east-1'),
    legal.spellings[0]!.replace(/:(\d*):/, ':999999999999:'),
    legal.arn.replace('aws-us-gov', 'aws'),
    `AWS::Some::Thing/${legal.id}`,
    `${legal.arn.replace(legal.id, '')}${legal.arn}`,
  ])('says of %j why it is not one of its resources', (words) => {
    // Names with slashes go on after one.
    if (words === `${legal.arn}/more` && playbook.ids.understood.test(`${legal.id}/more`))
      return expect(named(words, place).id).toBe(`${legal.id}/more`)
    if (legal.takesVolumes && words === VOLUME) return expect(named(words, place).resource).toBe(words)
    if (legal.takesAnyName && /^[\w-]+$/.test(words)) return expect(named(words, place).id).toBe(words)
    // An ARN that does not say where is the same everywhere.
    if (words === legal.arn) return expect(named(words, place).resource).toBe(words)
    // A name with a slash in it is of another resource of the kind.
    if (words === `${legal.arn}/more` && playbook.ids.understood.test(`${legal.id}/more`))
      return expect(named(words, place).id).toBe(`${legal.id}/more`)
    // An alias of it is reported as it is.
    if (words === `${legal.arn}:more` && playbook.alsoNamed?.includes(`${playbook.arn}:*`))
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
