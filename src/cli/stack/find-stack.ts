import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { BadRequest } from '../../engine/refusals.ts'
import { systemClock } from '../../engine/system.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import { intakeQueue } from '../../queue/intake-queue.ts'
import { runsQueue } from '../../queue/runs-queue.ts'
import { dynamoCards } from '../../store/dynamodb/card-items.ts'
import { connectionTo, dynamoStore } from '../../store/dynamodb/dynamodb-store.ts'
import { openIdentity } from '../program/context.ts'
import { regionOf } from '../program/environment.ts'
import type { Invocation } from '../program/invocation.ts'
import { type StackClients, stackClients } from './clients-of-stack.ts'
import type { Stack } from './deployment.ts'
import { rulesMatching } from './rules-matching.ts'

/** The outputs of template.yaml that the command line lives by; those of further rules end in the same word. */
const NEEDED = ['TableName', 'IntakeQueueUrl', 'RunsQueueUrl', 'ConfigRuleName', 'GuardDutyRuleName'] as const
const RULE = /RuleName$/

/** Asks CloudFormation where a deployment has its table, queues and rules. Errors: see `openStack`. */
export async function findStack(invocation: Invocation, name: string): Promise<Stack> {
  const clients = stackClients(invocation)
  const outputs = await outputsOf(clients, name, regionOf(invocation))
  const { TableName, IntakeQueueUrl, RunsQueueUrl } = needed(outputs, name)
  const rules = [...outputs].filter(([key]) => RULE.test(key)).map(([, rule]) => rule)
  return {
    name,
    aws: await openIdentity(invocation),
    store: dynamoStore(clients.dynamo, TableName),
    cards: dynamoCards(connectionTo(clients.dynamo, TableName), systemClock),
    runs: runsQueue(RunsQueueUrl, clients.sqs),
    intake: intakeQueue(IntakeQueueUrl, clients.sqs),
    clock: systemClock,
    matching: rulesMatching(clients.events, rules),
    async close() {
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}

async function outputsOf(
  { cloudFormation }: StackClients,
  name: string,
  region: string | undefined,
): Promise<Map<string, string>> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))
    const outputs = Stacks[0]?.Outputs ?? []
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]))
  } catch (error) {
    const missing = error instanceof AwsError && error.code === 'ValidationError'
    if (!missing || !/does not exist/.test(error.message)) throw error
    const where = region === undefined ? 'in this account and region' : `in this account in ${region}`
    const advice = '--region and --profile say where it was deployed'
    throw new BadRequest('usage', `there is no stack "${name}" ${where}; ${advice}`, { cause: error })
  }
}

function needed(outputs: Map<string, string>, name: string): Record<(typeof NEEDED)[number], string> {
  const missing = NEEDED.filter((key) => !outputs.get(key))
  if (missing.length > 0) {
    const advice = 'is it a deployment of template.yaml, and of this version?'
    throw new BadRequest('usage', `stack "${name}" has no output ${missing.join(', ')}: ${advice}`)
  }
  return Object.fromEntries(NEEDED.map((key) => [key, outputs.get(key)])) as Record<
    (typeof NEEDED)[number],
    string
  >
}
