import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SSMClient } from '@aws-sdk/client-ssm'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { receiver } from '../approvals/receiver/receive.ts'
import type { SlackPolicy } from '../approvals/receiver/receiver-ports.ts'
import type { SlackRequest, SlackResponse } from '../approvals/receiver/slack-request.ts'
import { slackWithToken } from '../approvals/renewed-token.ts'
import { responder } from '../approvals/respond.ts'
import { secretOf, ssmParameters } from '../approvals/secrets.ts'
import { slackClient } from '../approvals/slack-client.ts'
import { systemClock } from '../engine/system.ts'
import { prompt } from '../queue/prompt.ts'
import { runsQueue, sqs } from '../queue/runs-queue.ts'
import { queueWakes } from '../queue/wakes.ts'
import { connectionTo, dynamoStore } from '../store/dynamodb/dynamodb-store.ts'
import { endingWithInvocation, invoked } from './invoked.ts'
import { publishMetrics } from './observe.ts'
import { slackSettingsFrom } from './settings/slack-settings.ts'
import { slackLog } from './slack/slack-log.ts'

/** For one call of Slack (ms). Slack waits three seconds for an answer, and a click takes up to three calls in a row. */
const CALL_MS = 900

/** How long the start waits for the secrets (ms): Lambda kills a start of ten seconds, and begins anew. */
const START_MS = 1_000

const settings = slackSettingsFrom(process.env, import.meta.dirname)
const { apiUrl } = settings
const clock = systemClock
const parameters = { read: ssmParameters(endingWithInvocation(new SSMClient(prompt()))), clock }
const signingSecret = secretOf(settings.signingSecretParameter, parameters)
const token = secretOf(settings.tokenParameter, parameters)
const queue = runsQueue(settings.runsQueueUrl, endingWithInvocation(sqs()))
const dynamo = endingWithInvocation(new DynamoDBClient(prompt()))

const kept = { retentionDays: settings.runRetentionDays }

let policy: (() => Promise<SlackPolicy>) | undefined
async function saidOfSlack(): Promise<SlackPolicy> {
  const { slackPolicy } = await import('./slack/slack-policy.ts')
  policy ??= await slackPolicy(settings, () => connectionTo(dynamo, settings.table, kept))
  return policy()
}

const receive = receiver({
  store: dynamoStore(dynamo, settings.table, kept),
  clock,
  wakes: queueWakes({ queue, clock }),
  queue,
  slack: slackWithToken(token, (value) => slackClient({ token: value, apiUrl, timeoutMs: CALL_MS })),
  signingSecret,
  policy: saidOfSlack,
  // Loaded late, as the policy is: no click needs them.
  playbooks: async () => {
    const { deployedCollection } = await import('./deployed-collection.ts')
    return (await deployedCollection()).collection.playbooks.map(({ id }) => id)
  },
  respond: responder(apiUrl, CALL_MS),
  log: slackLog,
})

// While the function starts, so that the first click need not wait for them. What fails here is read again by the first
// request, and what takes longer is waited for there.
await Promise.race([Promise.allSettled([signingSecret.value(), token.value()]), clock.sleep(START_MS)])

/** Slack's requests, by the function URL. */
export const handler = invoked<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(async (event) => {
  const response = await receive(requestOf(event))
  publishMetrics()
  return resultOf(response)
})

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
function requestOf({
  requestContext,
  rawPath,
  headers,
  body,
  isBase64Encoded,
}: APIGatewayProxyEventV2): SlackRequest {
  return { method: requestContext.http.method, path: rawPath, headers, body, isBase64Encoded }
}

function resultOf({ status, body }: SlackResponse): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, body: '' }
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  }
}
