import type { Command, Control, Invocation, ManagedInstance } from '../control.ts'

const ENDED = ['Success', 'Failed', 'TimedOut']
export const hasEnded = ({ status }: Invocation): boolean => ENDED.includes(status)

const SAYING_FAILED: readonly ManagedInstance['patching'][] = ['fails', 'complains']

/** How a command stands on an instance now: a tenth of its time it waits, then it runs, then it has ended. */
export function invocationOf(command: Command, id: string, control: Control): Invocation {
  const settled = command.settled.get(id)
  if (settled) return settled
  const instance = control.instances.get(id)
  const elapsed = control.now() - command.sentAt
  if (instance?.ping !== 'Online') {
    const endedAt = command.sentAt + command.timeoutSeconds * 1000
    return elapsed < command.timeoutSeconds * 1000
      ? { status: 'Pending', details: 'Pending' }
      : { status: 'TimedOut', details: 'DeliveryTimedOut', endedAt }
  }
  const startedAt = command.sentAt + command.takesMs / 10
  if (elapsed < command.takesMs / 10) return { status: 'Pending', details: 'Pending' }
  if (elapsed < command.takesMs) return { status: 'InProgress', details: 'InProgress', startedAt }
  const status = installs(command) && SAYING_FAILED.includes(instance.patching) ? 'Failed' : 'Success'
  return { status, details: status, startedAt, endedAt: command.sentAt + command.takesMs }
}

/** Writes the effect of every command that has ended since the last look: the patch states of its instances. */
export function settleCommands(control: Control): void {
  for (const command of control.commands) {
    for (const id of command.instances) {
      const invocation = invocationOf(command, id, control)
      if (command.settled.has(id) || !hasEnded(invocation)) continue
      command.settled.set(id, invocation)
      const instance = control.instances.get(id)
      if (instance && command.document === 'AWS-RunPatchBaseline') patch(instance, command, invocation)
    }
  }
}

/** The status of a command over all its instances. */
export function statusOf(command: Command, control: Control): Invocation['status'] {
  const all = command.instances.map((id) => invocationOf(command, id, control))
  if (all.every(hasEnded)) {
    const bad = all.find(({ status }) => status !== 'Success')
    return bad ? bad.status : 'Success'
  }
  return all.every(({ status }) => status === 'Pending') ? 'Pending' : 'InProgress'
}

const installs = ({ parameters }: Command) => parameters.Operation?.[0] === 'Install'

function patch(instance: ManagedInstance, command: Command, { startedAt, endedAt }: Invocation): void {
  if (startedAt === undefined || endedAt === undefined) return // It was never delivered.
  const rebootOption = command.parameters.RebootOption?.[0] === 'NoReboot' ? 'NoReboot' : 'RebootIfNeeded'
  const operation = installs(command) ? 'Install' : 'Scan'
  instance.scanned = { operation, start: startedAt, end: endedAt, rebootOption }
  if (operation === 'Scan') return
  const { installed, missing, failed, pendingReboot } = instance.patches
  const due = missing + failed
  const left = { ...instance.patches, missing: 0, failed: 0 }
  if (instance.patching === 'fails') instance.patches = { ...left, failed: due }
  else if (instance.patching === 'needsReboot' && rebootOption === 'NoReboot')
    instance.patches = { ...left, pendingReboot: pendingReboot + due }
  else instance.patches = { ...left, installed: installed + due + pendingReboot, pendingReboot: 0 }
}
