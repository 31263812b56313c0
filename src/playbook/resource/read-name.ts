import { escaped } from '../matchers.ts'
import { type ArnPlace, fillArn } from './fill-arn.ts'
import { ANY_ID, type IdForm, partsOf, type ResourceForm } from './resource-form.ts'

export type Named = { id: string } | { notUnderstood: string }

/** The resource that a text names in an account and region, or why none is. */
export function readName(form: ResourceForm, text: string, place: ArnPlace): Named {
  const { resource, ids, arn, alsoNamed = [] } = form
  const plain = withoutType(text, [resource, ...alsoNamed])
  const neither = `"${text}" is neither id nor ARN of an ${resource}${such(ids)}`
  if (!plain.startsWith('arn:'))
    return ids.understood.test(plain) ? { id: plain } : { notUnderstood: neither }
  const refused: string[] = []
  for (const pattern of [arn, ...alsoNamed.filter((each) => each.startsWith('arn:'))]) {
    const id = idIn(plain, pattern, ids)
    if (id === undefined || !ids.understood.test(id)) continue
    const elsewhere = whyElsewhere(plain, pattern, place)
    if (elsewhere === undefined) return { id }
    refused.push(`"${text}" is ${elsewhere}`)
  }
  const id = /[^:/]*$/.exec(plain)?.[0] ?? ''
  const own = fillArn(arn, { ...place, id })
  const unlike =
    ids.understood.test(id) && `"${text}" is not the ARN of an ${resource}, which would be ${own}`
  return { notUnderstood: refused[0] ?? (unlike || neither) }
}

function such({ examples: [example] }: IdForm): string {
  return example === undefined ? '' : `, such as ${example}`
}

/** `AWS::EC2::SecurityGroup/sg-…` names a type before the id. */
function withoutType(text: string, types: readonly string[]): string {
  const type = types.find((each) => each.startsWith('AWS::') && text.startsWith(`${each}/`))
  return type === undefined ? text : text.slice(type.length + 1)
}

const PARTS: Record<string, string> = { '{id}': '([^:]+)', '{*}': '\\*', '*': '[^:/]+' }
/** At the end of an ARN an id may have colons (`sha256:…`), where the kind says what its ids look like. */
const PARTS_OF_KIND: Record<string, string> = { ...PARTS, '{id}': '(.+)' }

/** The id in an ARN of this kind of resource, wherever that is. */
function idIn(arn: string, pattern: string, ids: IdForm): string | undefined {
  const given = partsOf(arn)
  if (given.service !== partsOf(pattern).service) return undefined
  return idPattern(pattern, ids !== ANY_ID && pattern.endsWith('{id}')).exec(given.rest)?.[1]
}

/** What ARNs are compared with, by pattern: definitions have a few each, and of many findings each names an ARN. */
const ID_PATTERNS = new Map<string, RegExp>()

function idPattern(pattern: string, ofKind: boolean): RegExp {
  const key = `${ofKind} ${pattern}`
  const known = ID_PATTERNS.get(key)
  if (known !== undefined) return known
  const parts = ofKind ? PARTS_OF_KIND : PARTS
  const source = partsOf(pattern)
    .rest.split(/(\{id\}|\{\*\}|\*)/)
    .map((part) => parts[part] ?? escaped(part))
  const made = new RegExp(`^${source.join('')}$`)
  ID_PATTERNS.set(key, made)
  return made
}

/** Ids are unique in a region only, names in an account: an ARN that says otherwise names another resource. */
function whyElsewhere(arn: string, pattern: string, place: ArnPlace): string | undefined {
  const { partition, region, account } = partsOf(arn)
  // ARNs of buckets name no region: their names are unique in all of them.
  const regionless = partsOf(pattern).region === '' && region === ''
  if (partition !== place.partition) return `of partition ${partition}, not ${place.partition}`
  if (region !== place.region && !regionless) return `of region ${region || '(none)'}, not ${place.region}`
  if (account !== '' && account !== place.account) return `of account ${account}, not ${place.account}`
  return undefined
}
