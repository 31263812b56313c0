import { errorAnswer } from '../front/answer.ts'
import type { Answerer } from './answerer.ts'
import { getCommandInvocation, listCommandInvocations, listCommands } from './command-lists.ts'
import { describeInstanceInformation, describeInstancePatchStates } from './managed-instances.ts'
import { page } from './paging.ts'
import { sendCommand } from './run-command.ts'

/** Commands have a stage, invocations none; AWS's model has one list of filters for both. */
export const asksForStage = (input: Record<string, unknown>): boolean =>
  ((input.Filters ?? []) as { key: string }[]).some(({ key }) => key === 'ExecutionStage')

const invocationsOf: Answerer = (request, control, forward) => {
  if (!asksForStage(request.input)) return listCommandInvocations(request, control, forward)
  return errorAnswer(request, 400, 'InvalidFilterKey', 'ExecutionStage is a filter of commands only')
}

/** The emulator keeps maintenance windows and opens none of them. */
const describeMaintenanceWindowSchedule: Answerer = (request) =>
  page(request, 'ScheduledWindowExecutions', [], 1, 100)

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html */
export const ssm: Record<string, Answerer> = {
  DescribeInstanceInformation: describeInstanceInformation,
  DescribeInstancePatchStates: describeInstancePatchStates,
  DescribeMaintenanceWindowSchedule: describeMaintenanceWindowSchedule,
  SendCommand: sendCommand,
  ListCommands: listCommands,
  ListCommandInvocations: invocationsOf,
  GetCommandInvocation: getCommandInvocation,
}
