/** AWS Config as far as it is used: the engine asks it what the rule of a finding is. Nothing else is bundled. */
export { ConfigServiceClient as Client, DescribeConfigRulesCommand } from '@aws-sdk/client-config-service'
