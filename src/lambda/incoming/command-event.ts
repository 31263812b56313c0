/** How a Run Command stands. */
export interface CommandEvent {
  commandId: string
  /** 'Success', 'InProgress' ... */
  status: string
  ended: boolean
}

const RUNNING = ['Pending', 'InProgress', 'Delayed', 'Cancelling']

/**
 * What EventBridge says of a Run Command ("EC2 Command Invocation Status-change Notification" and "EC2 Command
 * Status-change Notification", source aws.ssm): https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html.
 * No finding, though it comes by the same queue: it wakes the run that waits for the command. Undefined for anything else.
 */
export function commandEvent(event: unknown): CommandEvent | undefined {
  if (typeof event !== 'object' || event === null) return undefined
  const { source, detail } = event as { source?: unknown; detail?: Record<string, unknown> }
  if (source !== 'aws.ssm' || typeof detail !== 'object') return undefined
  const commandId = detail['command-id']
  const status = detail.status
  if (typeof commandId !== 'string' || typeof status !== 'string') return undefined
  return { commandId, status, ended: !RUNNING.includes(status) }
}
