import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { Control } from './control.ts'
import type { Command } from './overlay/commands.ts'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from './place.ts'

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
/** How often it is looked whether a command has ended (ms). */
const TICK_MS = 100

/** The detectors of a sandbox: what they are told to say, and what Systems Manager says by itself when a command ends. */
export function startDetectors(
  config: ConstructorParameters<typeof EventBridgeClient>[0],
  control: Control,
): Detectors {
  const bus = new EventBridgeClient({ ...config })
  const told = new WeakSet<Command>()

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

  function tellEnds(): void {
    control.settle()
    for (const command of control.commands) {
      if (told.has(command) || command.settled.size < command.instances.length) continue
      told.add(command)
      // A bus that is gone has nobody left to tell: the sandbox is stopping.
      put(...commandEnded(command)).catch(() => undefined)
    }
  }

  const timer = setInterval(tellEnds, TICK_MS).unref()
  return {
    put,
    stop() {
      clearInterval(timer)
      bus.destroy()
    },
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
function commandEnded({ id, document, instances, sentAt, settled }: Command): BusEvent[] {
  const about = {
    'command-id': id,
    'document-name': document,
    'requested-date-time': new Date(sentAt).toISOString(),
  }
  const statuses = [...settled.values()].map(({ status }) => status)
  const arn = (instance: string) => `arn:aws:ec2:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:instance/${instance}`
  return [
    ...instances.map((instance) => ({
      source: 'aws.ssm',
      'detail-type': 'EC2 Command Invocation Status-change Notification',
      resources: [arn(instance)],
      detail: { ...about, 'instance-id': instance, status: settled.get(instance)?.status },
    })),
    {
      source: 'aws.ssm',
      'detail-type': 'EC2 Command Status-change Notification',
      resources: instances.map(arn),
      detail: { ...about, status: statuses.find((status) => status !== 'Success') ?? 'Success' },
    },
  ]
}
