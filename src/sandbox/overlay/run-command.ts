import { randomUUID } from 'node:crypto'
import type { Command, Control } from '../control.ts'
import { errorAnswer, jsonAnswer } from '../front/answer.ts'
import type { AwsRequest } from '../front/request.ts'
import type { Answerer } from './answerer.ts'
import { hasEnded, invocationOf, statusOf } from './commands.ts'
import { DOCUMENTS, wrongParameters } from './documents.ts'

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
  const wrong = wrongParameters(document, parameters)
  if (wrong !== undefined) return refused(request, 'InvalidParameters', wrong)
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

/** A command as the API shows it. */
export function described(command: Command, control: Control) {
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
