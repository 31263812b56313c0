import { ConfigServiceClient, StartConfigRulesEvaluationCommand } from '@aws-sdk/client-config-service'
import { BatchUpdateFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Hub, hubOf } from '../e2e/hub-findings.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const sandbox = withSandbox()
let client: SecurityHubClient
let config: ConfigServiceClient
let hub: Hub
beforeAll(async () => {
  client = new SecurityHubClient(clientConfig(sandbox()))
  config = new ConfigServiceClient(clientConfig(sandbox()))
  hub = await hubOf(sandbox())
})
afterAll(() => {
  for (const each of [client, config]) each.destroy()
  hub.close()
})

const identifier = async (group: string) => {
  const { id } = await hub.finds(group)
  return { Id: id, ProductArn: (await hub.kept(id)).ProductArn! }
}

describe('Security Hub', () => {
  test('keeps what is written into a finding, each field by itself, and when; its detector has said nothing', async () => {
    const finding = await identifier('sg-1')
    const other = await identifier('sg-2')
    const write = (more: object) =>
      client.send(new BatchUpdateFindingsCommand({ FindingIdentifiers: [finding], ...more }))
    await write({ Workflow: { Status: 'NOTIFIED' } })
    await write({ Note: { Text: 'seen', UpdatedBy: 'ann' } })
    expect(await hub.kept(finding.Id)).toMatchObject({
      Workflow: { Status: 'NOTIFIED' },
      Note: { Text: 'seen', UpdatedBy: 'ann', UpdatedAt: expect.stringMatching(/^20\d\d-/) },
      UpdatedAt: '2026-11-20T09:14:27.361Z',
    })
    expect(await hub.kept(other.Id)).toMatchObject({ Id: other.Id, Workflow: { Status: 'NEW' } })
  })

  test('names the findings that it does not have', async () => {
    const finding = await identifier('sg-3')
    const missing = { ...finding, Id: 'no-such-finding' }
    const answer = await client.send(
      new BatchUpdateFindingsCommand({ FindingIdentifiers: [finding, missing], Workflow: { Status: 'NEW' } }),
    )
    expect(answer.ProcessedFindings).toEqual([finding])
    expect(answer.UnprocessedFindings).toMatchObject([
      { FindingIdentifier: missing, ErrorCode: 'FindingNotFound' },
    ])
  })

  test('refuses what AWS refuses', async () => {
    const finding = await identifier('sg-4')
    const Workflow = { Status: 'CLOSED' as 'NEW' }
    await expect(
      client.send(new BatchUpdateFindingsCommand({ FindingIdentifiers: [finding], Workflow })),
    ).rejects.toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('NOTIFIED') })
  })
})

test('AWS Config evaluates the rules that it has', async () => {
  const evaluate = (name: string) =>
    config.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [name] }))
  await expect(evaluate('restricted-ssh')).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
  await expect(evaluate('no-such-rule')).rejects.toMatchObject({ name: 'NoSuchConfigRuleException' })
})
