import { describe, expect, test } from '@jest/globals'
import { bus, onlyOne, readWith } from './aws-detectors.ts'
import { onlyFinding, sample } from './hand-written-events.ts'

/** A finding about the given resource. */
function about(type: string, resource: object) {
  const event = sample('guardduty-port-probe')
  event.detail.type = type
  event.detail.resource = resource
  event.detail.service.action = {}
  return onlyFinding(event)
}

describe('a finding about', () => {
  test.each([
    [
      'Backdoor:Lambda/C&CActivity.B',
      {
        resourceType: 'Lambda',
        lambdaDetails: {
          functionName: 'pay',
          functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:pay',
        },
      },
      'AWS::Lambda::Function',
      'pay',
    ],
    [
      'Discovery:RDS/TorIPCaller',
      { resourceType: 'RDSDBInstance', rdsDbInstanceDetails: { dbInstanceIdentifier: 'orders' } },
      'AWS::RDS::DBInstance',
      'orders',
    ],
    [
      'Execution:Kubernetes/ExecInKubeSystemPod',
      { resourceType: 'KubernetesCluster', eksClusterDetails: { name: 'prod' } },
      'AWS::EKS::Cluster',
      'prod',
    ],
    [
      'Execution:ECS/MaliciousFile',
      { resourceType: 'ECSCluster', ecsClusterDetails: { name: 'jobs' } },
      'AWS::ECS::Cluster',
      'jobs',
    ],
    [
      'Policy:S3/BucketPublicAccessGranted',
      { resourceType: 'S3Bucket', s3BucketDetails: [{ name: 'invoices' }] },
      'AWS::S3::Bucket',
      'invoices',
    ],
    [
      'Execution:EC2/MaliciousFile!Snapshot',
      {
        resourceType: 'EBSSnapshot',
        ebsSnapshotDetails: { snapshotArn: 'arn:aws:ec2:eu-west-1::snapshot/snap-0a1b2c3d4e5f60718' },
      },
      'AWS::EC2::Snapshot',
      'snap-0a1b2c3d4e5f60718',
    ],
    // Families that are newer than this version, and rules of one's own.
    [
      'DefenseImpairment:IAMUser/GuardDutyDisabled',
      {
        resourceType: 'AccessKey',
        accessKeyDetails: { accessKeyId: 'AKIAEXAMPLE', userName: 'build', userType: 'IAMUser' },
      },
      'AWS::IAM::AccessKey',
      'AKIAEXAMPLE',
    ],
    [
      'CustomDetection:EC2/my-own-rule',
      { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0f1e2d3c4b5a69788' } },
      'AWS::EC2::Instance',
      'i-0f1e2d3c4b5a69788',
    ],
  ])('%s names its resource', (type, resource, resourceType, id) => {
    const finding = about(type, resource)
    expect(finding).toMatchObject({ type, status: 'active', resources: [{ type: resourceType, id }] })
  })

  test('a container brings its images, once each', () => {
    const containers = [{ image: 'shop:1' }, { image: 'shop:1' }, { image: 'side:2' }]
    const resource = {
      resourceType: 'ECSCluster',
      ecsClusterDetails: { name: 'jobs', taskDetails: { containers } },
    }
    expect(about('Execution:ECS/MaliciousFile', resource).evidence.images).toEqual(['shop:1', 'side:2'])
  })

  test('an object brings it with its bucket', () => {
    const bucket = { name: 'invoices', s3ObjectDetails: [{ key: '2026/a.pdf' }, { eTag: 'without a key' }] }
    const finding = about('Object:S3/MaliciousFile', { resourceType: 'S3Object', s3BucketDetails: [bucket] })
    expect(finding.evidence.objects).toEqual(['invoices/2026/a.pdf'])
  })

  test('a key says what kind of user it is of', () => {
    const accessKeyDetails = { accessKeyId: 'ASIAEXAMPLE', userName: 'web', userType: 'AssumedRole' }
    const finding = about('Impact:IAMUser/AnomalousBehavior', { resourceType: 'AccessKey', accessKeyDetails })
    expect(finding.evidence).toMatchObject({ userType: 'AssumedRole', principal: 'web' })
  })
})

describe('the state of a finding', () => {
  test.each([undefined, null, 'soon', 1, {}])(
    'that is archived: %p is not known, and the finding refused',
    (archived) => {
      const event = sample('guardduty-port-probe')
      event.detail.service.archived = archived
      expect(readWith(event)).toEqual({
        findings: [],
        rejected: [{ code: 'missingField', field: 'service.archived' }],
      })
    },
  )

  test('without the block that marks samples is not known', () => {
    const event = sample('guardduty-port-probe')
    delete event.detail.service.additionalInfo
    expect(readWith(event).rejected).toEqual([{ code: 'missingField', field: 'service.additionalInfo' }])
  })

  test('in an answer of years ago, which had no such block, is', () => {
    const { Findings } = sample('guardduty-get-findings')
    delete Findings[0].Service.AdditionalInfo
    expect(readWith(Findings[0]).findings).toMatchObject([{ status: 'active' }])
  })

  test('is not talked away by a tag of the resource', () => {
    const event = sample('guardduty-port-probe')
    event.detail.resource.instanceDetails.tags = [{ key: 'Name', value: 'GeneratedFindingInstance' }]
    expect(onlyFinding(event).status).toBe('active')
  })

  test('is a sample by invented names, of which an intruder may choose one', () => {
    const event = sample('guardduty-port-probe')
    const [network] = event.detail.resource.instanceDetails.networkInterfaces
    network.subnetId = 'GeneratedFindingSubnetId'
    expect(onlyFinding(event).status).toBe('active')
    network.vpcId = 'GeneratedFindingVPCId'
    expect(onlyFinding(event).status).toBe('sample')
  })
})

describe('a malware scan', () => {
  const scan = (scanResultStatus: unknown, more: object = {}) =>
    bus('aws.guardduty', 'GuardDuty Malware Protection Object Scan Result', {
      schemaVersion: '1.0',
      scanStatus: 'COMPLETED',
      resourceType: 'S3_OBJECT',
      s3ObjectDetails: { bucketName: 'uploads', objectKey: 'in/a.exe', versionId: 'v1' },
      scanResultDetails: { scanResultStatus, threats: [{ name: 'EICAR-Test-File' }] },
      ...more,
    })

  test.each([
    ['THREATS_FOUND', 'active', 'HIGH'],
    ['NO_THREATS_FOUND', 'passed', 'INFORMATIONAL'],
    ['UNSUPPORTED', 'notice', 'INFORMATIONAL'],
    ['ACCESS_DENIED', 'notice', 'INFORMATIONAL'],
    ['FAILED', 'notice', 'INFORMATIONAL'],
  ])('with %s is %s', (result, status, severity) => {
    expect(onlyOne(scan(result))).toMatchObject({
      type: 'Object:S3/MaliciousFile',
      status,
      severity,
      account: '111122223333',
      resources: [{ type: 'AWS::S3::Bucket', id: 'uploads' }],
      evidence: { objects: ['uploads/in/a.exe'] },
    })
  })

  test('that did not come to its end found nothing, whatever it says', () => {
    expect(onlyOne(scan('THREATS_FOUND', { scanStatus: 'SKIPPED' })).status).toBe('notice')
  })

  test.each([
    ['MAYBE', 'unknownShape'],
    [undefined, 'missingField'],
  ])('with %p is refused', (result, code) => {
    expect(readWith(scan(result)).rejected).toMatchObject([{ code }])
  })
})

test.each(['GuardDuty Runtime Protection Unhealthy', 'GuardDuty Malware Protection Resource Status Error'])(
  '%s is told for information',
  (detailType) => {
    expect(onlyOne(bus('aws.guardduty', detailType, { resourceDetails: {} }))).toMatchObject({
      type: detailType,
      status: 'notice',
      resources: [{ type: 'AWS::::Account', id: '111122223333' }],
    })
  },
)

describe('an attack sequence', () => {
  const sequence = (resources: object[]) => {
    const event = sample('guardduty-port-probe')
    event.detail.type = 'AttackSequence:S3/CompromisedData'
    event.detail.resource = { resourceType: 'AttackSequence' }
    event.detail.service.action = undefined
    event.detail.service.detection = {
      sequence: {
        uid: 'seq-1',
        resources,
        endpoints: [{ ip: '45.83.64.11', connection: { direction: 'INBOUND' } }],
      },
    }
    return readWith(event).findings
  }
  const here = { accountId: '111122223333', region: 'eu-west-1' }
  const bucket = { resourceType: 'S3_BUCKET', uid: 'arn:aws:s3:::invoices', name: 'invoices', ...here }
  const key = { resourceType: 'ACCESS_KEY', uid: 'AKIAEXAMPLE', name: 'AKIAEXAMPLE', ...here }

  test('in one place is one finding with all its resources, and GuardDuty’s own id', () => {
    const [finding, ...others] = sequence([
      key,
      bucket,
      { resourceType: 'KUBERNETES_WORKLOAD', uid: 'pod', ...here },
    ])
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      id: 'a0c1b2d3e4f5061728394a5b6c7d8e9f',
      type: 'AttackSequence:S3/CompromisedData',
      evidence: { group: 'seq-1', remotes: [{ address: '45.83.64.11', direction: 'INBOUND' }] },
    })
    expect(finding?.resources.map(({ type, id }) => [type, id])).toEqual([
      ['AWS::IAM::AccessKey', 'AKIAEXAMPLE'],
      ['AWS::S3::Bucket', 'invoices'],
    ])
  })

  test('that reaches into another account or region is a finding for each place, all of one group', () => {
    const other = { ...bucket, uid: 'arn:aws:s3:::other', accountId: '444455556666' }
    const findings = sequence([key, other, { ...bucket, region: 'us-east-1' }])
    expect(
      findings.map(({ account, region, resources, evidence }) => [
        account,
        region,
        resources[0]?.id,
        evidence.group,
      ]),
    ).toEqual([
      ['111122223333', 'eu-west-1', 'AKIAEXAMPLE', 'seq-1'],
      ['444455556666', 'eu-west-1', 'other', 'seq-1'],
      ['111122223333', 'us-east-1', 'invoices', 'seq-1'],
    ])
    expect(new Set(findings.map(({ id }) => id)).size).toBe(3)
  })

  test('that names no resource of AWS is about the account', () => {
    expect(sequence([])).toMatchObject([{ resources: [{ type: 'AWS::::Account', id: '111122223333' }] }])
  })
})
