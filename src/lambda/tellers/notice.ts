import { findingsText } from '../../reports/findings-text.ts'
import { plain } from '../../reports/paint.ts'
import { runText } from '../../reports/run/run-text.ts'
import { stackOption } from '../../reports/stack-option.ts'
import type { Run } from '../../run/run.ts'
import { asks, asksAnew, isTold } from '../../run/told.ts'
import type { Notice } from './teller.ts'

/**
 * What is told about a stored state of a run; undefined where nobody needs to know.
 * @param stack name of the deployment, for the commands that are proposed
 */
export function noticeOf(run: Run, stack?: string): Notice | undefined {
  // Whoever reads mail is asked once: reminders and further levels are for the channel in which people decide.
  if (!asksAnew(run) && !isTold(run)) return undefined
  const what = asks(run) ? 'approval wanted' : String(run.outcome)
  const subject = `Rectify: ${what}: ${run.playbook} ${run.target.id}`
  const options = stackOption(stack)
  const text = [runText(run, run.playbook, plain, options), findingsText(run.findings, plain)]
  return {
    run,
    subject,
    text: shortened(text.filter(Boolean).join('\n\n'), `rectify runs ${run.id}${options}`),
  }
}

/** SNS takes 256 KiB (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html); nobody reads that much anyhow. */
const MOST_CHARACTERS = 60_000

function shortened(text: string, command: string): string {
  if (text.length <= MOST_CHARACTERS) return text
  return `${text.slice(0, MOST_CHARACTERS)}\n... (cut; \`${command}\` shows all of it)`
}
