import { accountAt, accountOf } from '../account.ts'
import { arnOf } from '../arn.ts'
import { missing } from '../bad-event.ts'
import { at, list, required, text } from '../fields.ts'
import type { Finding, FindingResource } from '../finding.ts'
import { type Fields, isFields } from '../json-object.ts'
import { partitionOf, regionOf } from '../region.ts'
import { ACCOUNT_TYPE, resourceNamed } from '../resource-names.ts'
import { version } from '../version.ts'
import type { Told } from '../wrapping.ts'
import { observed } from './observed.ts'
import type { SourceReader } from './source.ts'
import { severityOfWord } from './words.ts'

/**
 * Cloud Custodian: what a policy with the action `notify` sends to the queue or topic of its mailer (base64 of zlib,
 * which the envelopes take off). One notice names all resources that the policy found in one account and region; each
 * is a finding. Cloud Custodian, c7n/actions/notify.py.
 */
export const custodian: SourceReader = {
  recognises: (body) =>
    text(body, 'policy.name') !== undefined &&
    text(body, 'policy.resource') !== undefined &&
    Array.isArray(at(body, 'resources')),
  read(body, told) {
    const found = list(body, 'resources')
    if (found.length === 0) throw missing('resources')
    return found.map((each) => findingOf(each, body, told))
  },
}

function findingOf(resource: unknown, body: Fields, told: Told): Finding {
  const policy = required('policy.name', text(body, 'policy.name'))
  const kind = required('policy.resource', text(body, 'policy.resource')).replace(/^aws\./, '')
  const named = resourceOf(kind, resource)
  const arn = arnOf(named?.arn)
  const account = accountOf('account_id', arn?.account, ownerOf(resource), accountAt(body, 'account_id'))
  const place = kind === 's3' ? bucketRegion(resource) : (arn?.region ?? text(body, 'region'))
  const region = regionOf('region', place, kind === 's3' ? text(body, 'region') : undefined)
  const isFound = named !== undefined && place === region
  const observedAt = observed(body, told, 'execution_start', 'event.time')
  return {
    id: [account, region, policy, named?.id ?? 'unnamed'].join('/'),
    version: version(observedAt),
    source: 'custodian',
    type: policy,
    title: text(body, 'policy.description') ?? text(body, 'policy.comments') ?? policy,
    severity: severityOfWord(text(body, 'policy.metadata.severity')) ?? 'MEDIUM',
    // A policy notifies of what it found; of a resource that cannot be found again nothing can be done.
    status: isFound ? 'active' : 'notice',
    account,
    region,
    partition: partitionOf(region, named?.arn ?? `arn:${text(body, 'partition') ?? ''}`),
    resources: [named ?? { type: ACCOUNT_TYPE, id: account }],
    observedAt,
    evidence: {},
  }
}

/** Custodian's resource → CloudFormation type, and the field with the id; `docs/source/aws/resources`. */
const KINDS: Record<string, [type: string, ...fields: string[]]> = {
  ec2: ['AWS::EC2::Instance', 'InstanceId'],
  'security-group': ['AWS::EC2::SecurityGroup', 'GroupId'],
  ebs: ['AWS::EC2::Volume', 'VolumeId'],
  'ebs-snapshot': ['AWS::EC2::Snapshot', 'SnapshotId'],
  ami: ['AWS::EC2::Image', 'ImageId'],
  vpc: ['AWS::EC2::VPC', 'VpcId'],
  subnet: ['AWS::EC2::Subnet', 'SubnetId'],
  'network-acl': ['AWS::EC2::NetworkAcl', 'NetworkAclId'],
  eni: ['AWS::EC2::NetworkInterface', 'NetworkInterfaceId'],
  'network-addr': ['AWS::EC2::EIP', 'AllocationId'],
  'internet-gateway': ['AWS::EC2::InternetGateway', 'InternetGatewayId'],
  s3: ['AWS::S3::Bucket', 'Name'],
  'iam-user': ['AWS::IAM::User', 'Arn', 'UserName'],
  'iam-role': ['AWS::IAM::Role', 'Arn', 'RoleName'],
  'iam-group': ['AWS::IAM::Group', 'Arn', 'GroupName'],
  'iam-policy': ['AWS::IAM::Policy', 'Arn'],
  rds: ['AWS::RDS::DBInstance', 'DBInstanceArn', 'DBInstanceIdentifier'],
  'rds-cluster': ['AWS::RDS::DBCluster', 'DBClusterArn', 'DBClusterIdentifier'],
  'rds-snapshot': ['AWS::RDS::DBSnapshot', 'DBSnapshotArn', 'DBSnapshotIdentifier'],
  'rds-cluster-snapshot': ['AWS::RDS::DBClusterSnapshot', 'DBClusterSnapshotArn'],
  redshift: ['AWS::Redshift::Cluster', 'ClusterIdentifier'],
  'dynamodb-table': ['AWS::DynamoDB::Table', 'TableArn', 'TableName'],
  lambda: ['AWS::Lambda::Function', 'FunctionArn', 'FunctionName'],
  'kms-key': ['AWS::KMS::Key', 'Arn', 'KeyArn', 'KeyId'],
  sns: ['AWS::SNS::Topic', 'TopicArn'],
  sqs: ['AWS::SQS::Queue', 'QueueArn'],
  'secrets-manager': ['AWS::SecretsManager::Secret', 'ARN'],
  'log-group': ['AWS::Logs::LogGroup', 'logGroupName'],
  cloudtrail: ['AWS::CloudTrail::Trail', 'TrailARN', 'Name'],
  elb: ['AWS::ElasticLoadBalancing::LoadBalancer', 'LoadBalancerName'],
  'app-elb': ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'LoadBalancerArn'],
  asg: ['AWS::AutoScaling::AutoScalingGroup', 'AutoScalingGroupName'],
  eks: ['AWS::EKS::Cluster', 'arn', 'name'],
  ecr: ['AWS::ECR::Repository', 'repositoryArn', 'repositoryName'],
  efs: ['AWS::EFS::FileSystem', 'FileSystemId'],
  elasticsearch: ['AWS::OpenSearchService::Domain', 'ARN', 'DomainName'],
  distribution: ['AWS::CloudFront::Distribution', 'ARN', 'Id'],
  'acm-certificate': ['AWS::CertificateManager::Certificate', 'CertificateArn'],
  account: ['AWS::::Account', 'account_id'],
}

/** By its kind; of a kind not listed by an ARN of its own, the only field of that sort it has. */
function resourceOf(kind: string, resource: unknown): FindingResource | undefined {
  const [type, ...fields] = Object.hasOwn(KINDS, kind) ? KINDS[kind]! : [undefined]
  const id = fields.map((field) => own(resource, field)).find((each) => each !== undefined)
  if (type !== undefined) return resourceNamed(type, id)
  const arns = isFields(resource)
    ? Object.entries(resource).filter(([name]) => /^(\w+)?arn$/i.test(name))
    : []
  const named = arns.map(([, value]) => value).filter((each) => typeof each === 'string')
  return named.length === 1 && arnOf(named[0]) !== undefined ? resourceNamed(undefined, named[0]) : undefined
}

/** In exactly this spelling: `Arn` and `arn` are fields of different services. */
function own(resource: unknown, field: string): string | undefined {
  return isFields(resource) && Object.hasOwn(resource, field) ? text(resource, field) : undefined
}

/** EC2 tells whose a resource is; it may be shared. */
function ownerOf(resource: unknown): string | undefined {
  const said = accountAt(resource, 'OwnerId')
  return said !== undefined && /^\d{12}$/.test(said) ? said : undefined
}

/** A policy about buckets sees those of all regions, whichever it runs in; S3 says null for the first of them. */
function bucketRegion(bucket: unknown): string | undefined {
  const said = at(bucket, 'Location.LocationConstraint')
  if (said === null) return 'us-east-1'
  return said === 'EU' ? 'eu-west-1' : text(bucket, 'Location.LocationConstraint')
}
