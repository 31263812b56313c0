import { canFillQuorum } from './approvers.ts'
import type { Policy } from './policy.ts'
import type { Problem } from './policy-error.ts'

/** What is valid in a policy and has less effect than its reader may think, in the order of the file. */
export function notesOn({ rules }: Policy): Problem[] {
  return rules.flatMap(({ mode, approval, line }, index) => {
    // A caution of a plan makes `auto` ask as well.
    if (mode !== 'approve' && mode !== 'auto') return []
    const at = (key: string, message: string) => ({ line, key: `rules[${index}].approval.${key}`, message })
    const { approvers, channel } = approval
    const nobody = approvers && !approvers.some((one) => one.startsWith('arn:'))
    return [
      ...(nobody
        ? [at('approvers', 'names no IAM ARN: nobody can approve, because Slack is not connected yet')]
        : []),
      ...(!nobody && !canFillQuorum(approval)
        ? [at('quorum', 'takes more identities than the approvers are: all sessions of a role are one')]
        : []),
      ...(channel === undefined ? [] : [at('channel', 'has no effect yet: Slack is not connected')]),
    ]
  })
}
