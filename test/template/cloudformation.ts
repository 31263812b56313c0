import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Document, isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml'
import { writtenOut } from '../../src/sandbox/stack/template.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** A template as plain values: `!Ref X` is `{ Ref: 'X' }`, `!Sub X` is `{ 'Fn::Sub': 'X' }`, as CloudFormation reads it. */
export interface Template {
  Parameters: Record<string, Record<string, unknown>>
  Resources: Record<string, Resource>
  Outputs: Record<string, { Value: unknown }>
  Globals?: { Function: { Environment: { Variables: Record<string, unknown> } } & Record<string, unknown> }
}

export interface Resource {
  Type: string
  Condition?: string
  // biome-ignore lint/suspicious/noExplicitAny: a resource has whatever shape its type asks for; the tests name the parts.
  Properties: Record<string, any>
  Metadata?: { BuildMethod: string; BuildProperties: Record<string, unknown> }
}

/** Reads a template of the repository, by its path from the root. */
export function template(path: string): { text: string; document: Document.Parsed; template: Template } {
  const text = readFileSync(join(ROOT, path), 'utf8')
  // CloudFormation's tags are no mistake.
  const document = parseDocument(text, { logLevel: 'silent' })
  if (document.errors.length > 0) throw document.errors[0]
  return { text, document, template: plain(writtenOut(document).contents) as Template }
}

export function resourcesOf({ Resources }: Template, ...types: string[]): [string, Resource][] {
  return Object.entries(Resources).filter(([, { Type }]) => types.includes(Type))
}

function plain(node: unknown): unknown {
  const value = untagged(node)
  const tag = (node as Node | null)?.tag
  if (!tag?.startsWith('!')) return value
  const name = tag.slice(1)
  if (name === 'Ref' || name === 'Condition') return { [name]: value }
  // The short form of GetAtt is one text.
  return { [`Fn::${name}`]: name === 'GetAtt' ? String(value).split('.') : value }
}

function untagged(node: unknown): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [String(key), plain(value)]))
  if (isSeq(node)) return node.items.map(plain)
  return isScalar(node) ? node.value : node
}

/** What CloudFormation fills in, in the words of the playbooks' ARN patterns. */
const PLACE: Record<string, string> = { Partition: '{partition}', Region: '{region}', AccountId: '{account}' }

/** A text of a template with its place as in a playbook: `arn:{partition}:ec2:{region}:...`; undefined for other values. */
export function textOf(value: unknown): string | undefined {
  const text = (value as { 'Fn::Sub'?: unknown } | null)?.['Fn::Sub'] ?? value
  if (typeof text !== 'string') return undefined
  return text.replaceAll(/\$\{AWS::(\w+)\}/g, (whole, name: string) => PLACE[name] ?? whole)
}

/** The logical id in `!GetAtt X.Arn`. */
export function arnOf(value: unknown): string {
  return (value as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0] ?? ''
}

export function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** An `Allow` statement as it stands, and whether a comment stands at its resource. */
export interface Statement {
  Sid: string
  Action: string[]
  /** Texts, and what refers to a resource of the template. */
  Resource: unknown[]
  explained: boolean
}

/** Every statement of an identity policy in the template: those with a `Resource`, trust policies have none. */
export function statementsOf(node: unknown): Statement[] {
  const within = isMap(node) || isSeq(node) ? node.items : isPair(node) ? [node.value] : []
  const resource = isMap(node) && node.has('Action') ? pairOf(node.items, 'Resource') : undefined
  if (!resource) return within.flatMap(statementsOf)
  const { Sid, Action, Resource } = plain(node) as Record<string, unknown>
  return [
    {
      Sid: String(Sid),
      Action: list(Action as string | string[]),
      Resource: list(Resource),
      explained: Boolean((resource.key as Node).commentBefore || (resource.value as Node).comment),
    },
  ]
}

/** The statements of a role's own policies and of those of the template that are attached to it. */
export function statementsOfRole(document: Document.Parsed, role: string): Statement[] {
  const resource = document.getIn(['Resources', role])
  const { Properties } = plain(resource) as Resource
  const attached = list<{ Ref: string }>(Properties.ManagedPolicyArns)
  return [resource, ...attached.map(({ Ref }) => document.getIn(['Resources', Ref]))].flatMap(statementsOf)
}

function pairOf(items: Pair[], key: string): Pair | undefined {
  return items.find((item) => String(item.key) === key)
}
