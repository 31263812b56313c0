import {
  AssociateWebACLCommand,
  CreateIPSetCommand,
  CreateWebACLCommand,
  type IPAddressVersion,
  type Rule,
  type WAFV2Client,
} from '@aws-sdk/client-wafv2'

const LOAD_BALANCER =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188'

/** The two block sets, each with an entry of somebody else, and a web ACL before a load balancer that blocks on both. */
export async function plantWebAcl(wafv2: WAFV2Client) {
  const set = async (name: string, version: IPAddressVersion, entry: string) => {
    const { Summary } = await wafv2.send(
      new CreateIPSetCommand({
        Name: name,
        Scope: 'REGIONAL',
        IPAddressVersion: version,
        Addresses: [entry],
        Description: 'attackers, blocked for a time',
      }),
    )
    return { id: Summary!.Id!, arn: Summary!.ARN! }
  }
  const v4 = await set('rectify-block-v4', 'IPV4', '185.220.101.7/32')
  const v6 = await set('rectify-block-v6', 'IPV6', '2a0b:f4c2::7/128')
  const { Summary } = await wafv2.send(
    new CreateWebACLCommand({
      Name: 'rectify-demo',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig: visible('rectify-demo'),
      Rules: [blocks('block-v4', 0, v4.arn), blocks('block-v6', 1, v6.arn)],
    }),
  )
  const acl = Summary!.ARN!
  await wafv2.send(new AssociateWebACLCommand({ WebACLArn: acl, ResourceArn: LOAD_BALANCER }))
  return {
    'rectify-block-v4': v4.id,
    'rectify-block-v4-arn': v4.arn,
    'rectify-block-v6': v6.id,
    'rectify-block-v6-arn': v6.arn,
    'rectify-demo': Summary!.Id!,
    'rectify-demo-arn': acl,
    'load-balancer-arn': LOAD_BALANCER,
  }
}

const visible = (name: string) => ({
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName: name,
})

const blocks = (name: string, priority: number, arn: string): Rule => ({
  Name: name,
  Priority: priority,
  Action: { Block: {} },
  Statement: { IPSetReferenceStatement: { ARN: arn } },
  VisibilityConfig: visible(name),
})
