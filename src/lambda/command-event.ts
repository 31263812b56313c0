/**
 * A Run Command has ended: what EventBridge says of it ("EC2 Command Invocation Status-change Notification" and
 * "EC2 Command Status-change Notification", source aws.ssm). Undefined for anything else, and while it still runs.
 */
export function commandEnded(body: string): { commandId: string; status: string } | undefined {
  let event: unknown
  try {
    event = JSON.parse(body)
  } catch {
    // Not for us to judge: the parser of findings refuses it with the reason.
    return undefined
  }
  if (typeof event !== 'object' || event === null) return undefined
  const { source, detail } = event as { source?: unknown; detail?: Record<string, unknown> }
  if (source !== 'aws.ssm' || typeof detail !== 'object') return undefined
  const commandId = detail['command-id']
  const status = detail.status
  if (typeof commandId !== 'string' || typeof status !== 'string') return undefined
  return ['Pending', 'InProgress', 'Delayed'].includes(status) ? undefined : { commandId, status }
}
