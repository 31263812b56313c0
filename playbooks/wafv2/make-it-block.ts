import type { BlockingAcl } from './blocking-rules.ts'
import type { IpSet } from './ip-set.ts'

/** What a person types to make the set block something. */
export function makeItBlock(set: IpSet, loose: BlockingAcl | undefined, region: string): string {
  if (loose) {
    const attach =
      set.scope === 'CLOUDFRONT'
        ? `aws cloudfront associate-distribution-web-acl --web-acl-arn ${loose.arn} --id ID_OF_DISTRIBUTION`
        : `aws wafv2 associate-web-acl --region ${region} --web-acl-arn ${loose.arn} --resource-arn ARN_OF_LOAD_BALANCER_OR_API`
    return `web ACL ${loose.name} is attached to nothing: ${attach}`
  }
  const metric = (name: string) => ({
    SampledRequestsEnabled: true,
    CloudWatchMetricsEnabled: true,
    MetricName: name,
  })
  const rule = {
    Name: set.name,
    Priority: 0,
    Statement: { IPSetReferenceStatement: { ARN: set.arn } },
    Action: { Block: {} },
    VisibilityConfig: metric(set.name),
  }
  return `no web ACL has a rule that blocks on ${set.name}, its rule groups included; add the rule to yours, or: aws wafv2 create-web-acl --region ${region} --scope ${set.scope} --name ${set.name} --default-action '{"Allow":{}}' --visibility-config '${JSON.stringify(metric(set.name))}' --rules '${JSON.stringify([rule])}'`
}
