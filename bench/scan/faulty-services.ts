import type { Wire } from '../../test/playbooks/setting-table.ts'

/** What is wrong in services of which an account has few resources. */
export async function plantServices(aws: Wire): Promise<void> {
  await openPolicies(aws)
  await clusters(aws)
  await secrets(aws)
  await loadBalancers(aws)
}

/** A key, a repository and a document that everybody may use. */
async function openPolicies({ send, account }: Wire): Promise<void> {
  const policy = (own: object, open: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Own', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, ...own },
        { Sid: 'All', Effect: 'Allow', Principal: '*', ...open },
      ],
    })
  await send('kms', 'CreateKey', {
    Description: 'for everybody',
    Policy: policy({ Action: 'kms:*', Resource: '*' }, { Action: 'kms:Decrypt', Resource: '*' }),
  })
  const repositoryName = 'faulty-open'
  await send('ecr', 'CreateRepository', { repositoryName })
  await send('ecr', 'SetRepositoryPolicy', {
    repositoryName,
    policyText: policy({ Action: 'ecr:*' }, { Action: 'ecr:BatchGetImage' }),
  })
  const step = { action: 'aws:runShellScript', name: 'nothing', inputs: { runCommand: ['true'] } }
  const Content = JSON.stringify({ schemaVersion: '2.2', description: 'nothing', mainSteps: [step] })
  const Name = 'faulty-document'
  await send('ssm', 'CreateDocument', { Name, DocumentType: 'Command', Content })
  await send('ssm', 'ModifyDocumentPermission', { Name, PermissionType: 'Share', AccountIdsToAdd: ['all'] })
}

async function clusters({ send, account }: Wire): Promise<void> {
  for (const DBClusterIdentifier of ['faulty-shop-0', 'faulty-shop-1']) {
    await send('rds', 'CreateDBCluster', {
      DBClusterIdentifier,
      Engine: 'aurora-postgresql',
      MasterUsername: 'admin1',
      MasterUserPassword: 'not-a-secret',
    })
  }
  await send('redshift', 'CreateCluster', {
    ClusterIdentifier: 'faulty-reports',
    NodeType: 'ra3.large',
    MasterUsername: 'admin1',
    MasterUserPassword: 'Not-a-secret-1',
    ClusterType: 'single-node',
    AllowVersionUpgrade: false,
  })
  const { Subnets = [] } = await send('ec2', 'DescribeSubnets', {})
  await send('eks', 'CreateCluster', {
    name: 'faulty-production',
    roleArn: `arn:aws:iam::${account}:role/eks`,
    resourcesVpcConfig: { subnetIds: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId!) },
  })
}

/** One that was never set up to be rotated. */
async function secrets({ send }: Wire): Promise<void> {
  await send('secretsmanager', 'CreateSecret', { Name: 'faulty/database', SecretString: 'not-a-secret' })
}

/** One answers by HTTP alone, one by HTTPS as well: plain HTTP can be sent there. */
async function loadBalancers({ send }: Wire): Promise<void> {
  const { Subnets = [] } = await send('ec2', 'DescribeSubnets', {})
  const [first, second] = Subnets.filter(({ DefaultForAz }) => DefaultForAz)
  const { ServerCertificateMetadata } = await send('iam', 'UploadServerCertificate', {
    ...{ ServerCertificateName: 'faulty-shop', CertificateBody: 'none', PrivateKey: 'none' },
  })
  for (const Name of ['faulty-web', 'faulty-shop']) {
    const { LoadBalancers } = await send('elb', 'CreateLoadBalancer', {
      Name,
      Subnets: [first!.SubnetId!, second!.SubnetId!],
    })
    const { LoadBalancerArn } = LoadBalancers![0]!
    // The emulator knows of the attribute only once it was set.
    await send('elb', 'ModifyLoadBalancerAttributes', {
      LoadBalancerArn,
      Attributes: [
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'false' },
        { Key: 'access_logs.s3.enabled', Value: 'false' },
      ],
    })
    const { TargetGroups } = await send('elb', 'CreateTargetGroup', {
      ...{ Name, Protocol: 'HTTP', Port: 80, VpcId: first!.VpcId! },
    })
    const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: TargetGroups![0]!.TargetGroupArn! }]
    await send('elb', 'CreateListener', { LoadBalancerArn, Protocol: 'HTTP', Port: 80, DefaultActions })
    if (Name === 'faulty-shop')
      await send('elb', 'CreateListener', {
        ...{ LoadBalancerArn, Protocol: 'HTTPS', Port: 443, DefaultActions },
        Certificates: [{ CertificateArn: ServerCertificateMetadata!.Arn! }],
      })
  }
}
