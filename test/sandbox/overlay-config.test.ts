import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DescribeComplianceByConfigRuleCommand,
  DescribeConfigRulesCommand,
  GetComplianceDetailsByConfigRuleCommand,
  PutConfigRuleCommand,
} from '@aws-sdk/client-config-service'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { configRules } from '../../src/engine/jobs/rule-facts.ts'
import { systemClock } from '../../src/engine/system.ts'
import { plantIn } from '../e2e/planted-resources.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const sandbox = withSandbox()
let config: ConfigServiceClient
beforeAll(() => {
  config = new ConfigServiceClient(clientConfig(sandbox()))
})
beforeEach(() => sandbox().reset())
afterAll(() => config.destroy())

const described = async (...ConfigRuleNames: string[]) =>
  (await config.send(new DescribeConfigRulesCommand({ ConfigRuleNames }))).ConfigRules ?? []

describe('the rules of AWS Config', () => {
  test('that the detectors speak of are there, with their identifiers', async () => {
    const [rule] = await described('restricted-common-ports')
    expect(rule?.Source).toMatchObject({ Owner: 'AWS', SourceIdentifier: 'RESTRICTED_INCOMING_TRAFFIC' })
  })

  test('that are not there are refused, also while there is none at all', async () => {
    const missing = { name: 'NoSuchConfigRuleException' }
    await expect(described('no-such-rule')).rejects.toMatchObject(missing)
    for (const { ConfigRuleName } of await described())
      await config.send(new DeleteConfigRuleCommand({ ConfigRuleName }))
    await expect(described('no-such-rule')).rejects.toMatchObject(missing)
  })
})

describe('what does not comply', () => {
  const NonCompliant = { ComplianceTypes: ['NON_COMPLIANT' as const] }
  const rulesBroken = async () => {
    const { ComplianceByConfigRules = [] } = await config.send(
      new DescribeComplianceByConfigRuleCommand(NonCompliant),
    )
    return ComplianceByConfigRules.map(({ ConfigRuleName }) => ConfigRuleName)
  }
  const page = (NextToken?: string) =>
    config.send(
      new GetComplianceDetailsByConfigRuleCommand({
        ConfigRuleName: 'restricted-ssh',
        ...NonCompliant,
        Limit: 1,
        ...(NextToken && { NextToken }),
      }),
    )

  test('is what is there now: a group counts from when it is opened until it is closed', async () => {
    const plant = plantIn(sandbox())
    const [first, second] = [
      await plant.group({ source: '0.0.0.0/0' }),
      await plant.group({ source: '::/0' }),
    ]
    await plant.group({ source: '10.0.0.0/8' })
    expect(await rulesBroken()).toContain('restricted-ssh')

    const found: (string | undefined)[] = []
    for (let token: string | undefined, more = true; more; more = token !== undefined) {
      const { EvaluationResults = [], NextToken } = await page(token)
      expect(EvaluationResults).toHaveLength(1)
      found.push(EvaluationResults[0]?.EvaluationResultIdentifier?.EvaluationResultQualifier?.ResourceId)
      token = NextToken
    }
    expect(found).toEqual(expect.arrayContaining([first, second]))
    expect(new Set(found).size).toBe(found.length)
    expect(found).toEqual(found.toSorted())
  })

  test('of a rule that is not there is refused', async () => {
    const details = new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: 'no-such-rule' })
    await expect(config.send(details)).rejects.toMatchObject({ name: 'NoSuchConfigRuleException' })
  })
})

describe('the engine', () => {
  test('reads of a rule of any name what it is, and its parameters', async () => {
    const Source = { Owner: 'AWS' as const, SourceIdentifier: 'RESTRICTED_INCOMING_TRAFFIC' }
    const InputParameters = JSON.stringify({ blockedPort1: '5432' })
    const ConfigRule = { ConfigRuleName: 'Stack-Ports-1ABCDEF', Source, InputParameters }
    await config.send(new PutConfigRuleCommand({ ConfigRule }))
    const { region, credentials, endpoint } = clientConfig(sandbox())
    const aws = sdkAws({ services, region, endpoint, credentials: async () => credentials })
    const { account, partition } = await aws.identity()
    const rules = configRules(aws, systemClock)
    const place = { account, region, partition }

    expect(await rules.ask(place, 'Stack-Ports-1ABCDEF')).toEqual({
      kind: 'managed',
      identifier: 'RESTRICTED_INCOMING_TRAFFIC',
      parameters: { blockedPort1: '5432' },
    })
    expect(await rules.ask(place, 'restricted-common-ports')).toMatchObject({
      kind: 'managed',
      parameters: {},
    })
    expect(await rules.ask(place, 'no-such-rule')).toEqual({ kind: 'none' })
  })
})
