import type { Action, Listener, LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2'
import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making, picked } from '../../src/playbook/service/copies.ts'
import { groupStub, subnetStubs, vpcStub } from '../ec2/copies/network.ts'

/** Subnets of one of which nothing is known but its name: two, as it must have. */
const unknownSubnets = (arn: string, region: string) =>
  ['a', 'b'].map((zone) => ({ SubnetId: `subnet ${zone} of ${arn}`, ZoneName: `${region}${zone}` }))

function balancerMaking(balancer: LoadBalancer, region: string, isStub = false): Making {
  const { LoadBalancerArn = '', VpcId = `vpc of ${LoadBalancerArn}`, SecurityGroups = [] } = balancer
  const {
    LoadBalancerName = nameIn(LoadBalancerArn),
    AvailabilityZones = unknownSubnets(LoadBalancerArn, region),
  } = balancer
  const subnets = AvailabilityZones.flatMap(({ SubnetId, ZoneName }) =>
    SubnetId === undefined ? [] : [{ SubnetId, AvailabilityZone: ZoneName }],
  )
  return making(
    call('elb', 'CreateLoadBalancer', {
      Name: LoadBalancerName,
      Subnets: subnets.map(({ SubnetId }) => SubnetId),
      ...(SecurityGroups.length > 0 && { SecurityGroups }),
      ...(LoadBalancerArn.includes(':loadbalancer/net/') && { Type: 'network' as const }),
      ...picked(balancer, 'Scheme', 'Type', 'IpAddressType'),
    }),
    {
      makes: LoadBalancerArn,
      ids: { 'LoadBalancers.0.LoadBalancerArn': LoadBalancerArn },
      needs: [...subnetStubs(subnets, VpcId), ...SecurityGroups.map((id) => groupStub(id, VpcId))],
      ...(isStub && { isStub }),
    },
  )
}

/** `web` of `…:loadbalancer/app/web/50dc6c495c0c9188` */
const nameIn = (arn: string) => arn.split('/').at(-2) ?? ''
/** ARN of the load balancer of a listener or of one of its rules. */
const balancerOf = (listener: string) =>
  listener
    .replace(/:listener(-rule)?\//, ':loadbalancer/')
    .replace(/^(.*:loadbalancer\/\w+\/[^/]+\/[^/]+).*$/, '$1')

const balancerStub = (arn: string, region: string): Making =>
  balancerMaking({ LoadBalancerArn: arn }, region, true)

/** What an action forwards to. */
function targetGroupsOf(actions: readonly Action[] = []): Making[] {
  const arns = actions.flatMap(({ TargetGroupArn, ForwardConfig }) => [
    ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
    ...(ForwardConfig?.TargetGroups ?? []).flatMap((each) => each.TargetGroupArn ?? []),
  ])
  return [...new Set(arns)].map((arn) => {
    const VpcId = `vpc of ${arn}`
    return making(
      call('elb', 'CreateTargetGroup', { Name: nameIn(arn), Protocol: 'HTTP', Port: 80, VpcId }),
      {
        makes: arn,
        ids: { 'TargetGroups.0.TargetGroupArn': arn },
        needs: [vpcStub(VpcId)],
      },
    )
  })
}

/** A certificate in the place of another: nobody connects. */
function certificateMaking(arn: string): Making {
  if (arn.includes(':acm:'))
    return making(call('acm', 'RequestCertificate', { DomainName: 'copy.example.com' }), {
      makes: arn,
      ids: { CertificateArn: arn },
    })
  const ServerCertificateName = arn.slice(arn.lastIndexOf('/') + 1)
  const nothing = { CertificateBody: 'none', PrivateKey: 'none' }
  return making(call('iam', 'UploadServerCertificate', { ServerCertificateName, ...nothing }), { makes: arn })
}

function listenerMaking(listener: Listener, region: string): Making {
  const {
    ListenerArn = '',
    LoadBalancerArn = balancerOf(ListenerArn),
    DefaultActions,
    Certificates = [],
  } = listener
  const certificates = Certificates.flatMap(({ CertificateArn }) => CertificateArn ?? [])
  return making(
    call('elb', 'CreateListener', {
      LoadBalancerArn,
      DefaultActions,
      ...picked(listener, 'Protocol', 'Port', 'SslPolicy', 'AlpnPolicy'),
      ...(certificates.length > 0 && {
        Certificates: certificates.map((CertificateArn) => ({ CertificateArn })),
      }),
    }),
    {
      makes: ListenerArn,
      ids: { 'Listeners.0.ListenerArn': ListenerArn },
      needs: [
        balancerStub(LoadBalancerArn, region),
        ...targetGroupsOf(DefaultActions),
        ...certificates.map(certificateMaking),
      ],
    },
  )
}

/** Load balancers with their listeners and rules; what they forward to is empty. */
export const balancerCopies = defineCopies('elb', {
  DescribeLoadBalancers: ({ answer, region }) =>
    (answer?.LoadBalancers ?? []).map((each) => balancerMaking(each, region)),
  DescribeLoadBalancerAttributes: ({ input: { LoadBalancerArn = '' }, answer, region }) => {
    const Attributes = (answer?.Attributes ?? []).filter(({ Value = '' }) => Value !== '')
    return [
      balancerStub(LoadBalancerArn, region),
      ...(Attributes.length === 0
        ? []
        : [making(call('elb', 'ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes }))]),
    ]
  },
  DescribeListeners: ({ answer, region }) =>
    (answer?.Listeners ?? []).map((each) => listenerMaking(each, region)),
  DescribeRules: ({ input: { ListenerArn }, answer }) =>
    (answer?.Rules ?? []).flatMap(({ IsDefault, Priority, Conditions, Actions, RuleArn = '' }) =>
      IsDefault
        ? []
        : [
            making(
              call('elb', 'CreateRule', { ListenerArn, Priority: Number(Priority), Conditions, Actions }),
              {
                makes: RuleArn,
                ids: { 'Rules.0.RuleArn': RuleArn },
                needs: targetGroupsOf(Actions),
              },
            ),
          ],
    ),
  DescribeTags: ({ answer }) =>
    (answer?.TagDescriptions ?? []).flatMap(({ ResourceArn = '', Tags = [] }) => {
      const own = Tags.filter(({ Key = '' }) => !Key.startsWith('aws:'))
      return own.length === 0
        ? []
        : [making(call('elb', 'AddTags', { ResourceArns: [ResourceArn], Tags: own }))]
    }),
})
