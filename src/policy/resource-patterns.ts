import { fillArn } from '../playbook/resource/fill-arn.ts'
import { ANYTHING, couldMatch, formOf } from '../playbook/resource/form.ts'
import { arnForms, partsOf } from '../playbook/resource/resource-form.ts'
import type { PlaybookHead } from '../playbook/service/known-playbook.ts'
import { nearest } from './file/spelling.ts'

/**
 * Patterns for resources, in which `*` stands for any run of characters: an id, an ARN with the account or without, or
 * `name:` with the name that a resource has of its own. A tag called Name is none: whoever may tag would decide.
 */

/** The pattern for the resource's own name; undefined for a pattern for ids and ARNs. */
export function namePattern(pattern: string): string | undefined {
  return pattern.startsWith('name:') ? pattern.slice('name:'.length).trim() : undefined
}

/**
 * What is wrong with a pattern that can match nothing, with the form that works; undefined when it can. A guard rail that
 * matches nothing protects nothing.
 * @param named the playbooks that the rule or exemption is about; all where it names none
 */
export function whyNothing(
  pattern: string,
  playbooks: readonly PlaybookHead[],
  named: readonly string[] = [],
): string | undefined {
  const meant = playbooks.filter(({ id }) => named.length === 0 || named.includes(id))
  if (meant.length === 0 || meant.some((playbook) => canMean(pattern, playbook, named.length > 0)))
    return undefined
  if (namePattern(pattern) !== undefined) return withoutName(meant)
  if (named.length === 0 && isForeign(pattern, meant)) return undefined
  return `can match nothing: ${formsThatWork(meant)}`
}

/**
 * Whether a pattern is the ARN of a kind of resource that none of the playbooks acts on: it holds nothing back today.
 */
export function isForeign(pattern: string, playbooks: readonly PlaybookHead[]): boolean {
  if (!/^arn(:[^:]*){5}/.test(pattern)) return false
  const { service, rest } = partsOf(pattern)
  return !playbooks.some((playbook) => {
    if (canMean(pattern, playbook, false)) return true
    const own = partsOf(playbook.arn)
    return couldMatch(service, [own.service]) && (isKind(rest, own.rest) || holdsId(rest, playbook))
  })
}

/** Whether the end of an ARN is, or was meant to be, of the kind of another: `securitygroup/…` and `security-group/{id}`. */
function isKind(rest: string, own: string): boolean {
  const kinds = own.split(/[/:]/).filter((part) => /^[\w-]+$/.test(part))
  return rest.split(/[/:]/).some((part) => nearest(part, kinds) !== undefined)
}

function holdsId(rest: string, { ids }: PlaybookHead): boolean {
  return ids.forms.some((id) => typeof id[0] === 'string' && couldMatch(rest, [ANYTHING, ...id]))
}

const REGION = /[a-z]{2}-[a-z]+-\d/

function canMean(pattern: string, playbook: PlaybookHead, isNamed: boolean): boolean {
  const { ids, nameOf } = playbook
  // A playbook that does not say what its ids look like may mean anything.
  if (ids.forms.length === 0) return true
  const name = namePattern(pattern)
  if (name !== undefined) return nameOf !== undefined && name !== ''
  if (pattern.startsWith('arn:')) return arnForms(playbook).some((form) => couldMatch(pattern, form))
  const isPlain = isNamed || ids.forms.every(([first]) => typeof first === 'string')
  // A word that names no region could still be a piece of one, which nobody means.
  const at = REGION.test(pattern) ? undefined : { partition: 'aws', region: 'us-east-1' }
  if (isPlain) return [...ids.forms, ...arnForms(playbook, at)].some((form) => couldMatch(pattern, form))
  // A bare word that could be the name of anything is more likely meant for another kind of resource.
  return ids.examples.some((example) => couldMatch(pattern, [example]))
}

function withoutName(playbooks: readonly PlaybookHead[]): string {
  const kinds = playbooks.map(({ resource }) => resource).join(', ')
  return `can match nothing: ${kinds} has no name of its own; ${formsThatWork(playbooks)}`
}

function formsThatWork(playbooks: readonly PlaybookHead[]): string {
  const ids = playbooks.flatMap(({ ids: { examples } }) => examples.slice(0, 1))
  const [first] = playbooks.filter(({ ids: { examples } }) => examples.length > 0)
  const place = { partition: 'aws', region: '*', account: '*' }
  const arn = first && fillArn(first.arn, { ...place, id: first.ids.examples[0] ?? '*' })
  const named = playbooks.some(({ nameOf }) => nameOf !== undefined)
  return `write an id (${[...new Set(ids)].join(', ')}), an ARN (${arn})${named ? ', or name:PATTERN for its own name' : ''}`
}

/** Whether two patterns have a text in common. */
export function overlap(a: string, b: string): boolean {
  return couldMatch(a, formOf(b))
}
