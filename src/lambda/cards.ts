import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SSMClient } from '@aws-sdk/client-ssm'
import { isSetUp } from '../approvals/refusal-codes.ts'
import { secretOf, ssmParameters } from '../approvals/secrets.ts'
import { cardRenderer } from '../approvals/sender/card-renderer.ts'
import { pacedSlack } from '../approvals/sender/paced-slack.ts'
import { reconcile } from '../approvals/sender/reconcile.ts'
import { slackClient } from '../approvals/slack-client.ts'
import { SlackRefused } from '../approvals/slack-errors.ts'
import { systemClock } from '../engine/system.ts'
import { comeAgain } from '../queue/cards-queue.ts'
import { prompt } from '../queue/prompt.ts'
import { sqs } from '../queue/runs-queue.ts'
import { dynamoCards } from '../store/dynamodb/card-items.ts'
import { connectionTo, dynamoStore } from '../store/dynamodb/dynamodb-store.ts'
import { takeGroups } from './cards/card-groups.ts'
import { toldOfCard, toldOfEnd, toldOfFailure } from './cards/sender-log.ts'
import { answering } from './incoming/records.ts'
import { endingWithInvocation } from './invoked.ts'
import { logger } from './observe.ts'
import { cardsSettingsFrom } from './settings/cards-settings.ts'

/** For one call of Slack (ms): with the one wait of a call that is held back it fits in the time that a card is held. */
const CALL_MS = 5_000
/** Nothing is waited for, and no message begun, when less is left (ms): one takes a few calls. */
const LAST_MS = 15_000

const settings = cardsSettingsFrom(process.env)
const clock = systemClock
const dynamo = endingWithInvocation(new DynamoDBClient(prompt()))
const queue = { url: settings.cardsQueueUrl, client: endingWithInvocation(sqs()) }
const ssm = endingWithInvocation(new SSMClient(prompt()))
const token = secretOf(settings.tokenParameter, { read: ssmParameters(ssm), clock })
const runs = dynamoStore(dynamo, settings.table)
const cards = dynamoCards(connectionTo(dynamo, settings.table), clock)
const render = cardRenderer(settings.stack)

/** From the queue of cards: makes Slack show what the store says of the runs that are named. */
export const handler = answering(async ({ Records }, context) => {
  const endsAt = clock.now() + context.getRemainingTimeInMillis() - LAST_MS
  const used = await token.value()
  const client = slackClient({
    token: used,
    timeoutMs: CALL_MS,
    ...(settings.apiUrl && { apiUrl: settings.apiUrl }),
  })
  const slack = pacedSlack(client, clock, endsAt)
  const ports = { runs, cards, slack, clock, render, told: toldOfCard }
  try {
    return await takeGroups(
      {
        async reconcile(messages) {
          const answer = await reconcile(ports, messages, () => clock.now() < endsAt)
          // Read anew for the next invocation: what was refused comes again.
          if (answer.error instanceof SlackRefused && isSetUp(answer.error)) await token.renewed(used)
          return answer
        },
        async comeAgain({ messageId, receiptHandle }, seconds) {
          try {
            await comeAgain(queue, receiptHandle, seconds)
          } catch (error) {
            // It comes all the same, when the queue's own time is over.
            logger.warn('message comes again later than it might', { messageId, error })
          }
        },
        failed: toldOfFailure,
        givenUp: toldOfEnd,
      },
      Records,
    )
  } finally {
    await slack.rest()
  }
})
