import type { Finding } from '../../findings/finding.ts'
import type { Json } from '../json.ts'
import { type ArnPlace, fillArn } from './fill-arn.ts'
import { type ResourceForm, readName } from './resource-form.ts'

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
 * The resources of a kind that a finding names, each once. An id or ARN of that form says more than the type that a
 * detector puts beside it; what has the type and not the form is not understood.
 */
export function ownTargets(form: ResourceForm, finding: Finding): Target[] {
  const named = finding.resources.map(({ type, id, arn }) => ({
    type,
    ...targetOf(form, arn ?? id, finding),
  }))
  const own = named.filter(({ type, notUnderstood }) => !notUnderstood || type === form.resource)
  return [...new Map(own.map(({ type: _, ...target }) => [target.key, target])).values()]
}
