import { accountItself, found, type Row, refused } from './row.ts'

const inspector = found('inspector')
const advisor = found('trustedadvisor')
const analyzer = found('accessanalyzer')
const macie = found('macie')
const health = found('health')
const INSPECTED = 'inspector2-finding-django-DefectDojo-'
const FUNCTION: [string, string] = [
  'AWS::Lambda::Function',
  'web-user-manager-api-stage-healthCheck-EXAMPLE1ABCD',
]
const IMAGE = (account: string, region: string, image: string): [string, string] => [
  'AWS::ECR::ContainerImage',
  `arn:aws:ecr:${region}:${account}:repository/${image}`,
]
const ADVISED = 'trustedadvisor-eb-Trusted-Advisor-Tools-'
const GUIDE = 'trustedadvisor-eb-amazon-cloudwatch-events-user-guide-'
const CLASSIC = 'macie-classic-eb-amazon-cloudwatch-events-user-guide'

/** Inspector, Trusted Advisor, Access Analyzer, Macie and Health. */
export const ANALYZERS: Row[] = [
  inspector(
    'inspector-classic-sns-body-amazon-inspector-network-reachability-workshop',
    'active',
    'FINDING_REPORTED',
    'MEDIUM',
    '123456789012 us-east-1',
    [['AWS::Inspector::AssessmentTarget', 'arn:aws:inspector:us-east-1:123456789012:target/0-a12b3c4d']],
  ),
  inspector(
    'inspector2-api-django-DefectDojo-aws-inspector2-one-vul',
    'active',
    'PACKAGE_VULNERABILITY',
    'MEDIUM',
    '012345678901 us-east-1',
    [
      IMAGE(
        '012345678901',
        'us-east-1',
        'my-awesome-docker-image/sha256:c667ad018b538adadb5bd1db75836c8561b23bc7d31d9cd8941fa74f5df93802',
      ),
    ],
    { packages: [{ name: 'linux', manager: 'OS', fixAvailable: 'YES' }] },
  ),
  inspector(
    'inspector2-eb-amazon-ecr-user-guide-None-None',
    'notice',
    'Inspector2 Scan',
    'INFORMATIONAL',
    '123456789012 us-east-2',
    [['AWS::ECR::Repository', 'amazon/amazon-ecs-sample']],
  ),
  // Region and partition of the resource are N/A.
  inspector(
    'inspector2-eb-amazon-ecr-user-guide-PACKAGE-VULNERABILITY-CVE-2019-17498-libssh2',
    'active',
    'PACKAGE_VULNERABILITY',
    'MEDIUM',
    '123456789012 us-east-2',
    [
      IMAGE(
        '123456789012',
        'us-east-2',
        'amazon/amazon-ecs-sample/sha256:36c7b282abd0186e01419f2e58743e1bf635808231049bbc9d77EXAMPLE',
      ),
    ],
    { packages: [{ name: 'libssh2', manager: 'OS', fixAvailable: 'UNKNOWN' }] },
  ),
  inspector(
    'inspector2-eb-amazon-ecr-user-guide',
    'notice',
    'ECR Scan Resource Change',
    'INFORMATIONAL',
    '123456789012 us-east-1',
    accountItself('123456789012'),
  ),
  inspector(
    'inspector2-eb-transcribed-docs-ec2-package-vulnerability-closed',
    'resolved',
    'PACKAGE_VULNERABILITY',
    'MEDIUM',
    '123456789012 eu-central-1',
    [['AWS::EC2::Instance', 'i-12345678901234567']],
  ),
  inspector(
    'inspector2-eb-transcribed-docs-network-reachability',
    'active',
    'NETWORK_REACHABILITY',
    'MEDIUM',
    '123456789012 eu-central-1',
    [['AWS::EC2::Instance', 'i-12345678901234567']],
    { ports: [22] },
  ),
  inspector(
    'inspector2-eb-transcribed-workshop-network-reachability-cfn-tags',
    'active',
    'NETWORK_REACHABILITY',
    'MEDIUM',
    '111122223333 eu-west-1',
    [['AWS::EC2::Instance', 'i-0cc555cfcdf60a48f']],
    { ports: [22] },
  ),
  // Dates in a test tool's own notation.
  refused('inspector2-finding-cloud-custodian-ec2', 'missingField', 'updatedAt'),
  refused('inspector2-finding-cloud-custodian-ec2-3', 'missingField', 'updatedAt'),
  inspector(
    `${INSPECTED}CODE-VULNERABILITY-AWS-LAMBDA-FUNCTION`,
    'active',
    'CODE_VULNERABILITY',
    'HIGH',
    '123456789012 us-west-2',
    [FUNCTION],
  ),
  inspector(
    `${INSPECTED}PACKAGE-VULNERABILITY-AWS-LAMBDA-FUNCTION-2`,
    'active',
    'PACKAGE_VULNERABILITY',
    'MEDIUM',
    '123456789012 us-west-2',
    [FUNCTION],
  ),
  inspector(
    'ecr-eb-aws-lambda-go-image-scan',
    'active',
    'ECR Image Scan',
    'CRITICAL',
    '123456789012 eu-north-1',
    [
      IMAGE(
        '123456789012',
        'eu-north-1',
        'tribble-image-scan-test/sha256:d4a96ee9443e641fc100e763a0c10928720b50c6e3ea3342d05d7c3435fc5355',
      ),
    ],
  ),

  advisor(
    `${ADVISED}Amazon-RDS-Idle-DB-Instances`,
    'active',
    'Amazon RDS Idle DB Instances',
    'MEDIUM',
    '123456789012 eu-west-1',
    [['AWS::RDS::DBInstance', 'sam-eu-west-1a']],
  ),
  advisor(
    `${ADVISED}Amazon-S3-Bucket-Lifecycle-Configuration`,
    'active',
    'Amazon S3 Bucket Lifecycle Configuration',
    'MEDIUM',
    '123456789012 us-east-1',
    [['AWS::S3::Bucket', 'example-bucket']],
  ),
  advisor(
    `${ADVISED}Amazon-S3-Bucket-Versioning`,
    'active',
    'Amazon S3 Bucket Versioning',
    'MEDIUM',
    '083010608567 us-east-1',
    [['AWS::S3::Bucket', 'tpbucket']],
  ),
  advisor(
    `${ADVISED}Exposed-Access-Keys`,
    'active',
    '12Fnkpl8Y5',
    'HIGH',
    '111222333444 us-east-1',
    [['AWS::IAM::AccessKey', 'ACCESS_KEY_ID_HERE']],
    {
      principal: 'test-user',
      userType: 'IAMUser',
    },
  ),
  // The item's ARN is of an account that the event is not of.
  advisor(
    `${ADVISED}High-Utilization-Amazon-EC2-Instances`,
    'active',
    'High Utilization Amazon EC2 Instances',
    'MEDIUM',
    '000000000000 us-west-2',
    [['AWS::EC2::Instance', 'i-b6218518']],
  ),
  advisor(
    `${ADVISED}Unassociated-Elastic-IP-Addresses`,
    'active',
    'Unassociated Elastic IP Addresses',
    'MEDIUM',
    '123456789012 us-east-1',
    accountItself('123456789012'),
  ),
  advisor(
    `${ADVISED}Underutilized-Amazon-EBS-Volumes-2`,
    'active',
    'Underutilized Amazon EBS Volumes',
    'MEDIUM',
    '123412341234 us-east-2',
    [['AWS::EC2::Volume', 'vol-0d84605d40b6932fc']],
  ),
  advisor(
    `${GUIDE}Exposed-Access-Keys`,
    'active',
    '12Fnkpl8Y5',
    'HIGH',
    '123456789012 us-east-1',
    [['AWS::IAM::AccessKey', 'AKIAIOSFODNN7EXAMPLE']],
    {
      principal: 'my-username',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    },
  ),
  advisor(
    `${GUIDE}Load-Balancer-Optimization`,
    'active',
    'Load Balancer Optimization',
    'MEDIUM',
    '123456789012 eu-central-1',
    [['AWS::ElasticLoadBalancing::LoadBalancer', 'my-load-balancer']],
  ),
  advisor(
    `${GUIDE}Low-Utilization-Amazon-EC2-Instances`,
    'active',
    'Low Utilization Amazon EC2 Instances',
    'MEDIUM',
    '123456789012 ca-central-1',
    [['AWS::EC2::Instance', 'i-01234567890abcdef']],
  ),
  advisor(
    'trustedadvisor-eb-transcribed-sg-unrestricted-access',
    'active',
    '1iG5NDGVre',
    'HIGH',
    '123456789012 ap-southeast-1',
    [['AWS::EC2::SecurityGroup', 'sg-0abc123def456789']],
    {
      ports: [22],
    },
  ),

  analyzer(
    'accessanalyzer-eb-iam-user-guide-AWS-S3-Bucket',
    'active',
    'ExternalAccess:AWS::S3::Bucket',
    'MEDIUM',
    '111122223333 us-west-2',
    [['AWS::S3::Bucket', 'my-bucket']],
    {
      principal: '999988887777',
    },
  ),
  // It could not be analysed.
  analyzer(
    'accessanalyzer-eb-iam-user-guide-AWS-S3-Bucket-2',
    'notice',
    'ExternalAccess:AWS::S3::Bucket',
    'MEDIUM',
    '111122223333 us-west-2',
    [['AWS::S3::Bucket', 'my-bucket']],
  ),
  analyzer(
    'accessanalyzer-eb-transcribed-docs-error-access-denied',
    'notice',
    'ExternalAccess:AWS::S3::Bucket',
    'MEDIUM',
    '111122223333 us-west-2',
    [['AWS::S3::Bucket', 'amzn-s3-demo-bucket']],
  ),
  analyzer(
    'accessanalyzer-eb-iam-user-guide-None',
    'notice',
    'Access Preview State Change',
    'INFORMATIONAL',
    '111122223333 us-west-2',
    [['AWS::S3::Bucket', 'example-bucket']],
  ),
  analyzer(
    'accessanalyzer-eb-iam-user-guide-None-3',
    'notice',
    'Access Preview State Change',
    'INFORMATIONAL',
    '111122223333 us-west-2',
    [['AWS::S3::Bucket', 'example-bucket']],
  ),
  analyzer(
    'accessanalyzer-eb-transcribed-docs-internal-access',
    'active',
    'InternalAccess:AWS::S3::Bucket',
    'MEDIUM',
    '111122223333 us-east-1',
    [['AWS::S3::Bucket', 'critical-data']],
    {
      principal: 'arn:aws:iam::111122223333:role/MyRole_6',
    },
  ),
  // Sent to the administrator, 123456789012; the role is the member's.
  analyzer(
    'accessanalyzer-eb-transcribed-docs-unused-permission',
    'active',
    'UnusedPermission',
    'LOW',
    '111122223333 us-west-2',
    [['AWS::IAM::Role', 'FindingIntegTestFakeRole']],
  ),
  // Role and finding name two accounts.
  refused('accessanalyzer-eb-transcribed-docs-unused-role-error', 'unknownShape', 'resource'),
  analyzer(
    'accessanalyzer-eb-transcribed-iam-role-cross-account',
    'active',
    'ExternalAccess:AWS::IAM::Role',
    'MEDIUM',
    '012345678901 us-east-1',
    [['AWS::IAM::Role', 'fnord']],
    {
      principal: '987654321098',
    },
  ),

  macie(
    CLASSIC,
    'active',
    'MacieAlert:basic/Scanning bucket policies',
    'HIGH',
    '123456789012 us-east-1',
    accountItself('123456789012'),
  ),
  macie(
    `${CLASSIC}-2`,
    'active',
    'MacieAlert:basic/Bucket is writable by all authenticated users',
    'HIGH',
    '123456789012 us-east-1',
    [['AWS::S3::Bucket', 'secret-bucket-name']],
  ),
  macie(
    `${CLASSIC}-3`,
    'active',
    'MacieAlert:basic/Public bucket contains high risk object',
    'CRITICAL',
    '123456789012 us-east-1',
    [['AWS::S3::Bucket', 'public_bucket']],
    {
      objects: ['public_bucket/secret_key.txt', 'public_bucket/financial_summary.txt'],
    },
  ),
  // The guide left the bucket out.
  refused(
    'macie-eb-transcribed-docs-bucket-encryption-disabled',
    'missingField',
    'resourcesAffected.s3Bucket.name',
  ),
  macie(
    'macie-finding-content-hub-SensitiveData-S3Object-Personal',
    'active',
    'SensitiveData:S3Object/Personal',
    'LOW',
    '582302349248 us-east-1',
    [['AWS::S3::Bucket', 'testsiemplify2']],
    {
      objects: ['testsiemplify2/Full name.xlsx'],
    },
  ),

  health(
    'health-eb-aws-health-tools-AWS-EC2-INSTANCE-STORE-DRIVE-PERFORMANCE-DEGRADED',
    'active',
    'AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED',
    'MEDIUM',
    '123456789012 us-west-2',
    [['AWS::EC2::Instance', 'i-abcd1111']],
  ),
  health(
    'eb-terraform-aws-notify-slack-aws-health-event',
    'active',
    'AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED',
    'MEDIUM',
    '123456789012 us-west-2',
    [['AWS::EC2::Instance', 'i-abcd1111']],
  ),
  health(
    'health-eb-aws-health-tools-AWS-RISK-CREDENTIALS-EXPOSED',
    'active',
    'AWS_RISK_CREDENTIALS_EXPOSED',
    'HIGH',
    '123456789012 us-east-1',
    [['AWS::IAM::AccessKey', 'ACCESS_KEY_ID_HERE']],
  ),
  // A template: nobody filled in the account.
  refused('health-eb-aws-health-tools-abuse-dos', 'missingField', 'account'),
  health(
    'health-eb-cloud-custodian-AWS-EC2-PERSISTENT-INSTANCE-RETIREMENT-SCHEDULED',
    'active',
    'AWS_EC2_PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED',
    'LOW',
    '011122335622 us-east-1',
    [['AWS::EC2::Instance', 'i-00ddbf07ce6372082']],
  ),
  // The key is masked so in the sample itself.
  health(
    'health-eb-notify-and-remediate-exposed-access-key-AWS-RISK-CREDENTIALS-EXPOSED',
    'active',
    'AWS_RISK_CREDENTIALS_EXPOSED',
    'HIGH',
    '1234567890 us-east-1',
    [['AWS::IAM::AccessKey', 'AKIAXXXXXXXXXX']],
    {
      principal: 'test-1',
      userType: 'IAMUser',
    },
  ),
]
