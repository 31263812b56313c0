import type { Command, Control } from '../control.ts'
import { errorAnswer, jsonAnswer } from '../front/answer.ts'
import type { AwsRequest } from '../front/request.ts'
import type { Answerer } from './answerer.ts'
import { invocationOf, statusOf } from './commands.ts'
import { patchStep, stepAskedFor, stepsOf } from './documents.ts'
import { page } from './paging.ts'
import { described } from './run-command.ts'

interface Asked {
  CommandId?: string
  InstanceId?: string
  Filters?: { key: string; value: string }[]
}

const refused = (request: AwsRequest, code: string, message: string) =>
  errorAnswer(request, 400, code, message)

/** What is asked by an instance that Systems Manager does not manage. */
const unknownInstance = (request: AwsRequest, { InstanceId: id }: Asked, control: Control) =>
  id !== undefined && !control.instances.has(id)
    ? refused(
        request,
        'InvalidInstanceId',
        `Instances [[${id}]] not in a valid state for account ${request.account}`,
      )
    : undefined

/** Commands, newest first, with their comments. By instance only those are known that have been delivered to it. */
export const listCommands: Answerer = (request, control) => {
  const asked = request.input as Asked
  const { InstanceId: instance } = asked
  control.settle()
  const items = listed(control, asked)
    .filter((command) => !instance || wasDelivered(command, instance, control))
    .filter((command) => asked.Filters?.every((filter) => keeps(filter, command, control)) ?? true)
    .map((command) => described(command, control))
  return unknownInstance(request, asked, control) ?? page(request, 'Commands', items, 1, 50)
}

/** How commands stand on each of their instances, newest first; nothing of a command that lists do not show yet. */
export const listCommandInvocations: Answerer = (request, control) => {
  const asked = request.input as Asked & { Details?: boolean }
  control.settle()
  const items = listed(control, asked)
    .filter((command) => asked.Filters?.every((filter) => keeps(filter, command, control)) ?? true)
    .flatMap((command) => command.instances.map((id) => ({ command, id })))
    .filter(({ id }) => !asked.InstanceId || id === asked.InstanceId)
    .map(({ command, id }) => invocation(command, id, control, asked.Details ?? false))
  return unknownInstance(request, asked, control) ?? page(request, 'CommandInvocations', items, 1, 50)
}

/** How one step of a command stands on one instance. */
export const getCommandInvocation: Answerer = (request, control) => {
  const { CommandId, InstanceId, PluginName } = request.input as Record<string, string>
  control.settle()
  const command = listed(control, {}).find(({ id }) => id === CommandId)
  if (!command?.instances.includes(InstanceId!)) {
    return refused(
      request,
      'InvocationDoesNotExist',
      'The command ID and managed node ID you specified did not match any invocations.',
    )
  }
  const step = stepAskedFor(command.document, PluginName)
  if (step === undefined) return refused(request, 'InvalidPluginName', 'The plugin name is not valid.')
  const { startedAt, endedAt } = invocationOf(command, InstanceId!, control)
  const { Status, StatusDetails, ResponseCode, Output } = plugin(command, InstanceId!, step, control)
  const time = (ms: number | undefined) => (ms === undefined ? '' : new Date(ms).toISOString())
  return jsonAnswer({
    CommandId,
    InstanceId,
    Comment: command.comment,
    DocumentName: command.document,
    DocumentVersion: '$DEFAULT',
    PluginName: step,
    ResponseCode,
    ExecutionStartDateTime: time(startedAt),
    ExecutionElapsedTime: startedAt && endedAt ? `PT${(endedAt - startedAt) / 1000}S` : '',
    ExecutionEndDateTime: time(endedAt),
    Status,
    StatusDetails,
    StandardOutputContent: '',
    StandardErrorContent: Output,
  })
}

/** The commands that lists already show, newest first. */
function listed(control: Control, { CommandId, InstanceId }: Asked): Command[] {
  return control.commands
    .filter(({ sentAt }) => control.now() - sentAt >= control.listDelayMs)
    .filter(({ id }) => !CommandId || id === CommandId)
    .filter(({ instances }) => !InstanceId || instances.includes(InstanceId))
    .reverse()
}

const wasDelivered = (command: Command, instance: string, control: Control): boolean =>
  invocationOf(command, instance, control).startedAt !== undefined

function keeps({ key, value }: { key: string; value: string }, command: Command, control: Control): boolean {
  const status = statusOf(command, control)
  switch (key) {
    case 'InvokedAfter':
      return command.sentAt >= Date.parse(value)
    case 'InvokedBefore':
      return command.sentAt < Date.parse(value)
    case 'DocumentName':
      return command.document === value
    case 'ExecutionStage':
      return (status === 'Pending' || status === 'InProgress') === (value === 'Executing')
    default:
      return status === value
  }
}

function invocation(command: Command, id: string, control: Control, details: boolean) {
  const { status, details: statusDetails } = invocationOf(command, id, control)
  return {
    CommandId: command.id,
    InstanceId: id,
    Comment: command.comment,
    DocumentName: command.document,
    DocumentVersion: '$DEFAULT',
    RequestedDateTime: command.sentAt / 1000,
    Status: status,
    StatusDetails: statusDetails,
    CommandPlugins: details
      ? stepsOf(command.document).map((step) => plugin(command, id, step, control))
      : [],
  }
}

/** How one step stands: those for other platforms end without having done anything. */
function plugin(command: Command, id: string, step: string, control: Control) {
  const { status, details, startedAt, endedAt } = invocationOf(command, id, control)
  const elsewhere =
    command.document === 'AWS-RunPatchBaseline' &&
    step !== patchStep(control.instances.get(id)?.platform ?? 'Linux') &&
    startedAt !== undefined
  const failed = status === 'Failed' && !elsewhere
  return {
    Name: step,
    Status: elsewhere ? 'Success' : status,
    StatusDetails: elsewhere ? 'Success' : details,
    ResponseCode: elsewhere ? 0 : endedAt === undefined ? -1 : failed ? 1 : 0,
    ...(startedAt !== undefined && { ResponseStartDateTime: startedAt / 1000 }),
    ...(endedAt !== undefined && { ResponseFinishDateTime: endedAt / 1000 }),
    Output: failed ? 'failed to run commands: exit status 1' : '',
  }
}
