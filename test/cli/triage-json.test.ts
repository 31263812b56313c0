import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { parsePolicy } from '../../src/policy/file/load.ts'
import type { LoadedPolicy } from '../../src/policy/rules.ts'
import { plain } from '../../src/reports/paint.ts'
import { triageJson } from '../../src/reports/triage/triage-json.ts'
import { triageText } from '../../src/reports/triage/triage-text.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')

function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: 'f-1',
    version: '2026-11-20T09:00:00.000Z#0000000001',
    source: 'config',
    type: 'INCOMING_SSH_DISABLED',
    title: 'ssh open',
    severity: 'MEDIUM',
    status: 'active',
    account: '123456789012',
    region: 'eu-central-1',
    partition: 'aws',
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-1' }],
    observedAt: '2026-11-20T09:00:00.000Z',
    evidence: {},
    ...overrides,
  }
}

const policy = (text: string): LoadedPolicy =>
  parsePolicy(`version: 1\n${text}`, '/p/rectify.yaml', playbooks)
const actions = (one: Finding, by: LoadedPolicy) => triage(one, by).actions
const triage = (one: Finding, by: LoadedPolicy) =>
  triageJson({ findings: [one], rejected: [] }, playbooks, by, NOW).findings[0]!

describe('triage', () => {
  test('names the playbook that answers, the mode and the rule that decided it', () => {
    expect(actions(finding(), policy('rules: [{ mode: auto }]'))).toEqual([
      {
        ...{ playbook: 'ec2-close-open-ingress', mode: 'auto', reason: 'rule 1 (rectify.yaml:2)' },
        by: { kind: 'rule', number: 1, line: 2 },
      },
    ])
  })

  test('says of which attack sequence or incident a finding is part', () => {
    const part = finding({ evidence: { group: 'seq-1' } })
    expect(triage(part, { kind: 'none' }).incident).toBe('seq-1')
    expect(triage(finding(), { kind: 'none' })).not.toHaveProperty('incident')
    const told = triageJson({ findings: [part], rejected: [] }, playbooks, { kind: 'none' }, NOW)
    expect(triageText(told, plain)).toContain('part of incident seq-1')
  })

  test('says so when there is no policy', () => {
    expect(actions(finding(), { kind: 'none' })).toMatchObject([
      { mode: 'rehearse', reason: 'no policy file' },
    ])
  })

  test('leaves it undecided where a rule asks for tags, which it does not read', () => {
    const byTags = policy('rules: [{ when: { tags: { environment: prod } }, mode: auto }]')
    expect(actions(finding(), byTags)).toMatchObject([{ mode: 'undecided', reason: 'undecided: tags' }])
  })

  test.each(['resolved', 'archived', 'suppressed', 'sample'] as const)(
    'ignores a %s finding and says why',
    (status) => {
      expect(triage(finding({ status }), { kind: 'none' })).toMatchObject({ actions: [], ignored: status })
    },
  )

  test('ignores a finding that no playbook answers', () => {
    const ignored = triage(finding({ type: 'A_RULE_THAT_NOBODY_ANSWERS' }), { kind: 'none' }).ignored
    expect(ignored).toBe('no playbook answers config A_RULE_THAT_NOBODY_ANSWERS')
  })

  // Of one type both: what is shared with somebody may be meant so, what is public is not.
  test.each([
    { order: 'public first', first: true },
    { order: 'public last', first: false },
  ])('asks each finding of a type whether the condition of the playbook holds ($order)', ({ first }) => {
    const shared = (id: string, evidence: Finding['evidence']) =>
      finding({ id, source: 'accessanalyzer', type: 'ExternalAccess:AWS::S3::Bucket', evidence })
    const both = [shared('public', { isPublic: true }), shared('shared', {})]
    const findings = first ? both : both.reverse()
    const triaged = triageJson({ findings, rejected: [] }, playbooks, { kind: 'none' }, NOW).findings
    expect(triaged.map(({ id, actions }) => [id, actions.map(({ playbook }) => playbook)]).sort()).toEqual([
      ['public', ['s3-block-public-access', 's3-remove-public-grants']],
      ['shared', []],
    ])
  })

  test('has no word of ignoring where there are actions', () => {
    expect(triage(finding(), { kind: 'none' })).not.toHaveProperty('ignored')
  })

  // Whatever the source that names the resource.
  test('finds an exemption by the id and by the ARN of the group, also where a probe names it as evidence only', () => {
    const GROUP = 'sg-0123456789abcdef0'
    const probe = finding({
      source: 'guardduty',
      type: 'Recon:EC2/PortProbeUnprotectedPort',
      resources: [{ type: 'AWS::EC2::Instance', id: 'i-1' }],
      evidence: { groups: [GROUP], ports: [22], role: 'TARGET' },
    })
    for (const resource of [GROUP, `"arn:aws:ec2:eu-central-1:123456789012:security-group/${GROUP}"`]) {
      const exempting = policy(
        `rules: [{ mode: auto }]\nexemptions: [{ resource: ${resource}, owner: o, reason: r, until: 2027-01-01 }]`,
      )
      const rule = finding({ resources: [{ type: 'AWS::EC2::SecurityGroup', id: GROUP }] })
      for (const one of [rule, probe]) {
        const closing = actions(one, exempting).find(({ playbook }) => playbook === 'ec2-close-open-ingress')
        expect(closing?.mode).toBe('exempted')
      }
    }
  })

  test('asks only the named playbook where a person named one', () => {
    const manual = finding({ source: 'manual', type: 'whatever' })
    const { findings } = triageJson(
      { findings: [manual], rejected: [] },
      playbooks,
      { kind: 'none' },
      NOW,
      'ssm-patch-instance',
    )
    expect(findings[0]?.actions.map(({ playbook }) => playbook)).toEqual(['ssm-patch-instance'])
  })

  describe('of a rule of AWS Config', () => {
    const named = (ruleName: string, type = ruleName) => finding({ type, evidence: { ruleName } })

    test('whose name says nothing tells that it does not know what it is', () => {
      const triaged = triage(named('our-rule'), policy('rules: [{ mode: auto }]'))
      expect(triaged).toMatchObject({
        ignored: 'no playbook answers config our-rule',
        unknown: expect.stringMatching(/^what rule our-rule is: .*AWS Config.*configRules/),
      })
    })

    test('takes the word of the policy on what it is', () => {
      const said = policy('rules: [{ mode: auto }]\nconfigRules: { "our-*": INCOMING_SSH_DISABLED }')
      expect(triage(named('our-rule'), said)).toMatchObject({
        type: 'INCOMING_SSH_DISABLED',
        actions: [{ playbook: 'ec2-close-open-ingress', mode: 'auto' }],
      })
      expect(triage(named('our-rule'), said)).not.toHaveProperty('unknown')
    })

    test('whose parameters say what it asks for tells that it does not know them', () => {
      const byParameters = named('restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC')
      const any = policy('rules: [{ mode: auto }]')
      expect(triage(byParameters, any)).toMatchObject({
        actions: [{ mode: 'auto' }],
        unknown: expect.stringMatching(/^the parameters of rule restricted-common-ports/),
      })
      expect(triage(named('restricted-ssh', 'INCOMING_SSH_DISABLED'), any)).not.toHaveProperty('unknown')
    })
  })
})
