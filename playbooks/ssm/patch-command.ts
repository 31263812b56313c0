import type { Command, CommandInvocation } from '@aws-sdk/client-ssm'
import { call } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { durationSeconds } from '../../src/playbook/duration/durations.ts'
import type { Json } from '../../src/playbook/json.ts'
import { fillArn, type Reader, type Sent, type Settled } from '../../src/playbook/playbook.ts'
import { type CommandStep, SENT_AFTER } from '../../src/playbook/step.ts'

export const DOCUMENT = 'AWS-RunPatchBaseline'
export const DOCUMENT_ARN = `arn:{partition}:ssm:{region}::document/${DOCUMENT}`

/** The id of the step. */
export const INSTALL = 'install'

/** Seconds in which the agent must have taken the command up. */
const DELIVERY_SECONDS = 600

/** The step that installs what the instance lacks. */
export function installStep(arn: string, id: string, reboot: boolean, timeout: string): CommandStep {
  const [, partition = '', , region = '', account = ''] = arn.split(':')
  return {
    kind: 'command',
    id: INSTALL,
    summary: `Install missing patches on ${id}${reboot ? ', restarting it if needed' : ', without a restart'}`,
    call: call('ssm', 'SendCommand', {
      DocumentName: DOCUMENT,
      InstanceIds: [id],
      Parameters: { Operation: ['Install'], RebootOption: [reboot ? 'RebootIfNeeded' : 'NoReboot'] },
      TimeoutSeconds: DELIVERY_SECONDS,
    }),
    undo: { irreversible: 'an installed patch is not taken out again; restore from a snapshot or an image' },
    mark: {
      field: 'Comment',
      // Not by instance: such lists know a command only once it has been delivered.
      find: call('ssm', 'ListCommands', {
        Filters: [
          { key: 'DocumentName', value: DOCUMENT },
          { key: 'InvokedAfter', value: SENT_AFTER },
        ],
      }),
      items: 'Commands',
      id: 'CommandId',
    },
    settles: { timeoutSeconds: durationSeconds(timeout) },
    permissions: [arn, fillArn(DOCUMENT_ARN, { partition, region, account })].map((resource) => ({
      action: 'ssm:SendCommand',
      resource,
    })),
  }
}

/**
 * The command that installs patches on an instance now, whoever sent it: one may outlive the run that sent it, because
 * delivery and execution have times of their own. Scans do no harm beside an installation.
 * @returns its id
 */
export async function underWay(aws: Reader, id: string): Promise<string | undefined> {
  const Filters = [
    { key: 'DocumentName' as const, value: DOCUMENT },
    { key: 'ExecutionStage' as const, value: 'Executing' },
  ]
  const all = (await aws.list('ssm', 'ListCommands', { Filters }, 'Commands')).filter(installs)
  const named = all.find(({ InstanceIds }) => InstanceIds?.includes(id))
  if (named) return named.CommandId
  // What was sent to tags names no instance: its own list knows what has reached it.
  if (all.every(({ InstanceIds }) => InstanceIds?.length)) return undefined
  const own = await aws.list('ssm', 'ListCommands', { InstanceId: id, Filters }, 'Commands')
  return own.find(installs)?.CommandId
}

const UNFINISHED: readonly (string | undefined)[] = ['Pending', 'InProgress', 'Cancelling']

const installs = ({ Status, Parameters }: Command): boolean =>
  UNFINISHED.includes(Status) && Parameters?.Operation?.[0] === 'Install'

/** What a read about an instance gives; `nothing` where Systems Manager does not know it (it has no agent). */
export async function unlessUnknown<T>(read: Promise<T>, nothing: T): Promise<T> {
  try {
    return await read
  } catch (error) {
    if (error instanceof AwsError && error.code === 'InvalidInstanceId') return nothing
    throw error
  }
}

/**
 * How the command of a step stands. It is asked for as a whole: `GetCommandInvocation` refuses a document of several
 * steps, as this one is, unless one is named (`InvalidPluginName`).
 */
export async function commandStands(aws: Reader, id: string, command: string | undefined): Promise<Settled> {
  // Accepted without an id: nothing can be asked, and what was accepted may run.
  if (!command) return { kind: 'running' }
  const invocation = await invocationOf(aws, id, command)
  switch (invocation?.Status) {
    case 'Success':
      return { kind: 'ended' }
    case 'Failed':
    case 'TimedOut':
    case 'Cancelled':
      return { kind: 'ended', fault: faultText(command, invocation) }
    default:
      return { kind: 'running' }
  }
}

/** Undefined right after SendCommand: it is not there yet. */
async function invocationOf(
  aws: Reader,
  id: string,
  command: string,
): Promise<CommandInvocation | undefined> {
  const input = { CommandId: command, Details: true }
  try {
    const { CommandInvocations = [] } = await aws.read('ssm', 'ListCommandInvocations', input)
    return CommandInvocations.find(({ InstanceId }) => InstanceId === id)
  } catch (error) {
    if (error instanceof AwsError && error.code === 'InvalidCommandId') return undefined
    throw error
  }
}

/** `command c-1: Failed, step PatchLinux ended with exit status 156`. */
function faultText(
  command: string,
  { Status, StatusDetails, CommandPlugins = [] }: CommandInvocation,
): string {
  const steps = CommandPlugins.filter(({ ResponseCode = 0 }) => ResponseCode > 0).map(
    ({ Name, ResponseCode }) => `step ${Name} ended with exit status ${ResponseCode}`,
  )
  return [`command ${command}: ${StatusDetails ?? Status}`, ...steps].join(', ')
}

/** How a person sees what the command printed. */
export function outputText(command: string | undefined, region: string): string {
  if (!command) return ''
  return ` (its output: \`aws ssm list-command-invocations --command-id ${command} --details --region ${region}\`)`
}

/** The id as the engine notes it; not there while the answer is in doubt. */
export function commandId({ details }: Sent): string | undefined {
  return (details[INSTALL] as Record<string, Json> | undefined)?.CommandId?.toString() || undefined
}
