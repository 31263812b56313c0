import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ARN_FORMS } from '../../src/findings/arn-forms.ts'
import { resourceNamed, resourceTypeNamed } from '../../src/findings/resource-names.ts'

const ACCOUNT = '123456789012'
const at = (service: string, resource: string, region = 'us-east-1') =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`

test.each([
  [
    'a security group',
    'AwsEc2SecurityGroup',
    at('ec2', 'security-group/sg-1'),
    'AWS::EC2::SecurityGroup',
    'sg-1',
  ],
  ['a bucket', 'AwsS3Bucket', 'arn:aws:s3:::company-data', 'AWS::S3::Bucket', 'company-data'],
  ['a bucket in China', 'AwsS3Bucket', 'arn:aws-cn:s3:::data', 'AWS::S3::Bucket', 'data'],
  ['an object', 'AwsS3Object', 'arn:aws:s3:::data/a/b.txt', 'AWS::S3::Object', 'data/a/b.txt'],
  ['a user in a path', 'AwsIamUser', `arn:aws:iam::${ACCOUNT}:user/eng/bob`, 'AWS::IAM::User', 'bob'],
  [
    'a session of a role',
    'AwsIamRole',
    `arn:aws:sts::${ACCOUNT}:assumed-role/adm/me`,
    'AWS::IAM::Role',
    'adm',
  ],
  ['a database', 'AwsRdsDbInstance', at('rds', 'db:orders'), 'AWS::RDS::DBInstance', 'orders'],
  [
    'a database by its unique id',
    'AwsRdsDbInstance',
    at('rds', 'dbinstance:db-OX4'),
    'AWS::RDS::DBInstance',
    'db-OX4',
  ],
  [
    'an automatic snapshot',
    'AwsRdsDbSnapshot',
    at('rds', 'snapshot:rds:o-1'),
    'AWS::RDS::DBSnapshot',
    'rds:o-1',
  ],
  ['a log group', 'AwsLogsLogGroup', at('logs', 'log-group:/app:*'), 'AWS::Logs::LogGroup', '/app'],
  [
    'a version of a function',
    'AwsLambdaFunction',
    at('lambda', 'function:f:7'),
    'AWS::Lambda::Function',
    'f',
  ],
  ['a key', 'AwsKmsKey', at('kms', 'key/628f-b'), 'AWS::KMS::Key', '628f-b'],
  [
    'a classic load balancer',
    'AwsElbLoadBalancer',
    at('elasticloadbalancing', 'loadbalancer/web'),
    'AWS::ElasticLoadBalancing::LoadBalancer',
    'web',
  ],
  [
    'a domain',
    'AwsOpenSearchServiceDomain',
    at('es', 'domain/search'),
    'AWS::OpenSearchService::Domain',
    'search',
  ],
  [
    'an old domain',
    'AwsElasticsearchDomain',
    at('es', 'domain/search'),
    'AWS::Elasticsearch::Domain',
    'search',
  ],
  [
    'a group of instances',
    'AwsAutoScalingAutoScalingGroup',
    at('autoscaling', 'autoScalingGroup:9d-1:autoScalingGroupName/web'),
    'AWS::AutoScaling::AutoScalingGroup',
    'web',
  ],
  ['a repository', 'AwsEcrRepository', at('ecr', 'repository/team/app'), 'AWS::ECR::Repository', 'team/app'],
])('%s is known by its ARN', (_, said, arn, type, id) => {
  expect(resourceNamed(said, arn)).toEqual({ type, id, arn })
})

test.each([
  ['a topic', 'AwsSnsTopic', at('sns', 'alerts'), 'AWS::SNS::Topic'],
  [
    'a load balancer',
    'AwsElbv2LoadBalancer',
    at('elasticloadbalancing', 'loadbalancer/app/web/3d'),
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
  ],
  ['a policy of AWS', 'AwsIamPolicy', 'arn:aws:iam::aws:policy/SecurityAudit', 'AWS::IAM::Policy'],
  [
    'a secret',
    'AwsSecretsManagerSecret',
    at('secretsmanager', 'secret:db-aEqmds'),
    'AWS::SecretsManager::Secret',
  ],
  ['an image', 'AwsEcrContainerImage', at('ecr', 'repository/app/sha256:e9'), 'AWS::ECR::ContainerImage'],
])('%s, whose API takes the ARN, has the ARN for id', (_, said, arn, type) => {
  expect(resourceNamed(said, arn)).toEqual({ type, id: arn, arn })
})

test.each([
  ['AwsEc2Volume', at('ec2', 'snapshot/snap-1'), 'AWS::EC2::Snapshot', 'snap-1'],
  ['AwsIamPolicy', `arn:aws:iam::${ACCOUNT}:user/bob`, 'AWS::IAM::User', 'bob'],
  ['AwsS3Bucket', at('cloudtrail', 'trail/main'), 'AWS::CloudTrail::Trail', 'main'],
  ['AwsEc2VpcEndpointService', at('ec2', 'vpc/vpc-1'), 'AWS::EC2::VPC', 'vpc-1'],
  ['Other', at('ec2', 'elastic-ip/eipalloc-1'), 'AWS::EC2::EIP', 'eipalloc-1'],
])('%s with the ARN of something else is what the ARN names', (said, arn, type, id) => {
  expect(resourceNamed(said, arn)).toEqual({ type, id, arn })
})

test.each([
  at('ec2', 'vpc'),
  at('logs', 'log-group'),
  at('rds', 'account'),
  at('guardduty', 'detector/unknown'),
  `arn:aws:iam::${ACCOUNT}:root`,
  `AWS::::Account:${ACCOUNT}`,
])('%s is about the account', (id) => {
  expect(resourceNamed('Other', id)).toEqual({ type: 'AWS::::Account', id: ACCOUNT })
})

test('a misspelled ARN is no ARN, but an id of EC2 in it is one', () => {
  const instance = { type: 'AWS::EC2::Instance', id: 'i-0c10c2c7863d1a356' }
  expect(
    resourceNamed('AwsEc2Instance', `arn:aws::ec2:us-east-1:${ACCOUNT}:instance/${instance.id}`),
  ).toEqual(instance)
  expect(resourceNamed('AwsEc2Instance', at('ec2', instance.id))).toEqual(instance)
})

test('what comes without an ARN has its own type and id', () => {
  expect(resourceNamed('AwsIamUser', 'alice')).toEqual({ type: 'AWS::IAM::User', id: 'alice' })
  expect(resourceNamed('AwsIamAccessKey', 'AWS::IAM::AccessKey:AKIA1')).toEqual({
    type: 'AWS::IAM::AccessKey',
    id: 'AKIA1',
  })
  expect(resourceNamed('AwsAccount', ACCOUNT)).toEqual({ type: 'AWS::::Account', id: ACCOUNT })
  expect(resourceNamed('Other', 'something')).toEqual({ type: 'Other', id: 'something' })
  expect(resourceNamed('AwsEc2Instance', ' ')).toBeUndefined()
})

test('an ARN of a kind that is not known stays whole', () => {
  const arn = at('quantum', 'box/a/b')
  expect(resourceNamed('AwsQuantumBox', arn)).toEqual({ type: 'AwsQuantumBox', id: arn, arn })
})

test.each([
  ['AwsRdsDbClusterSnapshot', 'AWS::RDS::DBClusterSnapshot'],
  ['AWS_EC2_INSTANCE', 'AWS::EC2::Instance'],
  ['AWS_ECR_CONTAINER_IMAGE', 'AWS::ECR::ContainerImage'],
  ['AWS::S3::Bucket', 'AWS::S3::Bucket'],
  ['AWS::New::Thing', 'AWS::New::Thing'],
  ['Container', undefined],
])('the type %s is %s', (said, type) => {
  expect(resourceTypeNamed(said)).toBe(type)
})

test('each form of an ARN gives its own type', () => {
  for (const [type, ...forms] of ARN_FORMS) {
    for (const form of forms) {
      const [service, ...resource] = form.split(':')
      const arn = at(service!, resource.join(':').replace(/\{\w+\}|\*/g, 'x9'))
      expect({ form, type: resourceNamed(type, arn)?.type }).toEqual({ form, type })
    }
  }
})

test('any text is a resource or none, in no other account than the one it names', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (type, id) => {
      const found = resourceNamed(type, id)
      expect(found === undefined).toBe(id.trim() === '')
    }),
  )
})
