import { randomUUID } from 'node:crypto'
import { errorAnswer, jsonAnswer } from '../answer.ts'
import type { Control } from '../control.ts'
import type { AwsRequest } from '../request.ts'
import { type Command, hasEnded, invocationOf, statusOf } from './commands.ts'
import type { Answerer } from './overlay.ts'
import { page } from './paging.ts'

const DOCUMENTS = ['AWS-RunPatchBaseline', 'AWS-RunShellScript', 'AWS-RunPowerShellScript']
const seconds = (ms: number) => ms / 1000
const refused = (request: AwsRequest, code: string, message: string) =>
  errorAnswer(request, 400, code, message)

/** Starts a command on managed instances; what it does to them shows once its time is over. */
export const sendCommand: Answerer = (request, control) => {
  const input = request.input as {
    DocumentName: string
    InstanceIds?: string[]
    Comment?: string
    Parameters?: Record<string, string[]>
    TimeoutSeconds?: number
  }
  const { DocumentName: document, InstanceIds: instances = [], Parameters: parameters = {} } = input
  const unknown = instances.filter((id) => !control.instances.has(id))
  if (!DOCUMENTS.includes(document)) {
    return refused(request, 'InvalidDocument', `Document with name ${document} does not exist.`)
  }
  if (instances.length === 0 || unknown.length > 0) {
    const message = `Instances [[${unknown.join(', ')}]] not in a valid state for account ${request.account}`
    return refused(request, 'InvalidInstanceId', message)
  }
  if ((input.Comment ?? '').length > 100) {
    return refused(
      request,
      'ValidationException',
      "Value at 'comment' must have length less than or equal to 100",
    )
  }
  if (document === 'AWS-RunPatchBaseline' && !['Scan', 'Install'].includes(parameters.Operation?.[0] ?? '')) {
    return refused(request, 'InvalidParameters', 'Operation must be Scan or Install')
  }
  const command: Command = {
    id: randomUUID(),
    document,
    comment: input.Comment ?? '',
    parameters,
    instances,
    timeoutSeconds: input.TimeoutSeconds ?? 3600,
    sentAt: control.now(),
    takesMs: control.commandMs,
    settled: new Map(),
  }
  control.commands.push(command)
  return jsonAnswer({ Command: described(command, control) })
}

/** Commands, newest first, with their comments. */
export const listCommands: Answerer = (request, control) => {
  const {
    CommandId,
    InstanceId,
    Filters = [],
  } = request.input as {
    CommandId?: string
    InstanceId?: string
    Filters?: { key: string; value: string }[]
  }
  control.settle()
  const items = listed(control)
    .filter((command) => !CommandId || command.id === CommandId)
    .filter((command) => !InstanceId || command.instances.includes(InstanceId))
    .filter((command) => Filters.every((filter) => keeps(filter, command, control)))
    .map((command) => described(command, control))
    .reverse()
  return page(request, 'Commands', items, 1, 50)
}

function keeps({ key, value }: { key: string; value: string }, command: Command, control: Control): boolean {
  if (key === 'InvokedAfter') return command.sentAt >= Date.parse(value)
  if (key === 'InvokedBefore') return command.sentAt < Date.parse(value)
  if (key === 'DocumentName') return command.document === value
  return key !== 'Status' || statusOf(command, control) === value
}

/** How a command stands on one instance. */
export const getCommandInvocation: Answerer = (request, control) => {
  const { CommandId, InstanceId } = request.input as { CommandId: string; InstanceId: string }
  control.settle()
  const command = listed(control).find(({ id }) => id === CommandId)
  if (!command?.instances.includes(InstanceId)) {
    return refused(
      request,
      'InvocationDoesNotExist',
      'The command ID and managed node ID you specified did not match any invocations.',
    )
  }
  const { status, details, startedAt, endedAt } = invocationOf(command, InstanceId, control)
  const failed = status === 'Failed'
  return jsonAnswer({
    CommandId,
    InstanceId,
    Comment: command.comment,
    DocumentName: command.document,
    DocumentVersion: '$DEFAULT',
    PluginName: command.document === 'AWS-RunPatchBaseline' ? 'PatchLinux' : 'aws:runShellScript',
    ResponseCode: endedAt === undefined ? -1 : failed ? 1 : 0,
    ExecutionStartDateTime: startedAt === undefined ? '' : new Date(startedAt).toISOString(),
    ExecutionElapsedTime: startedAt && endedAt ? `PT${seconds(endedAt - startedAt)}S` : '',
    ExecutionEndDateTime: endedAt === undefined ? '' : new Date(endedAt).toISOString(),
    Status: status,
    StatusDetails: details,
    StandardOutputContent: '',
    StandardErrorContent: failed ? 'failed to run commands: exit status 1' : '',
  })
}

/** The commands that lists already show. */
const listed = (control: Control) =>
  control.commands.filter(({ sentAt }) => control.now() - sentAt >= control.listDelayMs)

function described(command: Command, control: Control) {
  const invocations = command.instances.map((id) => invocationOf(command, id, control))
  const status = statusOf(command, control)
  return {
    CommandId: command.id,
    DocumentName: command.document,
    DocumentVersion: '$DEFAULT',
    Comment: command.comment,
    Parameters: command.parameters,
    InstanceIds: command.instances,
    Targets: [],
    RequestedDateTime: seconds(command.sentAt),
    ExpiresAfter: seconds(command.sentAt + command.timeoutSeconds * 1000),
    Status: status,
    StatusDetails: status,
    TimeoutSeconds: command.timeoutSeconds,
    TargetCount: command.instances.length,
    CompletedCount: invocations.filter(hasEnded).length,
    ErrorCount: invocations.filter(({ status }) => status === 'Failed').length,
    DeliveryTimedOutCount: invocations.filter(({ status }) => status === 'TimedOut').length,
  }
}
