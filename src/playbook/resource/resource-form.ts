import { escaped } from '../matchers.ts'
import { type ArnPlace, fillArn } from './fill-arn.ts'
import type { Form } from './form.ts'

/**
 * How resources of a kind are named: by an id, by an ARN with or without the account, and as AWS Config spells some of
 * them (`AWS::SSM::ManagedInstanceInventory/i-…`). One resource has one ARN, by which it is exempted, forbidden, locked
 * and told apart from others: whoever reads an identity brings it into that form here. Pure.
 */

/** What the ids of a kind of resource look like. */
export interface IdForm {
  /** What is taken for an id, by what AWS documents. */
  understood: RegExp
  /**
   * The ids that there are, one form for each alternative. A pattern of the policy file is held to them. Where they
   * begin with no text of their own (names), a bare pattern of the file has to match one of the examples: else it is
   * more likely meant for something else.
   */
  forms: readonly Form[]
  examples: readonly string[]
}

/**
 * Ids of EC2: `sg-` and so on with 8 or 17 hexadecimal digits. AWS documents "letters and numbers", so more is
 * understood (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html).
 */
export function ec2Ids(prefix: string): IdForm {
  const digits = (count: number): Form => [`${prefix}-`, { letters: /[0-9a-f]/, least: count, most: count }]
  return {
    understood: new RegExp(`^${prefix}-[0-9a-z]+$`),
    forms: [digits(17), digits(8)],
    examples: [`${prefix}-0123456789abcdef0`],
  }
}

/** Ids that are names, of such letters. `usual`: those that everybody has who did not choose others. */
export function nameIds(letters: RegExp, most: number, usual: readonly string[]): IdForm {
  return {
    understood: new RegExp(`^(?:${letters.source}){1,${most}}$`),
    forms: [[{ letters, least: 1, most }]],
    examples: usual,
  }
}

/**
 * Ids of several kinds of resources, each after a text that tells the kind: `instance/i-…`, `db:my-database`.
 * @param kinds that text, and what the ids of the kind look like, from `^` to `$`
 */
export function idsOfKinds(
  kinds: readonly (readonly [before: string, ids: IdForm])[],
  examples: readonly string[],
): IdForm {
  const sources = kinds.map(([before, { understood }]) => escaped(before) + understood.source.slice(1, -1))
  return {
    understood: new RegExp(`^(?:${sources.join('|')})$`),
    forms: kinds.flatMap(([before, { forms }]) =>
      forms.map((form): Form => (before === '' ? form : [before, ...form])),
    ),
    examples,
  }
}

/** Of a kind of which no definition says what its ids look like: each word is taken for one. */
export const ANY_ID: IdForm = { understood: /^\S+$/, forms: [], examples: [] }

/** A kind of resource, and how its resources are named. */
export interface ResourceForm {
  /** CloudFormation type name. */
  resource: string
  ids: IdForm
  /** ARN with {partition} {region} {account} {id}; `*` for what cannot be told from the id. */
  arn: string
  /**
   * Other names by which a resource of this kind is reported: types of AWS Config, ARN patterns. `{*}` in a pattern is
   * the star itself.
   */
  alsoNamed?: readonly string[]
}

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

/** All that a pattern about a resource is compared with: its id, and its ARN with and without the account. */
export function spellingsOf({ arn, id }: { arn: string; id: string }, account: string): string[] {
  if (!arn.startsWith('arn:')) return [...new Set([id, arn])]
  return [...new Set([id, arn, withAccount(arn, account), withAccount(arn, '')])]
}

/**
 * The forms of the ARNs of a kind of resource, with the account and without.
 * @param at of this partition and region only; left out, of all
 */
export function arnForms({ ids, arn }: ResourceForm, at?: { partition: string; region: string }): Form[] {
  const placed = at ? fillArn(arn, { ...at, account: '{account}', id: '{id}' }) : arn
  return ids.forms.flatMap((id) =>
    ['{account}', ''].map((account) => arnForm(withAccount(placed, account), id)),
  )
}

const PLACES: Record<string, Form> = {
  '{partition}': [{ letters: /[a-z-]/, least: 3, most: 20 }],
  '{region}': [{ letters: /[a-z0-9-]/, least: 1, most: 30 }],
  '{account}': [{ letters: /\d/, least: 12, most: 12 }],
  // ARNs of buckets name no region.
  '*': [{ letters: /[^:/]/, least: 0, most: Number.POSITIVE_INFINITY }],
}

function arnForm(pattern: string, id: Form): Form {
  return pattern.split(/(\{\w+\}|\*)/).flatMap((part) => (part === '{id}' ? id : (PLACES[part] ?? [part])))
}

/** An ARN with this account. */
export function withAccount(arn: string, account: string): string {
  const parts = arn.split(':')
  return [...parts.slice(0, 4), account, ...parts.slice(5)].join(':')
}

interface ArnParts {
  partition: string
  service: string
  region: string
  account: string
  /** Type and id. */
  rest: string
}

export function partsOf(arn: string): ArnParts {
  const [, partition = '', service = '', region = '', account = '', ...rest] = arn.split(':')
  return { partition, service, region, account, rest: rest.join(':') }
}
