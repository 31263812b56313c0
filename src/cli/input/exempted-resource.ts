import { BadRequest } from '../../engine/refusals.ts'
import { partsOf, spellingsOf } from '../../playbook/resource/resource-form.ts'
import { targetOf } from '../../playbook/resource/target.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { isForeign, namePattern, whyNothing } from '../../policy/resource-patterns.ts'

/** Stands for the place of an id, which is the same in all of them. */
const ANYWHERE = { partition: 'aws', region: 'us-east-1', account: '000000000000' }

/**
 * The resource that a person exempts, by id or ARN, in a spelling by which runs about it find the exemption. `isForeign`:
 * it is of a kind that no playbook acts on.
 *
 * @param playbooks all that there are, or the one that the exemption is about
 * @throws BadRequest('usage') for a pattern, and for what can be no resource: who exempts nothing protects nothing
 */
export function exemptedResource(
  words: string,
  playbooks: readonly PlaybookHead[],
  only?: PlaybookHead,
): { resource: string; isForeign: boolean } {
  const text = words.trim()
  const meant = only ? [only] : playbooks
  const resource = spelledAsRunsDo(text, meant)
  if (resource.includes('*') || namePattern(resource) !== undefined) throw aPattern(text)
  if (whyNothing(resource, meant, only ? [only.id] : []) !== undefined) throw noResource(text, only)
  return { resource, isForeign: isForeign(resource, meant) }
}

function noResource(text: string, only: PlaybookHead | undefined): BadRequest {
  if (only === undefined) {
    const forms =
      'write an id that tells its kind (sg-0123456789abcdef0), an ARN, or a name with --playbook ID'
    return new BadRequest('usage', `"${text}" can be no resource that a playbook acts on: ${forms}`)
  }
  const [example] = only.ids.examples
  const such = example === undefined ? '' : `, such as ${example}`
  return new BadRequest('usage', `"${text}" is neither id nor ARN of an ${only.resource}${such}`)
}

function aPattern(text: string): BadRequest {
  const where = 'patterns belong into the policy file, under exemptions'
  return new BadRequest('usage', `"${text}" is a pattern, and one resource is exempted here: ${where}`)
}

/** As it stands where a playbook knows it so; else the id or the ARN that a playbook reads out of it. */
function spelledAsRunsDo(text: string, playbooks: readonly PlaybookHead[]): string {
  const isArn = text.startsWith('arn:')
  const place = isArn ? placeOf(text) : ANYWHERE
  const read = playbooks
    .map((playbook) => targetOf(playbook, text, place))
    .filter(({ notUnderstood }) => notUnderstood === undefined)
  const isKnown = read.some(({ resource, id }) =>
    spellingsOf({ arn: resource, id }, place.account).includes(text),
  )
  const [first] = read
  if (isKnown || first === undefined) return text
  return isArn ? first.resource : first.id
}

function placeOf(arn: string) {
  const { partition, region, account } = partsOf(arn)
  return {
    partition: partition || ANYWHERE.partition,
    region: region || ANYWHERE.region,
    account: account || ANYWHERE.account,
  }
}
