import type { TracedCall } from '../../aws/clients.ts'

/** `ec2:DescribeSecurityGroupRules us-east-1 34 ms request 59dbff89-…`; what went wrong and how often it was tried. */
export function traceText({ action, region, ms, requestId, attempts, error }: TracedCall): string {
  const tried = attempts > 1 ? `attempts ${attempts}` : ''
  return [action, region, `${Math.round(ms)} ms`, requestId && `request ${requestId}`, tried, error]
    .filter(Boolean)
    .join(' ')
}
