import { ConfigServiceClient, PutConfigRuleCommand } from '@aws-sdk/client-config-service'
import { clientConfig, type SandboxEnvironment } from '../client-config.ts'

/** The rules that the detectors of the sandbox speak of. */
const RULES: [name: string, identifier: string][] = [
  ['restricted-ssh', 'INCOMING_SSH_DISABLED'],
  ['restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC'],
  ['ebs-snapshot-public-restorable-check', 'EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK'],
  ['ec2-managedinstance-patch-compliance-status-check', 'EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK'],
]

/** Switches AWS Config's rules on, with their default parameters: what finds is there before what is found. */
export async function switchConfigOn(env: SandboxEnvironment): Promise<void> {
  const config = new ConfigServiceClient(clientConfig(env))
  for (const [ConfigRuleName, SourceIdentifier] of RULES) {
    const Source = { Owner: 'AWS' as const, SourceIdentifier }
    await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName, Source } }))
  }
  config.destroy()
}
