import { describe, expect, test } from '@jest/globals'
import { parseEvents, parseText } from '../../src/findings/read.ts'
import { ruleByName } from '../../src/findings/sources/config-rules.ts'
import { onlyFinding, parseSample, sample } from './hand-written-events.ts'

describe('a compliance change', () => {
  test('names the rule, the resource, and when it was recorded', () => {
    expect(onlyFinding('config-compliance-restricted-ssh')).toEqual({
      id: '111122223333/eu-west-1/restricted-ssh/AWS::EC2::SecurityGroup/sg-0a1b2c3d4e5f60718',
      version: '2026-03-04T09:15:22.417Z#0000000000',
      source: 'config',
      type: 'INCOMING_SSH_DISABLED',
      title: 'AWS::EC2::SecurityGroup sg-0a1b2c3d4e5f60718 is NON_COMPLIANT with restricted-ssh',
      severity: 'MEDIUM',
      status: 'active',
      account: '111122223333',
      region: 'eu-west-1',
      partition: 'aws',
      resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-0a1b2c3d4e5f60718' }],
      observedAt: '2026-03-04T09:15:22.417Z',
      evidence: { ruleName: 'restricted-ssh' },
    })
  })

  test('keeps its id when it turns compliant, and its version sorts later', () => {
    const open = onlyFinding('config-compliance-restricted-ssh')
    const closed = onlyFinding('config-compliance-restricted-ssh-compliant')
    expect(closed.id).toBe(open.id)
    expect(closed.version > open.version).toBe(true)
    expect(closed.status).toBe('resolved')
  })

  // What is not an open finding never counts as one.
  test.each(['COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA', 'DELETED'])(
    'with %s is resolved',
    (compliance) => {
      const event = sample('config-compliance-restricted-ssh')
      event.detail.newEvaluationResult.complianceType = compliance
      expect(onlyFinding(event).status).toBe('resolved')
    },
  )

  test('with a compliance type that is not known is not taken for an open one', () => {
    const event = sample('config-compliance-restricted-ssh')
    event.detail.newEvaluationResult.complianceType = 'MOSTLY_COMPLIANT'
    expect(parseEvents(event, 'e').rejected).toMatchObject([{ code: 'unknownShape' }])
  })

  test('of an account-level rule is about the account', () => {
    const finding = onlyFinding('config-compliance-public-snapshots-of-account')
    expect(finding.type).toBe('EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK')
    expect(finding.resources).toEqual([{ type: 'AWS::::Account', id: '111122223333' }])
  })

  test('of patch compliance leaves the resource id as Config writes it', () => {
    expect(onlyFinding('config-compliance-patch').resources).toEqual([
      { type: 'AWS::SSM::PatchCompliance', id: 'AWS::SSM::ManagedInstanceInventory/i-0f1e2d3c4b5a69788' },
    ])
  })

  test('lies where the resource is, not where the event came from', () => {
    const event = {
      ...sample('config-compliance-restricted-ssh'),
      account: '999988887777',
      region: 'us-east-1',
    }
    expect(onlyFinding(event)).toMatchObject({ account: '111122223333', region: 'eu-west-1' })
  })

  test('lies in the region of the envelope when the detail does not say', () => {
    const event = sample('config-compliance-restricted-ssh')
    delete event.detail.awsRegion
    expect(onlyFinding(event).region).toBe('eu-west-1')
  })

  test.each(['{{{region}}}', 'example.com#', '123456789012'])(
    'in %s is rejected: that is no region',
    (region) => {
      const event = { ...sample('config-compliance-restricted-ssh'), region }
      event.detail.awsRegion = region
      expect(parseEvents(event, 'e').rejected).toMatchObject([
        { code: 'missingField', field: 'detail.awsRegion' },
      ])
    },
  )

  test('in China lies in the partition of its ARN', () => {
    const text = JSON.stringify(sample('config-compliance-restricted-ssh'))
    const event = JSON.parse(text.replaceAll('eu-west-1', 'cn-north-1').replaceAll('arn:aws:', 'arn:aws-cn:'))
    expect(onlyFinding(event).partition).toBe('aws-cn')
    delete event.detail.configRuleARN
    expect(onlyFinding(event).partition).toBe('aws-cn')
  })

  test('takes another time when the first cannot be read', () => {
    const event = sample('config-compliance-restricted-ssh')
    event.detail.newEvaluationResult.resultRecordedTime = 'a while ago'
    expect(onlyFinding(event).observedAt).toBe('2026-03-04T09:15:03.120Z')
  })

  test.each([
    ['configRuleName', ['configRuleName']],
    ['resourceId', ['resourceId']],
    ['newEvaluationResult.complianceType', ['newEvaluationResult', 'complianceType']],
  ])('without %s is rejected with that field', (field, path) => {
    const event = sample('config-compliance-restricted-ssh')
    delete event.detail.newEvaluationResult.evaluationResultIdentifier
    const holder = path.slice(0, -1).reduce((here, name) => here[name], event.detail)
    delete holder[path.at(-1) ?? '']
    expect(parseEvents(event, 'e.json').rejected).toMatchObject([
      { event: 'e.json', code: 'missingField', field: `detail.${field}` },
    ])
  })

  test('with rule parameters, as text or as object, has them as evidence', () => {
    const event = sample('config-compliance-restricted-common-ports')
    for (const parameters of [{ blockedPort1: 2222 }, '{"blockedPort1":"2222"}']) {
      event.detail.ruleParameters = parameters
      expect(onlyFinding(event).evidence.ruleParameters).toEqual({ blockedPort1: '2222' })
    }
  })
})

describe('a configuration item change', () => {
  test('is of the type of its resource', () => {
    expect(onlyFinding('config-item-security-group')).toMatchObject({
      id: '111122223333/eu-west-1/item/AWS::EC2::SecurityGroup/sg-0a1b2c3d4e5f60718',
      version: '2026-03-04T09:14:51.006Z#0000000000',
      type: 'item:AWS::EC2::SecurityGroup',
      status: 'active',
      resources: [
        {
          type: 'AWS::EC2::SecurityGroup',
          id: 'sg-0a1b2c3d4e5f60718',
          arn: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c3d4e5f60718',
        },
      ],
    })
  })

  test('too large to send is the same finding', () => {
    expect(onlyFinding('config-item-oversized')).toMatchObject({
      id: onlyFinding('config-item-security-group').id,
      version: onlyFinding('config-item-security-group').version,
    })
  })

  test('of a deleted resource is resolved', () => {
    expect(onlyFinding('config-item-security-group-deleted').status).toBe('resolved')
  })

  test('with an ARN that names another EC2 resource keeps the id only', () => {
    const event = sample('config-item-security-group')
    event.detail.configurationItem.ARN = 'arn:aws:ec2:eu-west-1:111122223333:security-group/default'
    expect(onlyFinding(event).resources).toEqual([
      { type: 'AWS::EC2::SecurityGroup', id: 'sg-0a1b2c3d4e5f60718' },
    ])
  })

  test('as a custom rule gets it brings the rule and its parameters', () => {
    expect(onlyFinding('config-custom-rule-invocation')).toMatchObject({
      type: 'item:AWS::EC2::SecurityGroup',
      evidence: { ruleName: 'our-own-ports', ruleParameters: { blockedPort1: '2222' } },
    })
  })

  test.each([
    [true, 'resolved'],
    ['true', 'resolved'],
    [false, 'active'],
    ['false', 'active'],
    [null, 'active'],
    [undefined, 'active'],
  ])('whose resource left the scope of a custom rule (%p) is %s', (eventLeftScope, status) => {
    const event = { ...sample('config-custom-rule-invocation'), eventLeftScope }
    expect(onlyFinding(event).status).toBe(status)
    const change = sample('config-compliance-restricted-ssh').detail
    expect(onlyFinding({ ...event, invokingEvent: JSON.stringify(change) }).status).toBe(status)
  })

  test('of a status that is not known is rejected, in the scope of a rule or not', () => {
    const event = { ...sample('config-custom-rule-invocation'), eventLeftScope: true }
    const invokingEvent = event.invokingEvent.replace('"OK"', '"FINE"')
    expect(parseEvents({ ...event, invokingEvent }, 'e').rejected).toMatchObject([{ code: 'unknownShape' }])
  })

  test('by itself, as the history gives it, is a finding too', () => {
    const item = sample('config-item-security-group').detail.configurationItem
    expect(onlyFinding({ configurationItems: [item] })).toEqual(onlyFinding('config-item-security-group'))
  })
})

test.each([
  'ConfigurationSnapshotDeliveryStarted',
  'ConfigurationSnapshotDeliveryCompleted',
  'ConfigurationHistoryDeliveryCompleted',
  'ConfigRulesEvaluationStarted',
])('%s is no finding, and the reason says so', (messageType) => {
  const { findings, rejected } = parseEvents({ messageType, recordVersion: '1.1' }, 'e')
  expect(findings).toEqual([])
  expect(rejected).toMatchObject([{ code: 'unknownShape', reason: expect.stringContaining(messageType) }])
})

describe('the type of a rule', () => {
  const typeOfRule = (name: string) => {
    const event = sample('config-compliance-restricted-ssh')
    event.detail.configRuleName = name
    return onlyFinding(event).type
  }

  test.each([
    ['restricted-ssh', 'INCOMING_SSH_DISABLED'],
    ['securityhub-restricted-ssh-1a2b3c4d', 'INCOMING_SSH_DISABLED'],
    ['securityhub-vpc-flow-logs-enabled-l6dseq', 'VPC_FLOW_LOGS_ENABLED'],
    ['restricted-ssh-conformance-pack-6cruwvtg2', 'INCOMING_SSH_DISABLED'],
    ['OrgConfigRule-restricted-common-ports-abc123', 'RESTRICTED_INCOMING_TRAFFIC'],
    ['cloudtrail-enabled', 'CLOUD_TRAIL_ENABLED'],
    ['incoming-ssh-disabled', 'INCOMING_SSH_DISABLED'],
    ['INCOMING_SSH_DISABLED', 'INCOMING_SSH_DISABLED'],
    ['restricted-incoming-traffic-conformance-pack-6cruwvtg2', 'RESTRICTED_INCOMING_TRAFFIC'],
    ['AWSControlTower_AWS-GR_RESTRICTED_SSH', 'INCOMING_SSH_DISABLED'],
    ['AWSControlTower_AWS-GR_RESTRICTED_COMMON_PORTS', 'RESTRICTED_INCOMING_TRAFFIC'],
    ['AWSControlTower_AWS-GR_RDS_INSTANCE_PUBLIC_ACCESS_CHECK', 'RDS_INSTANCE_PUBLIC_ACCESS_CHECK'],
    ['securityhub-restricted-rdp-1a2b3c4d', 'RESTRICTED_INCOMING_TRAFFIC'],
    ['s3-bucket-level-public-access-prohibited', 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED'],
  ])('of %s is %s', (name, type) => {
    expect(ruleByName(name)?.identifier).toBe(type)
    expect(typeOfRule(name)).toBe(type)
  })

  test.each([
    'config-rule-f6815e21',
    'restricted-ssh-2',
    'not-restricted-ssh',
    'securityhub-our-own-rule-1a2b3c4d',
    'AWSControlTower_AWS-GR_OUR_OWN_RULE',
    'Stack-RestrictedSsh-1ABCDEF',
  ])('of %s is its name', (name) => {
    expect(ruleByName(name)).toBeUndefined()
    expect(typeOfRule(name)).toBe(name)
  })

  test('of a rule that Security Hub made for one port brings that port, as far as the name tells', () => {
    const event = sample('config-compliance-restricted-common-ports')
    event.detail.configRuleName = 'securityhub-restricted-rdp-1a2b3c4d'
    delete event.detail.newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier
      .configRuleName
    expect(onlyFinding(event).evidence).toEqual({
      ruleName: 'securityhub-restricted-rdp-1a2b3c4d',
      ports: [3389],
    })
  })
})

test('a record in SNS is the finding that it is without', () => {
  expect(parseSample('sns-config-compliance-restricted-ssh')).toEqual(
    parseSample('config-compliance-restricted-ssh'),
  )
})

test.each(['../../etc', 'a b', 'arn:aws', '*', 'x'.repeat(65), '1\u00002'])(
  'what cannot be an account is not taken for one: %j',
  (awsAccountId) => {
    const event = sample('config-compliance-restricted-ssh') as { detail: Record<string, unknown> }
    const { findings, rejected } = parseText(
      JSON.stringify({ ...event, account: undefined, detail: { ...event.detail, awsAccountId } }),
      'event',
    )
    expect({ findings, rejected }).toMatchObject({
      findings: [],
      rejected: [{ code: 'missingField', field: 'detail.awsAccountId' }],
    })
  },
)
