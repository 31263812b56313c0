import { describeInstanceInformation, describeInstancePatchStates } from './managed-instances.ts'
import type { Answerer } from './overlay.ts'
import { getCommandInvocation, listCommands, sendCommand } from './run-command.ts'

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html */
export const ssm: Record<string, Answerer> = {
  DescribeInstanceInformation: describeInstanceInformation,
  DescribeInstancePatchStates: describeInstancePatchStates,
  SendCommand: sendCommand,
  ListCommands: listCommands,
  GetCommandInvocation: getCommandInvocation,
}
