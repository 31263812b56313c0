import type { Wire } from '../../test/playbooks/setting-table.ts'
import { plantServices } from './faulty-services.ts'

/**
 * An account in which much is wrong, as scanners find accounts: open groups, public snapshots, buckets that everybody may
 * read, databases without backups. Made by plain calls, so that a scanner and Rectify see the same resources.
 */
export async function plantFaults(aws: Wire): Promise<void> {
  await network(aws)
  await disks(aws)
  await buckets(aws)
  await databases(aws)
  await identities(aws)
  await watching(aws)
  await others(aws)
  await plantServices(aws)
}

const WORLD = '0.0.0.0/0'
/** Ports that are open to the world, a group for each list. */
const OPEN: readonly (readonly [name: string, from: number, to: number, protocol?: string])[] = [
  ['ssh', 22, 22],
  ['ssh-again', 22, 22],
  ['rdp', 3389, 3389],
  ['telnet', 23, 23],
  ['ftp', 20, 21],
  ['mysql', 3306, 3306],
  ['postgres', 5432, 5432],
  ['mongo', 27017, 27018],
  ['redis', 6379, 6379],
  ['memcached', 11211, 11211],
  ['kibana', 5601, 5601],
  ['search', 9200, 9300],
  ['oracle', 1521, 1521],
  ['sqlserver', 1433, 1433],
  ['kafka', 9092, 9092],
  ['cassandra', 9160, 9160],
  ['admin', 8080, 8088],
  ['everything', -1, -1, '-1'],
  ['range', 0, 65535],
]

async function network({ send }: Wire): Promise<void> {
  const { Vpc } = await send('ec2', 'CreateVpc', { CidrBlock: '10.9.0.0/16' })
  const { Subnet } = await send('ec2', 'CreateSubnet', { VpcId: Vpc!.VpcId!, CidrBlock: '10.9.1.0/24' })
  const SubnetId = Subnet!.SubnetId!
  await send('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } })
  for (const [name, FromPort, ToPort, IpProtocol = 'tcp'] of OPEN) {
    const { GroupId } = await send('ec2', 'CreateSecurityGroup', {
      GroupName: `faulty-${name}`,
      Description: `open ${name}`,
      VpcId: Vpc!.VpcId!,
    })
    const ports = IpProtocol === '-1' ? {} : { FromPort, ToPort }
    await send('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId: GroupId!,
      IpPermissions: [
        { IpProtocol, ...ports, IpRanges: [{ CidrIp: WORLD }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    })
    // Prowler asks nothing of a group that nothing wears.
    await send('ec2', 'CreateNetworkInterface', { SubnetId, Groups: [GroupId!] })
  }
  // One that names no group wears the default group of its VPC.
  const image = { ImageId: 'ami-0c55b159cbfafe1f0', InstanceType: 't3.micro' } as const
  await send('ec2', 'RunInstances', { ...image, SubnetId, MinCount: 2, MaxCount: 2 })
}

async function disks({ send, region }: Wire): Promise<void> {
  for (let n = 0; n < 5; n++) {
    const { VolumeId } = await send('ec2', 'CreateVolume', { AvailabilityZone: `${region}a`, Size: 1 })
    const { SnapshotId } = await send('ec2', 'CreateSnapshot', { VolumeId: VolumeId! })
    await send('ec2', 'ModifySnapshotAttribute', {
      SnapshotId: SnapshotId!,
      Attribute: 'createVolumePermission',
      OperationType: 'add',
      GroupNames: ['all'],
    })
  }
  const { Reservations = [] } = await send('ec2', 'DescribeInstances', {})
  const InstanceId = Reservations[0]!.Instances![0]!.InstanceId!
  const { ImageId } = await send('ec2', 'CreateImage', { InstanceId, Name: 'faulty-image' })
  await send('ec2', 'ModifyImageAttribute', {
    ImageId: ImageId!,
    LaunchPermission: { Add: [{ Group: 'all' }] },
  })
}

async function buckets({ send, account }: Wire): Promise<void> {
  for (let n = 0; n < 5; n++) {
    const Bucket = `faulty-data-${n}`
    await send('s3', 'CreateBucket', { Bucket })
    if (n < 3)
      await send('s3', 'PutBucketAcl', { Bucket, ACL: n === 0 ? 'public-read-write' : 'public-read' })
    if (n === 3)
      await send('s3', 'PutBucketPolicy', {
        Bucket,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Mine',
              Effect: 'Allow',
              Principal: { AWS: account },
              Action: 's3:*',
              Resource: `arn:aws:s3:::${Bucket}/*`,
            },
            {
              Sid: 'All',
              Effect: 'Allow',
              Principal: '*',
              Action: ['s3:GetObject', 's3:PutObject'],
              Resource: `arn:aws:s3:::${Bucket}/*`,
            },
          ],
        }),
      })
  }
}

async function databases({ send }: Wire): Promise<void> {
  for (let n = 0; n < 2; n++) {
    const DBInstanceIdentifier = `faulty-orders-${n}`
    await send('rds', 'CreateDBInstance', {
      DBInstanceIdentifier,
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'admin1',
      MasterUserPassword: 'not-a-secret',
      BackupRetentionPeriod: 0,
      PubliclyAccessible: true,
      AutoMinorVersionUpgrade: false,
    })
    const DBSnapshotIdentifier = `faulty-copy-${n}`
    await send('rds', 'CreateDBSnapshot', { DBInstanceIdentifier, DBSnapshotIdentifier })
    await send('rds', 'ModifyDBSnapshotAttribute', {
      DBSnapshotIdentifier,
      AttributeName: 'restore',
      ValuesToAdd: ['all'],
    })
  }
  await send('dynamodb', 'CreateTable', {
    TableName: 'faulty-orders',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  await send('opensearch', 'CreateDomain', { DomainName: 'faulty-search', EngineVersion: 'OpenSearch_2.11' })
}

async function identities({ send }: Wire): Promise<void> {
  for (const UserName of ['faulty-alice', 'faulty-deploy']) {
    await send('iam', 'CreateUser', { UserName })
    await send('iam', 'CreateLoginProfile', { UserName, Password: 'not-a-Secret-1' })
  }
  for (const Description of ['rotated never', 'deleted soon']) {
    const { KeyMetadata } = await send('kms', 'CreateKey', { Description })
    if (Description === 'deleted soon')
      await send('kms', 'ScheduleKeyDeletion', { KeyId: KeyMetadata!.KeyId!, PendingWindowInDays: 7 })
  }
}

/** Where logs go, by the policy. */
export const LOGS = 'faulty-access-logs'

async function watching({ send, account }: Wire): Promise<void> {
  await send('s3', 'CreateBucket', { Bucket: LOGS })
  const delivery = {
    ...{ Sid: 'Delivery', Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' } },
    ...{ Action: 's3:PutObject', Resource: `arn:aws:s3:::${LOGS}/*` },
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  }
  await send('s3', 'PutBucketPolicy', {
    Bucket: LOGS,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [delivery] }),
  })
  await send('s3', 'CreateBucket', { Bucket: 'faulty-trail-logs' })
  await send('cloudtrail', 'CreateTrail', { Name: 'faulty', S3BucketName: 'faulty-trail-logs' })
  // A trail has these from the start; the emulator lists none.
  await send('cloudtrail', 'PutEventSelectors', {
    TrailName: 'faulty',
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [] }],
  })
  const roleARN = `arn:aws:iam::${account}:role/recorder`
  await send('config', 'PutConfigurationRecorder', {
    ConfigurationRecorder: { name: 'default', roleARN, recordingGroup: { allSupported: true } },
  })
  await send('config', 'PutDeliveryChannel', { DeliveryChannel: { name: 'default', s3BucketName: LOGS } })
  await send('logs', 'CreateLogGroup', { logGroupName: '/faulty/app' })
  await send('logs', 'PutRetentionPolicy', { logGroupName: '/faulty/app', retentionInDays: 30 })
}

async function others({ send, account, region }: Wire): Promise<void> {
  const everybody = (Action: string, Resource: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'All', Effect: 'Allow', Principal: '*', Action, Resource }],
    })
  const { TopicArn } = await send('sns', 'CreateTopic', { Name: 'faulty-alerts' })
  await send('sns', 'SetTopicAttributes', {
    TopicArn: TopicArn!,
    AttributeName: 'Policy',
    AttributeValue: everybody('sns:Publish', TopicArn!),
  })
  const { QueueUrl } = await send('sqs', 'CreateQueue', { QueueName: 'faulty-jobs' })
  const queue = `arn:aws:sqs:${region}:${account}:faulty-jobs`
  await send('sqs', 'SetQueueAttributes', {
    QueueUrl: QueueUrl!,
    Attributes: { Policy: everybody('sqs:SendMessage', queue) },
  })
  await send('ecr', 'CreateRepository', { repositoryName: 'faulty-app' })
  await send('efs', 'CreateFileSystem', { CreationToken: 'faulty', Backup: false })
}
