import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import { Retries } from '../../aws/attempts/retries.ts'
import { nameAwsError } from '../../aws/errors.ts'
import { BadRequest } from '../../engine/refusals.ts'
import type { AwsError } from '../../playbook/aws-error.ts'
import { regionOf } from '../program/environment.ts'
import type { Invocation } from '../program/invocation.ts'
import { clockSkewOn } from '../terminal/clock-advice.ts'
import { traceText } from '../terminal/trace.ts'

export interface StackClients {
  cloudFormation: CloudFormationClient
  events: EventBridgeClient
  sqs: SQSClient
  /** Its errors stay as they are: the run store names them itself. */
  dynamo: DynamoDBClient
}

/** Clients of the services that a stack is made of, with the caller's own credentials, region and endpoint. */
export function stackClients(invocation: Invocation): StackClients {
  const { shared, output } = invocation
  const region = regionOf(invocation)
  const config = {
    ...(shared.endpointUrl !== undefined && { endpoint: shared.endpointUrl }),
    ...(shared.profile !== undefined && { profile: shared.profile }),
    ...(region !== undefined && { region }),
  }
  const made = () => ({ ...config, maxAttempts: ATTEMPTS, retryStrategy: new Retries(ATTEMPTS) })
  const tells: Tells = {
    clockSkew: clockSkewOn(output),
    ...(shared.verbose && { trace: (line: string) => output.note(line) }),
  }
  return {
    cloudFormation: watched(new CloudFormationClient(made()), 'cloudformation', forTheCaller, tells),
    events: watched(new EventBridgeClient(made()), 'events', forTheCaller, tells),
    // The endpoint decides where calls go, and not the host in a queue's URL.
    sqs: watched(new SQSClient({ ...made(), useQueueUrlAsEndpoint: false }), 'sqs', forTheCaller, tells),
    dynamo: watched(new DynamoDBClient(made()), 'dynamodb', (_, thrown) => thrown, tells),
  }
}

const ATTEMPTS = 4

/** Who is told of what a client sees. */
interface Tells {
  trace?: (line: string) => void
  clockSkew: (offsetMs: number) => void
}

/** A denial is for whoever handed out the credentials; the rest as everywhere (`nameAwsError`). */
function forTheCaller(named: AwsError): unknown {
  if (named.kind !== 'denied') return named
  return new BadRequest('credentials', `${named.action}: ${named.message}`, { cause: named })
}

/** The part of an SDK client's middleware stack that is used here, said once for the types of all services. */
interface Middleware {
  add(
    middleware: (next: Next, context: { commandName?: string }) => Next,
    options: { step: 'initialize'; priority: 'high' },
  ): void
}
type Next = (argument: unknown) => Promise<{ output: Answered }>
interface Answered {
  $metadata?: { requestId?: string; attempts?: number }
}

interface Watchable {
  config: { region(): Promise<string>; systemClockOffset?: number }
  middlewareStack: object
}

/** Tells of each call when it has ended, with all its attempts, and names what went wrong. */
function watched<C extends Watchable>(
  client: C,
  service: string,
  nameError: (named: AwsError, thrown: unknown) => unknown,
  { trace, clockSkew }: Tells,
): C {
  async function tell(action: string, start: number, { $metadata = {} }: Answered, error?: string) {
    clockSkew(client.config.systemClockOffset ?? 0)
    if (!trace) return
    const { requestId, attempts = 1 } = $metadata
    const ms = performance.now() - start
    const region = await client.config.region().catch(() => undefined)
    trace(traceText({ action, region, requestId, ms, attempts, ...(error !== undefined && { error }) }))
  }

  const stack = client.middlewareStack as Middleware
  stack.add(
    (next, { commandName = '' }) =>
      async (argument) => {
        const action = `${service}:${commandName.replace(/Command$/, '')}`
        const start = performance.now()
        try {
          const answer = await next(argument)
          await tell(action, start, answer.output)
          return answer
        } catch (error) {
          const named = nameAwsError(error, action)
          await tell(action, start, error as Answered, named.code)
          throw nameError(named, error)
        }
      },
    { step: 'initialize', priority: 'high' },
  )
  return client
}
