import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { Command, Control } from '../control.ts'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'

/** An event as EventBridge would deliver it. */
export type BusEvent = Record<string, unknown>

/** Plays those who put events on the account's bus. */
export interface Detectors {
  /** Puts events on the default bus, in this order. The bus gives them an id and a time of its own. */
  put(...events: BusEvent[]): Promise<void>
  stop(): void
}

/** Most entries that PutEvents takes at once. */
const BATCH = 10
/** How often it is looked how the commands stand (ms). */
const TICK_MS = 100

/** The detectors of a sandbox: what they are told to say, and what Systems Manager says by itself of commands. */
export function startDetectors(
  config: ConstructorParameters<typeof EventBridgeClient>[0],
  control: Control,
  log: (line: string) => void = console.error,
): Detectors {
  const bus = new EventBridgeClient({ ...config })
  const told = new WeakMap<Command, 'begun' | 'ended'>()
  let stopped = false

  async function put(...events: BusEvent[]): Promise<void> {
    for (let start = 0; start < events.length; start += BATCH) {
      const Entries = events.slice(start, start + BATCH).map((event) => ({
        Source: String(event.source),
        DetailType: String(event['detail-type']),
        Detail: JSON.stringify(event.detail),
        Resources: (event.resources ?? []) as string[],
      }))
      const { FailedEntryCount, Entries: results } = await bus.send(new PutEventsCommand({ Entries }))
      if (FailedEntryCount) throw new Error(`the bus refused events: ${JSON.stringify(results)}`)
    }
  }

  /** Of each command that it has begun, and that it has ended. */
  function tellCommands(): void {
    control.settle()
    for (const command of control.commands) {
      const stage = command.settled.size < command.instances.length ? 'begun' : 'ended'
      if (told.get(command) === stage) continue
      told.set(command, stage)
      put(...(stage === 'begun' ? commandEvents(command, () => 'InProgress') : endOf(command))).catch(
        (error) => {
          // A bus that is gone has nobody left to tell: the sandbox is stopping.
          if (!stopped) log(`Systems Manager could not tell of a command: ${String(error)}`)
        },
      )
    }
  }

  const timer = setInterval(tellCommands, TICK_MS).unref()
  return {
    put,
    stop() {
      stopped = true
      clearInterval(timer)
      bus.destroy()
    },
  }
}

function endOf(command: Command): BusEvent[] {
  return commandEvents(command, (instance) => command.settled.get(instance)?.status ?? 'Success')
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
function commandEvents(
  { id, document, instances, sentAt }: Command,
  statusOf: (instance: string) => string,
): BusEvent[] {
  const about = {
    'command-id': id,
    'document-name': document,
    'requested-date-time': new Date(sentAt).toISOString(),
  }
  const arn = (instance: string) => `arn:aws:ec2:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:instance/${instance}`
  return [
    ...instances.map((instance) => ({
      source: 'aws.ssm',
      'detail-type': 'EC2 Command Invocation Status-change Notification',
      resources: [arn(instance)],
      detail: { ...about, 'instance-id': instance, status: statusOf(instance) },
    })),
    {
      source: 'aws.ssm',
      'detail-type': 'EC2 Command Status-change Notification',
      resources: instances.map(arn),
      detail: {
        ...about,
        status: instances.map(statusOf).find((status) => status !== 'Success') ?? 'Success',
      },
    },
  ]
}
