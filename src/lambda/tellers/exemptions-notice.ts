import type { EndingExemption } from '../../engine/rails/ending-exemptions.ts'
import { momentText } from '../../policy/exemptions/last-moment.ts'
import { visible } from '../../reports/paint.ts'
import { stackOption } from '../../reports/stack-option.ts'
import type { Words } from './teller.ts'

/** SNS takes 256 KiB, and nobody reads that much anyhow. */
const MOST_LISTED = 100

/**
 * What is told of exemptions that end.
 * @param stack name of the deployment, for the commands that are proposed
 */
export function exemptionsNotice(ending: readonly EndingExemption[], stack?: string): Words {
  const what = ending.length === 1 ? '1 exemption ends' : `${ending.length} exemptions end`
  const more = ending.length - MOST_LISTED
  const options = stackOption(stack)
  const lines = [
    'From their end on, what they leave alone is decided by the rules again.',
    '',
    ...ending.slice(0, MOST_LISTED).map(lineOf),
    ...(more > 0 ? [`... and ${more} more`] : []),
    '',
    `Next: rectify exemptions${options} lists all; rectify exempt RESOURCE --until DATE --reason TEXT${options}`,
  ]
  return { subject: `Rectify: ${what} within a week`, text: lines.join('\n') }
}

function lineOf({ resource, playbooks, owner, reason, until, where }: EndingExemption): string {
  const from = playbooks === undefined ? '' : ` from ${playbooks.join(', ')}`
  return `until ${momentText(until)}: ${visible(resource)}${from}, ${visible(owner)}: ${visible(reason)} (${where})`
}
