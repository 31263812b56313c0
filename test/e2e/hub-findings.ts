import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { clientConfig } from '../support/sandbox.ts'

/** A finding as Security Hub keeps it. */
export type HubFinding = AwsSecurityFinding

/** Security Hub of a sandbox's account, as the one who switched it on. */
export interface Hub {
  /**
   * Keeps a finding of its control about open groups, and gives the event by which it tells it.
   * @param name tells findings of one control about one group apart: under several standards there are several
   */
  finds(group: string, name?: string): Promise<{ id: string; event: Record<string, unknown> }>
  /** The finding as it stands. */
  kept(id: string): Promise<HubFinding>
  /** The event by which a finding as it stands is told once more: that follows every update. */
  toldAgain(id: string): Promise<Record<string, unknown>>
  close(): void
}

export async function hubOf(sandbox: Sandbox): Promise<Hub> {
  const client = new SecurityHubClient(clientConfig(sandbox))
  await client.send(new EnableSecurityHubCommand({}))
  const { account, region } = sandbox
  const hub: Hub = {
    async finds(group, name = 'first') {
      const id = `arn:aws:securityhub:${region}:${account}:security-control/EC2.19/finding/${group}-${name}`
      const finding = findingOf(id, group, { account, region })
      await client.send(new BatchImportFindingsCommand({ Findings: [finding] }))
      return { id, event: eventOf(finding) }
    },
    async kept(id) {
      const Filters = { Id: [{ Value: id, Comparison: 'EQUALS' as const }] }
      const { Findings = [] } = await client.send(new GetFindingsCommand({ Filters }))
      return Findings[0]!
    },
    toldAgain: async (id) => eventOf(await hub.kept(id)),
    close: () => client.destroy(),
  }
  return hub
}

function findingOf(Id: string, group: string, at: { account: string; region: string }): HubFinding {
  const { account, region } = at
  const seen = '2026-11-20T09:14:27.361Z'
  return {
    SchemaVersion: '2018-10-08',
    Id,
    ProductArn: `arn:aws:securityhub:${region}::product/aws/securityhub`,
    GeneratorId: 'security-control/EC2.19',
    AwsAccountId: account,
    Title: 'Security groups should not allow unrestricted access to ports with high risk',
    Description: 'This control checks whether unrestricted incoming traffic is accessible.',
    CreatedAt: seen,
    UpdatedAt: seen,
    Severity: { Label: 'CRITICAL', Normalized: 90 },
    Resources: [
      {
        Type: 'AwsEc2SecurityGroup',
        Id: `arn:aws:ec2:${region}:${account}:security-group/${group}`,
        Region: region,
      },
    ],
    Compliance: { Status: 'FAILED', SecurityControlId: 'EC2.19' },
    Workflow: { Status: 'NEW' },
    WorkflowState: 'NEW',
    RecordState: 'ACTIVE',
  }
}

function eventOf(finding: HubFinding): Record<string, unknown> {
  const [, , , region, account] = finding.Id!.split(':')
  return {
    version: '0',
    id: '00000000-0000-4000-8000-000000000000',
    'detail-type': 'Security Hub Findings - Imported',
    source: 'aws.securityhub',
    account,
    region,
    time: finding.UpdatedAt,
    resources: [finding.Id],
    detail: { findings: [finding] },
  }
}
