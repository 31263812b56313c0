import { SNSClient } from '@aws-sdk/client-sns'
import type { EndingExemption } from '../../engine/rails/ending-exemptions.ts'
import { momentText } from '../../policy/exemptions/last-moment.ts'
import { prompt } from '../../queue/prompt.ts'
import { visible } from '../../reports/paint.ts'
import { endingWithInvocation } from '../invoked.ts'
import { snsTeller } from './sns-teller.ts'
import type { Notice } from './teller.ts'

/** SNS takes 256 KiB, and nobody reads that much anyhow. */
const MOST_LISTED = 100

/** Tells the stack's topic which exemptions end. */
export async function tellOfExemptions(
  topicArn: string | undefined,
  ending: readonly EndingExemption[],
): Promise<void> {
  if (topicArn === undefined)
    throw new Error('RECTIFY_TOPIC_ARN is not set: deploy this function with template.yaml')
  const sns = endingWithInvocation(new SNSClient(prompt()))
  await snsTeller(sns, topicArn).tell(exemptionsNotice(ending))
}

/** What is told of exemptions that end. The name of the stack has no room in the environment of the sweeper. */
export function exemptionsNotice(ending: readonly EndingExemption[]): Pick<Notice, 'subject' | 'text'> {
  const what = ending.length === 1 ? '1 exemption ends' : `${ending.length} exemptions end`
  const more = ending.length - MOST_LISTED
  const lines = [
    'From their end on, what they leave alone is decided by the rules again.',
    '',
    ...ending.slice(0, MOST_LISTED).map(lineOf),
    ...(more > 0 ? [`... and ${more} more`] : []),
    '',
    'Next: rectify exemptions --stack NAME lists all; rectify exempt RESOURCE --until DATE --reason TEXT --stack NAME',
  ]
  return { subject: `Rectify: ${what} within a week`, text: lines.join('\n') }
}

function lineOf({ resource, playbooks, owner, reason, until, where }: EndingExemption): string {
  const from = playbooks === undefined ? '' : ` from ${playbooks.join(', ')}`
  return `until ${momentText(until)}: ${visible(resource)}${from}, ${visible(owner)}: ${visible(reason)} (${where})`
}
