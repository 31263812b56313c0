import { errorAnswer, jsonAnswer } from '../../front/answer.ts'
import type { Forward } from '../../front/front.ts'
import { type AwsRequest, withJson } from '../../front/request.ts'
import { itemsOf } from '../../front/xml-items.ts'
import type { Answerer } from '../answerer.ts'

/**
 * What a rule of AWS Config says of the groups as they are now, by its SourceIdentifier; the ports that may not be open to
 * the world. Of other rules nothing is known here, and nothing is said.
 */
const PORTS: Record<string, readonly number[]> = {
  INCOMING_SSH_DISABLED: [22],
  RESTRICTED_INCOMING_TRAFFIC: [20, 21, 3306, 3389, 4333],
}

interface Rule {
  ConfigRuleName: string
  Source?: { SourceIdentifier?: string }
}

/** The rules that are there, by name; evaluated anew whenever they are asked about. */
async function rulesOf(request: AwsRequest, forward: Forward): Promise<Rule[]> {
  const answer = await forward(withJson(asOperation(request, 'DescribeConfigRules'), {}))
  const { ConfigRules = [] } = JSON.parse(answer.body.toString()) as { ConfigRules?: Rule[] }
  return ConfigRules
}

function asOperation(request: AwsRequest, operation: string): AwsRequest {
  return { ...request, headers: { ...request.headers, 'x-amz-target': `StarlingDoveService.${operation}` } }
}

/** Ids of the groups that let the world in on one of these ports. */
async function openGroups(
  request: AwsRequest,
  forward: Forward,
  ports: readonly number[],
): Promise<string[]> {
  const { authorization = '' } = request.headers
  const { 'x-amz-target': _, ...headers } = request.headers
  const answer = await forward({
    ...request,
    headers: {
      ...headers,
      authorization: authorization.replace('/config/', '/ec2/'),
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    },
    body: Buffer.from('Action=DescribeSecurityGroupRules&Version=2016-11-15'),
  })
  const rules = itemsOf(answer.body.toString())
  const open = rules.filter((rule) => isOpenToTheWorld(rule) && ports.some((port) => reaches(rule, port)))
  return [...new Set(open.map((rule) => fieldOf(rule, 'groupId')!))].sort()
}

const fieldOf = (item: string, field: string): string | undefined =>
  new RegExp(`<${field}>([^<]*)<`).exec(item)?.[1]

function isOpenToTheWorld(rule: string): boolean {
  if (fieldOf(rule, 'isEgress') !== 'false') return false
  return fieldOf(rule, 'cidrIpv4') === '0.0.0.0/0' || fieldOf(rule, 'cidrIpv6') === '::/0'
}

function reaches(rule: string, port: number): boolean {
  const protocol = fieldOf(rule, 'ipProtocol')
  if (protocol === '-1') return true
  return (
    protocol === 'tcp' && Number(fieldOf(rule, 'fromPort')) <= port && port <= Number(fieldOf(rule, 'toPort'))
  )
}

const compliance: Answerer = async (request, _control, forward) => {
  const wanted = (request.input.ComplianceTypes ?? ['COMPLIANT', 'NON_COMPLIANT']) as string[]
  const ComplianceByConfigRules: object[] = []
  for (const { ConfigRuleName, Source } of await rulesOf(request, forward)) {
    const ports = PORTS[Source?.SourceIdentifier ?? '']
    if (!ports) continue
    const groups = await openGroups(request, forward, ports)
    const ComplianceType = groups.length > 0 ? 'NON_COMPLIANT' : 'COMPLIANT'
    if (wanted.includes(ComplianceType))
      ComplianceByConfigRules.push({ ConfigRuleName, Compliance: { ComplianceType } })
  }
  return jsonAnswer({ ComplianceByConfigRules })
}

const details: Answerer = async (request, _control, forward) => {
  const { ConfigRuleName: name, Limit = 10, NextToken } = request.input
  const rule = (await rulesOf(request, forward)).find(({ ConfigRuleName }) => ConfigRuleName === name)
  if (!rule) {
    const message = `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name`
    return errorAnswer(request, 400, 'NoSuchConfigRuleException', message)
  }
  const groups = await openGroups(request, forward, PORTS[rule.Source?.SourceIdentifier ?? ''] ?? [])
  const start = Number(NextToken ?? 0)
  const end = start + Number(Limit)
  const now = Date.now() / 1000
  return jsonAnswer({
    EvaluationResults: groups.slice(start, end).map((ResourceId) => ({
      EvaluationResultIdentifier: {
        EvaluationResultQualifier: {
          ConfigRuleName: name,
          ResourceType: 'AWS::EC2::SecurityGroup',
          ResourceId,
          EvaluationMode: 'DETECTIVE',
        },
        OrderingTimestamp: now,
      },
      ComplianceType: 'NON_COMPLIANT',
      ResultRecordedTime: now,
      ConfigRuleInvokedTime: now,
    })),
    ...(end < groups.length && { NextToken: String(end) }),
  })
}

/** The emulator keeps rules and evaluates none: a stand-in for AWS Config, which looks at what is there. */
export const configCompliance: Record<string, Answerer> = {
  DescribeComplianceByConfigRule: compliance,
  GetComplianceDetailsByConfigRule: details,
}
