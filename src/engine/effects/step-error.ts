import { AwsError } from '../../playbook/aws-error.ts'
import { messageOf } from '../../playbook/message-of.ts'
import type { StepError } from '../../run/run.ts'

/** An error as it is stored with a step: which action, for whom, the service's code. */
export function stepError(error: unknown, principal: string): StepError {
  if (error instanceof AwsError) {
    return {
      name: error.kind,
      code: error.code,
      action: error.action,
      principal,
      message: error.message,
    }
  }
  return {
    name: error instanceof Error ? error.name : 'Error',
    code: 'Unknown',
    message: messageOf(error),
  }
}

/** One line for a person: what failed, with the action and, when it was denied, who was. */
export function failureText(error: unknown, principal: string): string {
  if (!(error instanceof AwsError)) return messageOf(error)
  if (error.kind === 'denied') return `${error.action} denied for ${principal} (${error.code})`
  return `${error.action} failed: ${error.code}: ${error.message}`
}
