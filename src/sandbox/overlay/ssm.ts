import { errorAnswer } from '../answer.ts'
import { getCommandInvocation, listCommandInvocations, listCommands } from './command-lists.ts'
import { describeInstanceInformation, describeInstancePatchStates } from './managed-instances.ts'
import type { Answerer } from './overlay.ts'
import { sendCommand } from './run-command.ts'
import { malformed } from './ssm-inputs.ts'

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html */
const ANSWERERS: Record<string, Answerer> = {
  DescribeInstanceInformation: describeInstanceInformation,
  DescribeInstancePatchStates: describeInstancePatchStates,
  SendCommand: sendCommand,
  ListCommands: listCommands,
  ListCommandInvocations: listCommandInvocations,
  GetCommandInvocation: getCommandInvocation,
}

/** They answer only what Systems Manager takes. */
export const ssm: Record<string, Answerer> = Object.fromEntries(
  Object.entries(ANSWERERS).map(([operation, answer]) => [operation, checked(answer)]),
)

function checked(answer: Answerer): Answerer {
  return (request, control, forward) => {
    const refusal = malformed(request.operation, request.input)
    if (refusal) return errorAnswer(request, 400, refusal.code, refusal.message)
    return answer(request, control, forward)
  }
}
