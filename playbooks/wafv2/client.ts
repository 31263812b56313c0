/** WAF as far as playbooks use it: what they declare to read and write. Nothing else of its client is bundled. */
export {
  GetIPSetCommand,
  GetRuleGroupCommand,
  GetWebACLCommand,
  ListIPSetsCommand,
  ListResourcesForWebACLCommand,
  ListWebACLsCommand,
  UpdateIPSetCommand,
  WAFV2Client as Client,
} from '@aws-sdk/client-wafv2'
