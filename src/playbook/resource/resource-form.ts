import { escaped } from '../matchers.ts'
import { fillArn } from './fill-arn.ts'
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
