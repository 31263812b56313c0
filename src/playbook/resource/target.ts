import type { Finding } from '../../findings/finding.ts'
import type { Json } from '../json.ts'
import { type ArnPlace, fillArn } from './fill-arn.ts'
import { readName } from './read-name.ts'
import type { ResourceForm } from './resource-form.ts'

/** A resource that a playbook acts on for a finding. */
export interface Target {
  /** ARN: what is locked, planned and shown. */
  resource: string
  /** What a person calls it: `sg-0abc`, `snap-0abc`; policy rules match it as well as the ARN. */
  id: string
  /** Identifies the run together with the playbook; default the ARN. */
  key: string
  /** Where it is, if that is not where the finding is: the run looks and changes there. */
  region?: string
  /** What `inspect` needs besides (a set's id ...). Plain JSON, stored with the run. */
  data?: Json
  /** Why the finding's words name no resource of the playbook's kind: nothing is looked at, and this is told. */
  notUnderstood?: string
}

/** A target for a resource by the words that name it, in the one form that its kind has. */
export function targetOf(form: ResourceForm, words: string, place: ArnPlace): Target {
  const read = readName(form, words, place)
  if ('notUnderstood' in read) return { resource: words, id: words, key: words, ...read }
  const resource = fillArn(form.arn, { ...place, id: read.id })
  return { resource, id: read.id, key: resource }
}

/**
 * The resources of a kind that a finding names, each once. An ARN of that form, and an id that nothing else has (`sg-…`),
 * say more than the type that a detector puts beside it. A name may be anybody's: it counts where the type is the kind's,
 * or the detector has no word for it. What has the type and not the form is not understood.
 */
export function ownTargets(form: ResourceForm, finding: Finding): Target[] {
  const own = finding.resources.flatMap(({ type, id, arn }) => {
    const words = arn ?? id
    const target = targetOf(form, words, finding)
    const isOfType = [form.resource, ...(form.alsoNamed ?? []), UNNAMED].includes(type)
    const says = words.startsWith('arn:') || isUnmistakable(form)
    return (target.notUnderstood ? type === form.resource : isOfType || says) ? [target] : []
  })
  return [...new Map(own.map((target) => [target.key, target])).values()]
}

/** What scanners call a resource that they have no name for. */
const UNNAMED = 'Other'

/** Whether its ids begin with a text of their own. */
const isUnmistakable = ({ ids: { forms } }: ResourceForm): boolean =>
  forms.length > 0 && forms.every(([first]) => typeof first === 'string')
