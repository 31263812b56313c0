import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { decide } from '../../src/policy/decide.ts'
import { parsePolicy } from '../../src/policy/file/load.ts'
import { errorOf, subject } from './fake-playbooks.ts'

const GROUP = 'sg-0123456789abcdef0'
const load = (text: string) => parsePolicy(`version: 1\n${text}`, '/etc/rectify.yaml', playbooks)
const exempting = (pattern: string, playbook?: string) =>
  `exemptions:\n  - { resource: "${pattern}", ${playbook ? `playbook: ${playbook}, ` : ''}owner: o, reason: r, until: 2099-01-01 }\n`

const SECTIONS: [name: string, key: string, text: (pattern: string) => string][] = [
  ['an exemption', 'exemptions[0].resource', (pattern) => exempting(pattern)],
  ['never', 'never.resources[0]', (pattern) => `never: { resources: ["${pattern}"] }`],
  [
    'a rule',
    'rules[0].when.resource',
    (pattern) => `rules:\n  - { when: { resource: "${pattern}" }, mode: off }\n`,
  ],
]

describe.each(SECTIONS)('%s', (_, key, text) => {
  test.each([
    'sg-0bastion',
    'bastion',
    '*bastion*',
    'sg-0123456789abcdef01',
    'SG-0123456789ABCDEF0',
    `arn:aws:ec2:us-east-1:12345:security-group/${GROUP}`,
    'arn:aws:ec2:us-east-1:123456789012:security-group/bastion',
    `arn:aws:ec2:us-east-1:123456789012:securitygroup/${GROUP}`,
    `arn:aws:ec2:us-east-1:security-group/${GROUP}`,
    `arn:aws:ec2:us-east-1:123456789012:vpc/${GROUP}`,
    `arn:aws:wafv2:us-east-1:123456789012:regional/ipset/rectify-block-v4`,
    'role/BreakGlass',
    'name:',
    'AWS::EC2::SecurityGroup/sg-0123456789abcdef0',
  ])('that can match nothing is refused with the form that works: %s', (pattern) => {
    const { problems } = errorOf(() => load(text(pattern)))

    expect(problems).toMatchObject([
      { key, message: expect.stringContaining(`"${pattern}" can match nothing`) },
    ])
    expect(problems[0]?.message).toContain('write an id (sg-0123456789abcdef0, ')
    expect(problems[0]?.message).toContain('arn:aws:ec2:*:*:security-group/sg-0123456789abcdef0')
    expect(problems[0]?.message).toContain('name:PATTERN')
  })

  test.each([
    '*',
    GROUP,
    'sg-0a1b2c3d',
    'sg-0*',
    '*def0',
    'snap-0123456789abcdef0',
    'i-*',
    'name:bastion-*',
    'rectify-block-v4',
    `arn:aws:ec2:*:*:security-group/sg-0*`,
    `arn:aws:ec2:*${GROUP}`,
    'arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0',
    'arn:aws:ec2:us-east-1:123456789012:snapshot/snap-0123456789abcdef0',
    `arn:aws-cn:ec2:cn-north-1::security-group/${GROUP}`,
    'arn:aws:wafv2:us-east-1:123456789012:regional/ipset/office/*',
    'arn:aws:iam::*:role/BreakGlass',
  ])('that can match something is taken: %s', (pattern) => {
    expect(() => load(text(pattern))).not.toThrow()
  })
})

describe('an exemption for a playbook', () => {
  test.each([
    ['wafv2-block-attacker-ip', 'office'],
    ['wafv2-block-attacker-ip', 'name:office'],
    ['ec2-close-open-ingress', 'name:office'],
  ])('%s may be of what that changes: %s', (playbook, pattern) => {
    expect(() => load(exempting(pattern, playbook))).not.toThrow()
  })

  test.each([
    ['ec2-unshare-public-snapshot', GROUP, 'write an id (snap-0123456789abcdef0)'],
    ['ec2-unshare-public-snapshot', 'name:office', 'AWS::EC2::Snapshot has no name of its own'],
    ['ssm-patch-instance', 'name:office', 'AWS::EC2::Instance has no name of its own'],
    ['ec2-close-open-ingress', 'arn:aws:iam::*:role/BreakGlass', 'write an id (sg-0123456789abcdef0)'],
  ])('%s is refused for anything else: %s', (playbook, pattern, form) => {
    expect(errorOf(() => load(exempting(pattern, playbook))).problems[0]?.message).toContain(form)
  })
})

describe('every legal spelling of a resource is the same to a guard rail', () => {
  const place = { partition: 'aws', region: 'eu-central-1', account: '111122223333' }
  // A set has an id of AWS's own behind its name, which the name alone does not tell.
  const ids: Record<string, string> = {
    'wafv2-block-attacker-ip': 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/rectify-block-v4/a1b2',
  }
  const spelled = playbooks.flatMap((playbook) => {
    const { resource: arn, id } = playbook.named(ids[playbook.id] ?? playbook.ids.examples[0]!, place)
    const [head, rest] = [arn.split(':').slice(0, 4).join(':'), arn.split(':').slice(5).join(':')]
    const spellings = [id, `${head}::${rest}`, `${head}:${place.account}:${rest}`, `${head}:*:${rest}`]
    return spellings.map((pattern) => ({ playbook: playbook.id, resource: { arn, id }, pattern }))
  })

  test.each(spelled)('$playbook: $pattern', ({ playbook, resource, pattern }) => {
    const about = subject({ playbook, resource, account: place.account, region: place.region })
    const ruled = (text: string) => decide(load(text), about, 0).mode

    expect(ruled(exempting(pattern))).toBe('exempted')
    expect(ruled(`never: { resources: ["${pattern}"] }`)).toBe('blocked')
    expect(ruled(`rules:\n  - { when: { resource: "${pattern}" }, mode: off }\n`)).toBe('off')
  })
})

describe('a name', () => {
  const about = (name?: string | null) =>
    subject({
      playbook: 'ec2-close-open-ingress',
      resource: { arn: 'arn:x', id: GROUP, ...(name !== undefined && { name }) },
    })

  test.each(SECTIONS)('is matched as it is, and undecided while nobody has read it: %s', (_, __, text) => {
    const policy = load(text('name: bastion-*'))
    const mode = (name?: string | null) => decide(policy, about(name), 0).mode

    expect(['exempted', 'blocked', 'off']).toContain(mode('bastion-eu'))
    expect(mode('Bastion-eu')).toBe('rehearse')
    expect(mode(null)).toBe('rehearse')
    expect(decide(policy, about(), 0)).toMatchObject({ mode: 'undecided', reason: 'undecided: name' })
  })
})
