import type { Policy } from './policy.ts'
import type { Problem } from './policy-error.ts'

/** What is valid in a policy and has less effect than its reader may think, in the order of the file. */
export function notesOn({ rules }: Policy): Problem[] {
  return rules.flatMap(({ mode, approval, line }, index) => {
    if (mode !== 'approve') return []
    const at = (key: string, message: string) => ({ line, key: `rules[${index}].approval.${key}`, message })
    const { approvers, channel } = approval
    return [
      ...(approvers && !approvers.some((one) => one.startsWith('arn:'))
        ? [at('approvers', 'names no IAM ARN: nobody can approve, because Slack is not connected yet')]
        : []),
      ...(channel === undefined ? [] : [at('channel', 'has no effect yet: Slack is not connected')]),
    ]
  })
}
