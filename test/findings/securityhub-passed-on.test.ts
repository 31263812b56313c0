import { expect, test } from '@jest/globals'
import { controlId } from '../../src/findings/sources/securityhub/control-id.ts'
import { ACCOUNT, asff, ocsf, read, V2 } from './hub-bodies.ts'

test('GuardDuty in ASFF names every prober of each port', () => {
  const probe = (port: number, address: string) => ({
    LocalPortDetails: { Port: port },
    RemoteIpDetails: { IpAddressV4: address },
  })
  const changes = {
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    Id: `arn:aws:guardduty:eu-west-1:${ACCOUNT}:detector/d/finding/f`,
    Types: ['TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort'],
    Compliance: undefined,
    Resources: [
      { Type: 'AwsEc2Instance', Id: `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-0a1b2c3d4e5f60718` },
    ],
  }
  const remotes = [
    { address: '198.51.100.7', localPort: 22, direction: 'INBOUND' },
    { address: '2001:db8::9', localPort: 3389, direction: 'INBOUND' },
  ]
  const action = {
    PortProbeAction: {
      PortProbeDetails: [
        probe(22, '198.51.100.7'),
        { LocalPortDetails: { Port: 3389 }, RemoteIpDetails: { IpAddressV6: '2001:db8::9' } },
      ],
    },
  }
  const way = 'aws/guardduty/service/action/portProbeAction/portProbeDetails'
  const fields = {
    [`${way}.0_/localPortDetails/port`]: '22',
    [`${way}.0_/remoteIpDetails/ipAddressV4`]: '198.51.100.7',
    [`${way}.1_/localPortDetails/port`]: '3389',
    [`${way}.1_/remoteIpDetails/ipAddressV6`]: '2001:db8::9',
    'aws/guardduty/service/resourceRole': 'TARGET',
  }
  const found = read(asff({ ...changes, Action: action }))
  expect(found).toMatchObject({
    source: 'guardduty',
    via: 'securityhub',
    id: 'f',
    type: 'Recon:EC2/PortProbeUnprotectedPort',
  })
  expect(found.evidence).toMatchObject({ remotes, ports: [22, 3389] })
  expect(read(asff({ ...changes, ProductFields: fields })).evidence).toMatchObject({
    role: 'TARGET',
    remotes,
    ports: [22, 3389],
  })
})

test.each([
  ['111122223333', ['data', 'AKIAEXAMPLE']],
  ['444455556666', ['data']],
])('GuardDuty in ASFF names the key of a caller of %s among %j', (caller, named) => {
  const found = read(
    asff({
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
      Id: `arn:aws:guardduty:eu-west-1:${ACCOUNT}:detector/d/finding/f`,
      Types: ['TTPs/Discovery/Discovery:S3-MaliciousIPCaller'],
      Compliance: undefined,
      Resources: [
        { Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::data', Region: 'eu-west-1' },
        { Type: 'AwsIamAccessKey', Id: 'AWS::IAM::AccessKey:AKIAEXAMPLE', Region: 'eu-west-1' },
      ],
      Action: { AwsApiCallAction: { RemoteIpDetails: { IpAddressV4: '198.51.100.7' } } },
      ProductFields: {
        'aws/guardduty/service/action/awsApiCallAction/remoteAccountDetails/accountId': caller,
      },
    }),
  )
  expect(found.resources.map(({ id }) => id)).toEqual(named)
  expect(found.evidence.accessKeyId).toBe('AKIAEXAMPLE')
})

test.each([
  ['INBOUND', '198.51.100.7', 22],
  ['OUTBOUND', '10.0.0.1', 40_000],
])('in OCSF the far side of an %s connection is the other end', (direction, address, localPort) => {
  const body = ocsf({
    class_uid: 2004,
    compliance: undefined,
    metadata: { product: { uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/guardduty' } },
    finding_info: {
      uid: 'arn:aws:guardduty:r:a:detector/d/finding/f',
      title: 't',
      types: ['Threats', 'Backdoor:EC2/Spambot'],
    },
    evidences: [
      {
        connection_info: { direction },
        src_endpoint: { ip: '198.51.100.7', port: 40_000 },
        dst_endpoint: { ip: '10.0.0.1', port: 22 },
      },
    ],
  })
  expect(read(body, V2).evidence.remotes).toEqual([{ address, localPort, direction }])
})

test('names of product fields that are hostile plant nothing outside', () => {
  const fields = JSON.parse(
    '{"action/__proto__/polluted":"x","action/constructor/prototype/polluted":"x","action/a.9999_/b":"x"}',
  )
  const changes = {
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    Types: ['Recon:EC2-Portscan'],
  }
  expect(read(asff({ ...changes, ProductFields: fields })).evidence).toEqual({})
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test.each([
  ['EC2.19', 'security-control/EC2.19'],
  ['EC2.19', 'aws-foundational-security-best-practices/v/1.0.0/EC2.19'],
  ['EC2.13', 'nist-800-53/v/5.0.0/EC2.13'],
  ['EC2.13', 'arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1'],
  ['EC2.13', 'pci-dss/v/3.2.1/PCI.EC2.5'],
  ['EC2.21', 'cis-aws-foundations-benchmark/v/1.4.0/5.1'],
  ['CloudWatch.10', 'arn:aws:securityhub:eu-west-1:1:control/cis-aws-foundations-benchmark/v/1.2.0/3.10'],
  ['ELB.1', 'aws-foundational-security-best-practices/v/1.0.0/ELBv2.1'],
  ['CloudTrail.2', 'service-managed-aws-control-tower/v/1.0.0/CloudTrail.2'],
  ['cis-aws-foundations-benchmark/v/9.0.0/4.1', 'cis-aws-foundations-benchmark/v/9.0.0/4.1'],
  [undefined, 'lambda-finding'],
])('the control %s is named by %s', (control, said) => {
  expect(controlId(said)).toBe(control)
})
