/** Sets of both scopes: those of CloudFront live in us-east-1, wherever the finding is. */
export const SET_ARNS = bothScopes('{account}', 'ipset/{id}/*')
const WEB_ACL_ARNS = bothScopes('{account}', 'webacl/*/*')
/** A web ACL may use one that another account shares, such as the administrator of Firewall Manager. */
const RULE_GROUP_ARNS = bothScopes('*', 'rulegroup/*/*')

/**
 * https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html, ListResourcesForWebACL; the
 * actions as the service authorization reference has them.
 */
export const READS_ALSO_NEED = [
  'amplify:ListResourcesForWebACL',
  'apprunner:ListAssociatedServicesForWebAcl',
  'appsync:ListResourcesForWebACL',
  'bedrock-agentcore:GatewayListResourcesForWebACL',
  'cognito-idp:ListResourcesForWebACL',
  'ec2:DescribeVerifiedAccessInstanceWebAclAssociations',
  'elasticloadbalancing:DescribeWebACLAssociation',
]

/** Where the reads are granted whose actions know a resource. */
export const READS_ON = {
  'wafv2:GetIPSet': SET_ARNS,
  'wafv2:GetRuleGroup': RULE_GROUP_ARNS,
  'wafv2:GetWebACL': WEB_ACL_ARNS,
  // WAF asks for it on these kinds of what stands behind a web ACL as well.
  'wafv2:ListResourcesForWebACL': [
    ...WEB_ACL_ARNS,
    // Web ACLs of Amplify apps are CloudFront's, and the apps in any region.
    'arn:{partition}:amplify:*:{account}:apps/*',
    'arn:{partition}:apprunner:{region}:{account}:service/*',
    'arn:{partition}:bedrock-agentcore:{region}:{account}:gateway/*',
    'arn:{partition}:cognito-idp:{region}:{account}:userpool/*',
    'arn:{partition}:ec2:{region}:{account}:verified-access-instance/*',
  ],
}

function bothScopes(account: string, resource: string): string[] {
  return [
    `arn:{partition}:wafv2:{region}:${account}:regional/${resource}`,
    `arn:{partition}:wafv2:us-east-1:${account}:global/${resource}`,
  ]
}
