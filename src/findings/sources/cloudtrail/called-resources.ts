import { at, list, text } from '../../fields.ts'
import type { FindingResource } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import { resourceNamed } from '../../resource-names.ts'
import { resourcesOr } from '../resources-told.ts'

/** Fields of requests and answers that name a resource, by service: dotted path, `[]` goes through a list. */
type Naming = [type: string, ...paths: (string | PathIn)[]]

/** A field that names another kind of thing in other calls: it counts in those whose name has the word. */
interface PathIn {
  calls: 'Distribution' | 'Document' | 'Logging' | 'Parameter' | 'Trail'
  path: string
}

const items = (set: string, id: string): string => `${set}.items[].${id}`
const REQUEST = 'requestParameters'
const ANSWER = 'responseElements'

const NAMED: Record<string, Naming[]> = {
  ec2: [
    [
      'AWS::EC2::SecurityGroup',
      `${REQUEST}.groupId`,
      `${REQUEST}.ModifySecurityGroupRulesRequest.GroupId`,
      `${ANSWER}.groupId`,
      // A group that was named by its name.
      `${ANSWER}.${items('securityGroupRuleSet', 'groupId')}`,
    ],
    ['AWS::EC2::NetworkAcl', `${REQUEST}.networkAclId`],
    ['AWS::EC2::Image', `${REQUEST}.imageId`, `${ANSWER}.imageId`],
    ['AWS::EC2::Volume', `${REQUEST}.volumeId`, `${ANSWER}.volumeId`],
    ['AWS::EC2::Snapshot', `${REQUEST}.snapshotId`],
    [
      'AWS::EC2::Instance',
      `${REQUEST}.instanceId`,
      `${REQUEST}.${items('instancesSet', 'instanceId')}`,
      `${ANSWER}.${items('instancesSet', 'instanceId')}`,
    ],
    ['AWS::EC2::Subnet', `${REQUEST}.subnetId`],
    ['AWS::EC2::VPC', `${REQUEST}.vpcId`, `${ANSWER}.vpc.vpcId`],
    ['AWS::EC2::FlowLog', `${REQUEST}.DeleteFlowLogsRequest.FlowLogId[].content`],
  ],
  'ec2-instance-connect': [['AWS::EC2::Instance', `${REQUEST}.instanceId`]],
  ssm: [
    ['AWS::EC2::Instance', `${REQUEST}.instanceIds[]`, `${REQUEST}.target`],
    ['AWS::SSM::Document', { calls: 'Document', path: `${REQUEST}.name` }],
    [
      'AWS::SSM::Parameter',
      { calls: 'Parameter', path: `${REQUEST}.name` },
      { calls: 'Parameter', path: `${REQUEST}.names[]` },
    ],
  ],
  s3: [['AWS::S3::Bucket', `${REQUEST}.bucketName`]],
  iam: [
    ['AWS::IAM::User', `${REQUEST}.userName`],
    ['AWS::IAM::Role', `${REQUEST}.roleName`],
    ['AWS::IAM::Group', `${REQUEST}.groupName`],
    ['AWS::IAM::AccessKey', `${REQUEST}.accessKeyId`, `${ANSWER}.accessKey.accessKeyId`],
  ],
  cloudtrail: [
    [
      'AWS::CloudTrail::Trail',
      { calls: 'Trail', path: `${REQUEST}.name` },
      { calls: 'Logging', path: `${REQUEST}.name` },
      `${REQUEST}.trailName`,
    ],
  ],
  kms: [['AWS::KMS::Key', `${REQUEST}.keyId`, `${ANSWER}.keyMetadata.keyId`]],
  lambda: [['AWS::Lambda::Function', `${REQUEST}.functionName`]],
  rds: [
    ['AWS::RDS::DBInstance', `${REQUEST}.dBInstanceIdentifier`],
    ['AWS::RDS::DBCluster', `${REQUEST}.dBClusterIdentifier`],
    ['AWS::RDS::DBSnapshot', `${REQUEST}.dBSnapshotIdentifier`],
    ['AWS::RDS::DBClusterSnapshot', `${REQUEST}.dBClusterSnapshotIdentifier`],
    ['AWS::RDS::DBSecurityGroup', `${REQUEST}.dBSecurityGroupName`],
  ],
  ecr: [['AWS::ECR::Repository', `${REQUEST}.repositoryName`]],
  sqs: [['AWS::SQS::Queue', `${REQUEST}.queueUrl`]],
  sns: [['AWS::SNS::Topic', `${REQUEST}.topicArn`, `${ANSWER}.topicArn`]],
  dynamodb: [['AWS::DynamoDB::Table', `${REQUEST}.tableName`]],
  secretsmanager: [['AWS::SecretsManager::Secret', `${REQUEST}.secretId`]],
  guardduty: [['AWS::GuardDuty::Detector', `${REQUEST}.detectorId`]],
  cloudfront: [
    [
      'AWS::CloudFront::Distribution',
      { calls: 'Distribution', path: `${REQUEST}.id` },
      `${REQUEST}.resource`,
      `${ANSWER}.distribution.id`,
    ],
  ],
  elasticfilesystem: [['AWS::EFS::FileSystem', `${REQUEST}.fileSystemId`, `${ANSWER}.fileSystemId`]],
  elasticloadbalancing: [
    ['AWS::ElasticLoadBalancing::LoadBalancer', `${REQUEST}.loadBalancerName`],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', `${REQUEST}.loadBalancerArn`, `${REQUEST}.resourceArns[]`],
  ],
  eks: [['AWS::EKS::Cluster', `${REQUEST}.name`, `${REQUEST}.clusterName`]],
  apigateway: [['AWS::ApiGateway::RestApi', `${REQUEST}.resourceArn`, `${REQUEST}.restApiId`]],
}

/**
 * What a call was about: the resources that CloudTrail lists by type, then those that the request or the answer names;
 * the account when neither names any. One of another account is left out: the call was made on it from here.
 */
export function calledResources(body: Fields, service: string, account: string): FindingResource[] {
  const listed = list(body, 'resources').flatMap((each) => {
    const resource = resourceNamed(text(each, 'type'), text(each, 'ARN') ?? text(each, 'arn'))
    return resource ? [{ resource, owner: text(each, 'accountId') ?? account }] : []
  })
  const named = (Object.hasOwn(NAMED, service) ? NAMED[service]! : []).flatMap(([type, ...paths]) =>
    paths.flatMap((path) => textsIn(body, path)).map((id) => resourceNamed(type, nameOf(type, id, account))),
  )
  const own = listed.filter(({ owner }) => owner === account)
  const all = listed.map(({ resource }) => resource)
  return resourcesOr(account, [...own.map(({ resource }) => resource), ...unlisted(all, named)])
}

/** A resource that is listed with its ARN and named by its id, too, is one, whosever it is. */
function unlisted(
  listed: FindingResource[],
  named: (FindingResource | undefined)[],
): (FindingResource | undefined)[] {
  const known = new Set(listed.map(({ type, id }) => `${type} ${id}`))
  return named.filter((each) => each !== undefined && !known.has(`${each.type} ${each.id}`))
}

/** A queue is named by its address: of what account, and its name. SQS developer guide, "Queue and message identifiers". */
const QUEUE = /(?:\/(?<account>\d{12}))?\/(?<name>[^/]*)$/
/** A function by a part of its ARN, with a version or an alias behind it. Lambda API reference, `FunctionName`. */
const FUNCTION =
  /^(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::(?:\$LATEST|[\w-]+))?$/
const NAMES = new Map([
  ['AWS::SQS::Queue', QUEUE],
  ['AWS::Lambda::Function', FUNCTION],
])

/** The name alone where a call may say more; undefined where that is another account's. A whole ARN is left as it is. */
function nameOf(type: string, id: string, account: string): string | undefined {
  const said = NAMES.get(type)?.exec(id)?.groups
  if (said === undefined) return id
  return (said.account ?? account) === account ? said.name : undefined
}

function textsIn(body: Fields, named: string | PathIn): string[] {
  if (typeof named === 'string') return texts(body, named)
  return text(body, 'eventName')?.includes(named.calls) ? texts(body, named.path) : []
}

/** The texts at a path that may lead through lists. */
function texts(value: unknown, path: string): string[] {
  const [head = '', ...rest] = path.split('[].')
  if (rest.length > 0) return list(value, head).flatMap((each) => texts(each, rest.join('[].')))
  if (!head.endsWith('[]')) return [text(value, head)].filter((each) => each !== undefined)
  const found = at(value, head.slice(0, -2))
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string' && each !== '') : []
}
