import { type ConfigServiceClient, PutConfigRuleCommand } from '@aws-sdk/client-config-service'

/** The rules that the detectors of the sandbox speak of, as AWS Config has them. */
const RULES: [name: string, identifier: string][] = [
  ['restricted-ssh', 'INCOMING_SSH_DISABLED'],
  ['restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC'],
  ['ebs-snapshot-public-restorable-check', 'EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK'],
  ['ec2-managedinstance-patch-compliance-status-check', 'EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK'],
]

/** Puts the rules in, with their default parameters. */
export async function plantConfigRules(config: ConfigServiceClient): Promise<void> {
  for (const [ConfigRuleName, SourceIdentifier] of RULES) {
    const Source = { Owner: 'AWS' as const, SourceIdentifier }
    await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName, Source } }))
  }
}
