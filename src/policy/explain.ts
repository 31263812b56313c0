import type * as z from 'zod/mini'
import { sameJson } from '../playbook/json.ts'
import { didYouMean, nearest } from './file/spelling.ts'

/** What is wrong, and where in the value. */
export interface Explained {
  path: PropertyKey[]
  message: string
}

type Issue = z.core.$ZodIssue

interface Unknown {
  parent: PropertyKey[]
  key: string
  known: string[]
}

/**
 * What zod found, in the words of the person who wrote the file: one entry per unknown or missing key or wrong
 * value. A key that is missing because it is misspelled is one entry. The issues come from a parse with
 * `reportInput`; `at` is where in the schema they arose.
 */
export function explain(
  schema: z.core.$ZodType,
  issues: readonly Issue[],
  at: PropertyKey[] = [],
): Explained[] {
  const unknown = issues.flatMap((issue): Unknown[] => {
    if (issue.code !== 'unrecognized_keys') return []
    const known = keysAt(schema, [...at, ...issue.path])
    return issue.keys.map((key) => ({ parent: issue.path, key, known }))
  })
  const isMisspelled = ({ path }: Issue): boolean =>
    unknown.some(({ parent, key, known }) => sameJson([...parent, nearest(key, known)], path))

  const others = issues.flatMap((issue): Explained[] => {
    const path = [...at, ...issue.path]
    if (issue.code === 'unrecognized_keys' || (isMissing(issue) && isMisspelled(issue))) return []
    if (issue.code === 'invalid_union' && !isMissing(issue))
      return explain(schema, likeliest(issue.errors), path)
    return [{ path, message: describe(issue, path) }]
  })
  const misspelled = unknown.map(({ parent, key, known }) => ({
    path: [...at, ...parent, key],
    message: `unknown key "${key}"${validInstead(key, known)}`,
  }))
  return [...misspelled, ...others]
}

function validInstead(key: string, known: string[]): string {
  if (known.length === 0) return '; none is valid here'
  const meant = didYouMean(key, known)
  return `${meant ? `${meant} Valid` : '; valid'} here: ${known.join(', ')}`
}

/** @param path the whole of it: that of an issue begins where its schema does */
function describe(issue: Issue, path: readonly PropertyKey[]): string {
  if (isMissing(issue)) return `missing key "${String(path.at(-1))}"`
  if (isWrongKind(issue) && issue.input === null) return 'has no value'
  return issue.message
}

function isMissing(issue: Issue): boolean {
  return (isWrongKind(issue) || issue.code === 'invalid_union') && issue.input === undefined
}

function isWrongKind({ code }: Issue): boolean {
  return code === 'invalid_type' || code === 'invalid_value'
}

/** Of "one value or a list", the alternative that was meant: the one whose kind the value has. */
function likeliest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const isMeant = (issues: readonly Issue[]): boolean =>
    !issues.some((issue) => issue.path.length === 0 && (isWrongKind(issue) || issue.code === 'invalid_union'))
  return alternatives.find(isMeant) ?? alternatives[0] ?? []
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return keysAt(def.innerType, path)
    case 'pipe':
      return keysAt(def.in, path)
    case 'union':
      return def.options.flatMap((option) => keysAt(option, path))
    case 'array':
      return path.length === 0 ? [] : keysAt(def.element, path.slice(1))
    case 'object': {
      if (path.length === 0) return Object.keys(def.shape)
      const inner = def.shape[String(path[0])]
      return inner ? keysAt(inner, path.slice(1)) : []
    }
    default:
      return []
  }
}
