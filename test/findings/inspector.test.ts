import { describe, expect, test } from '@jest/globals'
import { bus, onlyOne, readWith } from './aws-detectors.ts'

const finding = (more: object = {}) => ({
  awsAccountId: '111122223333',
  findingArn: 'arn:aws:inspector2:eu-west-1:111122223333:finding/f1',
  type: 'PACKAGE_VULNERABILITY',
  title: 'CVE-2026-1 - curl',
  severity: 'HIGH',
  status: 'ACTIVE',
  fixAvailable: 'YES',
  updatedAt: 'Wed Sep 04 16:59:44.356 UTC 2024',
  packageVulnerabilityDetails: { vulnerablePackages: [{ name: 'curl', packageManager: 'OS' }] },
  resources: [{ type: 'AWS_EC2_INSTANCE', id: 'i-0a1b2c3d4e5f60718', region: 'eu-west-1' }],
  ...more,
})
const reachable = (begin: unknown, end: unknown, protocol = 'TCP', from = 'AWS::EC2::InternetGateway') =>
  finding({
    type: 'NETWORK_REACHABILITY',
    networkReachabilityDetails: {
      protocol,
      openPortRange: { begin, end },
      networkPath: {
        steps: [
          { componentType: from, componentId: 'from-1' },
          { componentType: 'AWS::EC2::SecurityGroup', componentId: 'sg-0a1b2c3d' },
        ],
      },
    },
  })

test('a vulnerable package says what to patch, with what, and whether there is a fix', () => {
  const vulnerablePackages = [
    { name: 'curl', packageManager: 'OS' },
    { name: 'curl', packageManager: 'OS', version: '2' },
    { name: 'requests', packageManager: 'PIP' },
    { packageManager: 'OS' },
  ]
  expect(onlyOne(finding({ packageVulnerabilityDetails: { vulnerablePackages } }))).toMatchObject({
    type: 'PACKAGE_VULNERABILITY',
    observedAt: '2024-09-04T16:59:44.356Z',
    evidence: {
      packages: [
        { name: 'curl', manager: 'OS', fixAvailable: 'YES' },
        { name: 'requests', manager: 'PIP', fixAvailable: 'YES' },
      ],
    },
  })
})

test.each([
  [22, 22, [22]],
  ['20', 22, [20, 21, 22]],
  [0, 65_535, undefined],
  [22, undefined, undefined],
  [23, 22, undefined],
])('ports from %p to %p are %j, with the groups on the way', (begin, end, ports) => {
  const { evidence } = onlyOne(reachable(begin, end))
  expect(evidence.ports).toEqual(ports)
  expect(evidence.groups).toEqual(['sg-0a1b2c3d'])
})

test('ports of UDP are none of those of TCP, and a way from elsewhere than the internet names no group', () => {
  expect(onlyOne(reachable(53, 53, 'UDP')).evidence).not.toHaveProperty('ports')
  expect(onlyOne(reachable(22, 22, 'TCP', 'AWS::EC2::VPCPeeringConnection')).evidence).not.toHaveProperty(
    'groups',
  )
})

test.each([
  [
    'AWS_LAMBDA_FUNCTION',
    'arn:aws:lambda:eu-west-1:111122223333:function:pay:$LATEST',
    'AWS::Lambda::Function',
    'pay',
  ],
  [
    'AWS_ECR_REPOSITORY',
    'arn:aws:ecr:eu-west-1:111122223333:repository/shop/web',
    'AWS::ECR::Repository',
    'shop/web',
  ],
  ['AWS_EC2_INSTANCE', 'i-0a1b2c3d4e5f60718', 'AWS::EC2::Instance', 'i-0a1b2c3d4e5f60718'],
])('%s %s is %s', (type, id, resourceType, name) => {
  expect(onlyOne(finding({ resources: [{ type, id }] })).resources).toMatchObject([
    { type: resourceType, id: name },
  ])
})

describe('the state', () => {
  test.each([
    ['ACTIVE', 'active'],
    ['CLOSED', 'resolved'],
    ['SUPPRESSED', 'suppressed'],
  ])('%s is %s', (status, expected) => {
    expect(onlyOne(finding({ status })).status).toBe(expected)
  })

  test('that is not known is refused', () => {
    expect(readWith(finding({ status: 'ODD' })).rejected).toEqual([{ code: 'unknownShape', field: 'status' }])
  })
})

test.each(['Inspector2 Scan', 'Inspector2 Coverage'])('an %s is told for information', (detailType) => {
  expect(onlyOne(bus('aws.inspector2', detailType, { 'scan-status': 'ACTIVE' })).status).toBe('notice')
})

test('Inspector classic tells by SNS that it found something, and else for information', () => {
  const target = 'arn:aws:inspector:eu-west-1:111122223333:target/0-a'
  const said = (event: string, more: object = {}) => ({
    Type: 'Notification',
    Message: JSON.stringify({
      event,
      template: `${target}/template/0-b`,
      target,
      run: `${target}/run/0-c`,
      time: '2019-04-09T00:00:01Z',
      ...more,
    }),
  })
  expect(onlyOne(said('FINDING_REPORTED', { finding: 'arn:f' }))).toMatchObject({
    id: 'arn:f',
    status: 'active',
    region: 'eu-west-1',
  })
  expect(onlyOne(said('ASSESSMENT_RUN_STARTED')).status).toBe('notice')
})

describe('a scan of ECR', () => {
  const scan = (counts: unknown, status = 'COMPLETE') =>
    bus('aws.ecr', 'ECR Image Scan', {
      'scan-status': status,
      'repository-name': 'shop',
      'image-digest': 'sha256:0a1b',
      'finding-severity-counts': counts,
    })

  test.each([
    [{ CRITICAL: 1, LOW: 5 }, 'active', 'CRITICAL'],
    [{ CRITICAL: 0, MEDIUM: 2 }, 'active', 'MEDIUM'],
    [{ INFORMATIONAL: 3, UNDEFINED: 1 }, 'passed', 'INFORMATIONAL'],
    [{}, 'passed', 'INFORMATIONAL'],
  ])('that counts %j is %s', (counts, status, severity) => {
    expect(onlyOne(scan(counts))).toMatchObject({
      status,
      severity,
      evidence: { images: ['shop@sha256:0a1b'] },
    })
  })

  test('that failed found nothing', () => expect(onlyOne(scan(undefined, 'FAILED')).status).toBe('notice'))
  test('without counts is refused', () =>
    expect(readWith(scan(undefined)).rejected).toMatchObject([{ code: 'missingField' }]))
})
