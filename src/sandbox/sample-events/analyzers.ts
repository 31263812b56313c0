import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { envelope, TIME } from './envelope.ts'

const arn = (service: string, rest: string) =>
  `arn:aws:${service}:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:${rest}`

/** What every finding of Inspector has. */
function inspected(finding: string, type: string, title: string, instance: string, more: object) {
  const findingArn = arn('inspector2', `finding/${finding}`)
  return envelope('aws.inspector2', 'Inspector2 Finding', finding, {
    awsAccountId: SANDBOX_ACCOUNT,
    findingArn,
    type,
    title,
    description: title,
    severity: 'HIGH',
    status: 'ACTIVE',
    firstObservedAt: 'Nov 20, 2026, 8:41:02 AM',
    lastObservedAt: 'Nov 20, 2026, 9:14:27 AM',
    updatedAt: 'Nov 20, 2026, 9:14:27 AM',
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [
      { id: instance, type: 'AWS_EC2_INSTANCE', partition: 'aws', region: SANDBOX_REGION, details: {} },
    ],
    ...more,
  })
}

/** https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html: an open way from the internet. */
export function reachablePort(finding: string, instance: string, group: string, port: number) {
  const steps = [
    { componentId: 'igw-0c1d2e3f405162738', componentType: 'AWS::EC2::InternetGateway' },
    { componentId: 'acl-0d1e2f30415263748', componentType: 'AWS::EC2::NetworkAcl' },
    { componentId: group, componentType: 'AWS::EC2::SecurityGroup' },
    { componentId: instance, componentType: 'AWS::EC2::Instance' },
  ]
  return inspected(
    finding,
    'NETWORK_REACHABILITY',
    `Port ${port} is reachable from an Internet Gateway`,
    instance,
    {
      networkReachabilityDetails: {
        networkPath: { steps },
        openPortRange: { begin: port, end: port },
        protocol: 'TCP',
      },
    },
  )
}

/** The same page: a package of the operating system with a known hole, and a version without it. */
export function missingPatch(finding: string, instance: string) {
  return inspected(
    finding,
    'PACKAGE_VULNERABILITY',
    'CVE-2026-31337 - libexample, libexample-tools',
    instance,
    {
      fixAvailable: 'YES',
      packageVulnerabilityDetails: {
        vulnerabilityId: 'CVE-2026-31337',
        source: 'AMAZON_CVE',
        vulnerablePackages: [
          { name: 'libexample', version: '1.4.0', packageManager: 'OS', fixedInVersion: '1.4.2' },
        ],
      },
    },
  )
}

/** https://docs.aws.amazon.com/awssupport/latest/user/cloudwatch-events-ta.html: a row of a report. */
export function unrestrictedPort(group: string, port: number) {
  const uuid = `2b7c5e10-0000-4000-8000-${String(port).padStart(12, '0')}`
  return envelope(
    'aws.trustedadvisor',
    'Trusted Advisor Check Item Refresh Notification',
    `${group}/${port}`,
    {
      'check-name': 'Security Groups - Specific Ports Unrestricted',
      'check-item-detail': {
        Status: 'Red',
        Region: SANDBOX_REGION,
        'Security Group Name': 'seen-by-trusted-advisor',
        'Security Group ID': group,
        Protocol: 'tcp',
        Ports: String(port),
      },
      status: 'ERROR',
      resource_id: '',
      uuid,
    },
  )
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html: everybody has access. */
export function openToEverybody(finding: string, resource: string, resourceType: string, action: string) {
  return envelope('aws.access-analyzer', 'Access Analyzer Finding', finding, {
    version: '1.0',
    id: finding,
    status: 'ACTIVE',
    resourceType,
    resource,
    createdAt: '2026-11-20T08:41:02Z',
    analyzedAt: TIME,
    updatedAt: TIME,
    accountId: SANDBOX_ACCOUNT,
    region: SANDBOX_REGION,
    principal: { AWS: '*' },
    action: [action],
    condition: {},
    isDeleted: false,
    isPublic: true,
  })
}

/** https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html: a bucket's block was taken away. */
export function blockTakenAway(finding: string, bucket: string) {
  return envelope('aws.macie', 'Macie Finding', finding, {
    schemaVersion: '1.0',
    id: finding,
    accountId: SANDBOX_ACCOUNT,
    partition: 'aws',
    region: SANDBOX_REGION,
    type: 'Policy:IAMUser/S3BlockPublicAccessDisabled',
    title: 'Block public access settings are disabled for the S3 bucket',
    description: 'All bucket-level block public access settings were disabled for the Amazon S3 bucket.',
    severity: { score: 3, description: 'High' },
    createdAt: '2026-11-20T08:41:02Z',
    updatedAt: TIME,
    count: 1,
    resourcesAffected: {
      s3Bucket: {
        arn: `arn:aws:s3:::${bucket}`,
        name: bucket,
        createdAt: '2026-10-02T08:00:12Z',
        owner: { displayName: 'shop', id: '0123456789abcdef' },
        tags: [],
        publicAccess: { effectivePermission: 'PUBLIC' },
      },
      s3Object: null,
    },
    category: 'POLICY',
    policyDetails: {
      action: { actionType: 'AWS_API_CALL', apiCallDetails: { api: 'PutBucketPublicAccessBlock' } },
      actor: { userIdentity: { type: 'IAMUser', iamUser: { userName: 'bob', accountId: SANDBOX_ACCOUNT } } },
    },
    sample: false,
    archived: false,
  })
}
