/** STS as far as the engine uses it: who it is, and whom it becomes. Nothing else of its client is bundled. */
export { AssumeRoleCommand, GetCallerIdentityCommand, STSClient as Client } from '@aws-sdk/client-sts'
