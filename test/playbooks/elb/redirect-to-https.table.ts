import { redirectToHttps } from '../../../playbooks/elb/redirect-to-https.ts'
import { type Fields, filterValues } from '../../support/aws-model/failure.ts'
import { absent, type Planted, type SettingRow, type SettingTable, type Wire } from '../setting-table.ts'

const BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188'
const ID = 'app/web/50dc6c495c0c9188/f2f7dc8efc522ab2'
const LISTENER = `arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/${ID}`

const TargetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/6d0ecf831eec9f09'
const forward = { Type: 'forward', TargetGroupArn }
const redirect = (Protocol: string, Port = '443') => ({
  Type: 'redirect',
  RedirectConfig: {
    Protocol,
    Port,
    Host: '#{host}',
    Path: '/#{path}',
    Query: '#{query}',
    StatusCode: 'HTTP_301',
  },
})
const actions = (...DefaultActions: Fields[]) => ({ DefaultActions })
const https = (Port: number, action: Fields = forward) => ({
  Protocol: 'HTTPS',
  Port,
  ListenerArn: LISTENER.replace(/.{4}$/, String(Port)),
  ...actions(action),
})
const acme = { Priority: '10', Actions: [forward] }
const open = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIpv4: '0.0.0.0/0' })

/** What else a row has beside an HTTPS listener at 443. */
const row = (live: Fields, more: Fields, rest: Omit<SettingRow, 'live' | 'more'>): SettingRow => ({
  live,
  more: { others: [https(443)], ...more },
  ...rest,
})

export const table: SettingTable = {
  playbook: redirectToHttps,
  finding: {
    source: 'securityhub',
    type: 'ELB.1',
    id: BALANCER,
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  },
  id: ID,
  should: actions(redirect('HTTPS')),
  other: actions({ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }),
  rows: [
    row(actions(forward), {}, { leads: 'set' }),
    // Weights and stickiness come back as they were.
    row(
      actions({
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn, Weight: 9 },
            { TargetGroupArn: `${TargetGroupArn}-2`, Weight: 1 },
          ],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 300 },
        },
      }),
      {},
      { leads: 'set' },
    ),
    // The number that AWS gives a single action is no difference.
    row(
      actions({ ...forward, Order: 1 }),
      {},
      { before: actions(forward), afterUndo: actions(forward), leads: 'set' },
    ),
    row(
      actions(forward),
      { others: [https(8443)], groups: [open(8443)] },
      { should: actions(redirect('HTTPS', '8443')), leads: 'set' },
    ),
    row(actions(forward), { others: [https(8443), https(443)] }, { leads: 'set' }),
    row(actions(forward), { groups: [open(80), open(443)] }, { leads: 'set' }),
    row(
      actions(forward),
      { groups: [open(80)] },
      { caution: 'no rule of its security groups lets anybody in at 443', leads: 'set' },
    ),
    row(
      actions(redirect('HTTPS')),
      {},
      { leads: { outcome: 'alreadyCompliant', reason: 'DefaultActions: [{"Type":"redirect"' } },
    ),
    row(
      actions(redirect('HTTPS')),
      { rules: [acme] },
      {
        leads: {
          outcome: 'unverified',
          reason: '1 other rules of the listener stay, and answer by HTTP (priority 10)',
        },
      },
    ),
    row(
      actions(forward),
      { others: [] },
      { leads: { outcome: 'notApplicable', reason: 'no listener of the load balancer answers by HTTPS' } },
    ),
    // It would go round in circles.
    row(
      actions(forward),
      { others: [https(443, redirect('HTTP', '80'))] },
      { leads: { outcome: 'notApplicable', reason: 'no listener of the load balancer answers by HTTPS' } },
    ),
    row(
      actions(forward),
      { others: [https(8443), https(9443)] },
      { leads: { outcome: 'notApplicable', reason: 'HTTPS is answered at 8443 and 9443' } },
    ),
    row(
      actions(redirect('HTTP', '8080')),
      {},
      { leads: { outcome: 'notApplicable', reason: 'redirects already, and not to HTTPS' } },
    ),
    row({}, {}, { leads: { outcome: 'failed', reason: 'AWS does not say DefaultActions' } }),
  ],
  change: 'elasticloadbalancing:ModifyListener',
  optionalReads: ['ec2:DescribeSecurityGroupRules'],
  wire: { plant: plantHttp, missing: LISTENER.replace('eu-west-1', 'us-east-1') },
  aws: (resource) => {
    const { others = [], rules = [], groups } = resource.more as Record<string, Fields[] | undefined>
    const there = (action: string, code: string) => {
      if (!resource.isThere) throw absent(action, code)
    }
    return {
      ec2: {
        DescribeSecurityGroupRules: (input) => {
          filterValues('ec2:DescribeSecurityGroupRules', input, ['group-id'])
          return { SecurityGroupRules: groups ?? [open(443)] }
        },
      },
      elb: {
        DescribeLoadBalancers: () => ({
          LoadBalancers: [
            { LoadBalancerArn: BALANCER, Type: 'application', SecurityGroups: ['sg-0123456789abcdef0'] },
          ],
        }),
        DescribeListeners: () => ({
          Listeners: [{ ListenerArn: LISTENER, Protocol: 'HTTP', Port: 80, ...resource.values }, ...others],
        }),
        DescribeRules: ({ ListenerArn }) => {
          if (ListenerArn !== LISTENER) throw absent('elasticloadbalancing:DescribeRules', 'ListenerNotFound')
          there('elasticloadbalancing:DescribeRules', 'ListenerNotFound')
          return { Rules: [{ IsDefault: true, Priority: 'default', Actions: [forward] }, ...rules] }
        },
        DescribeTags: () => ({ TagDescriptions: [{ ResourceArn: BALANCER, Tags: resource.tags }] }),
        ModifyListener: ({ ListenerArn, DefaultActions }) => {
          there('elasticloadbalancing:ModifyListener', 'ListenerNotFound')
          if (ListenerArn === LISTENER) resource.values = { DefaultActions }
          return {}
        },
      },
    }
  },
}

/** A load balancer that forwards by HTTP and by HTTPS, with a certificate that nobody checks. */
async function plantHttp({ send }: Wire): Promise<Planted> {
  const { Subnets = [] } = await send('ec2', 'DescribeSubnets', {})
  const { LoadBalancers } = await send('elb', 'CreateLoadBalancer', {
    Name: 'plain-http',
    Subnets: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId!),
  })
  const LoadBalancerArn = LoadBalancers![0]!.LoadBalancerArn!
  const { TargetGroups } = await send('elb', 'CreateTargetGroup', {
    Name: 'plain-http',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: Subnets[0]!.VpcId,
  })
  const { ServerCertificateMetadata } = await send('iam', 'UploadServerCertificate', {
    ServerCertificateName: 'plain-http',
    CertificateBody: 'none',
    PrivateKey: 'none',
  })
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: TargetGroups![0]!.TargetGroupArn! }]
  const { Listeners } = await send('elb', 'CreateListener', {
    LoadBalancerArn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions,
  })
  await send('elb', 'CreateListener', {
    LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: 443,
    Certificates: [{ CertificateArn: ServerCertificateMetadata!.Arn! }],
    DefaultActions,
  })
  const live = async () => {
    const ListenerArns = [Listeners![0]!.ListenerArn!]
    return (await send('elb', 'DescribeListeners', { ListenerArns })).Listeners![0]!.DefaultActions
  }
  return { id: LoadBalancerArn, live, should: [redirect('HTTPS')] }
}
