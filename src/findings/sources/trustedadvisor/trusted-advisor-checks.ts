/** What the items of a check are about, and the columns of its report that say which. */
export interface Check {
  id: string
  /** The resource type of an item; absent where the whole account is at fault. */
  type?: string
  /** Columns with the resource's id, best first. */
  columns: string[]
  /** Whether the resource is in a region, which a column must name then. */
  regional: boolean
}

const check = (id: string, type: string | undefined, ...columns: string[]): Check => ({
  id,
  ...(type && { type }),
  columns,
  regional: true,
})
const global = (id: string, type?: string, ...columns: string[]): Check => ({
  ...check(id, type, ...columns),
  regional: false,
})

const GROUP = ['Security Group ID', 'SG ID', 'Resource']

/**
 * The security checks of Trusted Advisor by the name that its events carry, and their ids, which stay the same when a
 * name changes (Support user guide, "AWS Trusted Advisor check reference").
 */
const CHECKS: [names: string[], check: Check][] = [
  [['Security Groups - Unrestricted Access'], check('1iG5NDGVre', 'AWS::EC2::SecurityGroup', ...GROUP)],
  [['MFA on Root Account'], global('7DAFEmoDos')],
  [['IAM Access Key Rotation'], global('DqdJqYeRm5', 'AWS::IAM::AccessKey', 'Access Key', 'Access Key ID')],
  [
    ['Security Groups - Specific Ports Unrestricted'],
    check('HCP4007jGY', 'AWS::EC2::SecurityGroup', ...GROUP),
  ],
  [['Amazon EBS Public Snapshots'], check('ePs02jT06w', 'AWS::EC2::Snapshot', 'Snapshot ID')],
  [
    ['Amazon RDS Security Group Access Risk'],
    check('nNauJisYIT', 'AWS::RDS::DBSecurityGroup', 'RDS Security Group Name', 'RDS SG Name'),
  ],
  // Of the category fault tolerance.
  [['Amazon RDS Backups'], check('opQPADkZvH', 'AWS::RDS::DBInstance', 'DB Instance')],
  [['Amazon RDS Public Snapshots'], check('rSs93HQwa1', 'AWS::RDS::DBSnapshot', 'Snapshot ID')],
  [
    ['Amazon Route 53 MX Resource Record Sets and Sender Policy Framework', 'Route 53 MX and SPF'],
    global('c9D319e7sG', 'AWS::Route53::HostedZone', 'Hosted Zone ID'),
  ],
  [['Amazon S3 Bucket Permissions'], check('Pfx0RwqBli', 'AWS::S3::Bucket', 'Bucket Name', 'Bucket')],
  [['AWS CloudTrail Logging'], check('vjafUGJ9H0', 'AWS::CloudTrail::Trail', 'Trail Name')],
  [
    ['ELB Security Groups', 'Classic Load Balancer Security Groups'],
    check('xSqX82fQu', 'AWS::ElasticLoadBalancing::LoadBalancer', 'Load Balancer Name', 'LB Name'),
  ],
  [
    ['Application Load Balancer Security Groups', 'Application Load Balancer Security Group'],
    check('8604e947f2', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'ALB Name'),
  ],
  [['Amazon CloudWatch Log Group Retention Period'], check('c18d2gz186', 'AWS::Logs::LogGroup', 'Resource')],
  [['IAM Use'], global('zXCkfM1nI3')],
  [['IAM Password Policy'], global('Yw2K9puPzl')],
  [
    ['CloudFront Custom SSL Certificates in the IAM Certificate Store'],
    global('N425c450f2', 'AWS::CloudFront::Distribution', 'Distribution ID'),
  ],
  [
    ['CloudFront SSL Certificate on the Origin Server'],
    global('N430c450f2', 'AWS::CloudFront::Distribution', 'Distribution ID'),
  ],
  [['Exposed Access Keys'], global('12Fnkpl8Y5', 'AWS::IAM::AccessKey', 'Access Key ID', 'Access Key')],
]

/** Names and columns changed in case, dashes and blanks over the years, and in nothing else. */
export const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

const BY_NAME = new Map(
  CHECKS.flatMap(([names, each]) => names.map((name) => [plainName(name), each] as const)),
)

/** The security check of that name; undefined for one that is not about security. */
export const checkNamed = (name: string): Check | undefined => BY_NAME.get(plainName(name))
