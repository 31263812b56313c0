/**
 * Policy documents of resources, as IAM's grammar has them (IAM user guide, "Grammar of the IAM JSON policy language").
 * What is not of this grammar is not understood, and nothing is made of it. Pure.
 */
import * as z from 'zod/mini'
import { Unplannable } from '../planned.ts'

/** AWS takes a single value for a list of one. */
export type OneOrMany<T> = T | T[]

/** A star stands for everybody and for nothing else: AWS knows no part of a name in a principal. */
const named = z.string().check(z.regex(/^([^*]+|\*)$/))
const nobodyButNamed = z.string().check(z.regex(/^[^*]+$/))
const oneOrMany = <T extends z.ZodMiniType<string>>(of: T) => z.union([of, z.array(of).check(z.minLength(1))])
const texts = z.union([z.string(), z.array(z.string())])
const scalar = z.union([z.string(), z.boolean(), z.number()])

const principal = z.union([
  z.literal('*'),
  z
    .strictObject({
      AWS: z.optional(oneOrMany(named)),
      Service: z.optional(oneOrMany(nobodyButNamed)),
      Federated: z.optional(oneOrMany(nobodyButNamed)),
      CanonicalUser: z.optional(oneOrMany(nobodyButNamed)),
    })
    .check(z.refine((kinds) => Object.keys(kinds).length > 0)),
])

const statement = z.strictObject({
  Sid: z.optional(z.string()),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.optional(principal),
  NotPrincipal: z.optional(principal),
  Action: z.optional(texts),
  NotAction: z.optional(texts),
  Resource: z.optional(texts),
  NotResource: z.optional(texts),
  Condition: z.optional(z.record(z.string(), z.record(z.string(), z.union([scalar, z.array(scalar)])))),
})

const document = z.strictObject({
  Version: z.optional(z.string()),
  Id: z.optional(z.string()),
  Statement: z.unknown(),
})

export type Principal = z.output<typeof principal>
export type Statement = z.output<typeof statement>
export interface PolicyDocument {
  Version?: string
  Id?: string
  Statement: OneOrMany<Statement>
}

/** Where there is none yet. */
export const EMPTY_POLICY: PolicyDocument = { Version: '2012-10-17', Statement: [] }

/**
 * The document that a text is, keys and statements in their order.
 * @throws Unplannable where it is no document of the grammar, or would not survive being written again: a key that is
 * there twice, a number that JavaScript does not keep
 */
export function readPolicy(text: string): PolicyDocument {
  const value = parsed(text)
  const whole = document.safeParse(value)
  if (!whole.success) throw notUnderstood(firstOf(whole.error))
  if (!isKept(text, value)) throw notUnderstood('it has a key twice, or a number that cannot be kept')
  for (const [at, each] of listed(whole.data.Statement).entries()) {
    const one = statement.safeParse(each)
    if (!one.success) throw notUnderstood(`statement ${at + 1}: ${firstOf(one.error)}`)
  }
  // As it was parsed, and not as the schema hands it on: that would put the keys in another order.
  return value as PolicyDocument
}

export const statementsOf = ({ Statement }: PolicyDocument): Statement[] => listed(Statement)

/** The document with these statements; one alone stays without a list around it where it had none. */
export function withStatements(document: PolicyDocument, statements: Statement[]): PolicyDocument {
  const [only, ...more] = statements
  const isSingle = !Array.isArray(document.Statement) && only !== undefined && more.length === 0
  return { ...document, Statement: isSingle ? only : statements }
}

/** A single value as a list. */
export function listed<T>(value: OneOrMany<T> | undefined): T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

export function notUnderstood(why: string): Unplannable {
  return new Unplannable(`the policy document is not understood, so nothing is made of it: ${why}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Unplannable('the policy document is not understood: it is no JSON', { cause })
  }
}

/** Texts as a whole, and all else that is not white space. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[^\s"]+/g

function isKept(text: string, value: unknown): boolean {
  const tokens = text.match(TOKENS) ?? []
  const tight = tokens.map((token) => (token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token))
  return tight.join('') === JSON.stringify(value)
}

function firstOf({ issues: [issue] }: z.core.$ZodError): string {
  const path = issue?.path.map(String).join('.')
  const where = path ? `${path}: ` : ''
  if (issue?.code === 'unrecognized_keys') return `${where}${issue.keys.join(', ')} is no part of one`
  return `${where}of a form that the grammar does not know`
}
