import { lstatSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Document, LineCounter, parseDocument, visit } from 'yaml'
import type { AnyPlaybook } from '../playbook/playbook.ts'
import { type Explained, explain } from './explain.ts'
import { dotted, lineAt } from './lines.ts'
import type { LoadedPolicy } from './policy.ts'
import { PolicyError, type Problem } from './policy-error.ts'
import { policySchema } from './schema.ts'

export { PolicyError } from './policy-error.ts'

/** A policy that was read from a file. */
export type PolicyFromFile = Extract<LoadedPolicy, { kind: 'file' }>

/**
 * Where the policy is: the `--policy` option, else RECTIFY_POLICY, else `rectify.yaml` in `cwd`; undefined when
 * there is none. Absolute. Throws `PolicyError` for a file that is named but not there.
 */
export function findPolicy(from: {
  named?: string | undefined
  env: Record<string, string | undefined>
  cwd: string
}): { file: string } | undefined {
  const named = from.named ?? (from.env.RECTIFY_POLICY || undefined)
  const file = resolve(from.cwd, named ?? 'rectify.yaml')
  if (exists(file)) return { file }
  if (named === undefined) return undefined
  const by = from.named === undefined ? 'RECTIFY_POLICY' : '--policy'
  throw new PolicyError(file, [{ message: `no such file (named by ${by})` }])
}

/** Reads and checks a policy file. Throws `PolicyError`, also for a file that cannot be read. */
export function loadPolicy(file: string, playbooks: readonly AnyPlaybook[]): PolicyFromFile {
  return parsePolicy(readText(file), file, playbooks)
}

/** Checks the text of a policy file and brings it into one form. Throws `PolicyError` with all that is wrong. */
export function parsePolicy(text: string, file: string, playbooks: readonly AnyPlaybook[]): PolicyFromFile {
  const counter = new LineCounter()
  // Given here, the schema stands even where the file says %YAML 1.1, in which `off` is a boolean.
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, schema: 'core' })
  const syntax = syntaxProblems(document, text, counter)
  if (syntax.length > 0) throw policyError(file, syntax)
  if (document.contents === null) throw new PolicyError(file, [{ line: 1, message: 'the file is empty' }])

  const schema = policySchema(playbooks)
  const { data, error } = schema.safeParse(toValue(document, file), { reportInput: true })
  if (error) throw policyError(file, problemsOf(document, counter, explain(schema, error.issues)))
  const { version, rules, exemptions, never } = data
  const placed = rules.map(({ parameters = {}, ...rule }, index) => ({
    ...rule,
    parameters,
    line: lineAt(document, counter, ['rules', index]),
  }))
  return { kind: 'file', file, policy: { version, rules: placed, exemptions, never } }
}

function syntaxProblems(document: Document, text: string, counter: LineCounter): Problem[] {
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    const key = text.slice(pos[0]).match(/^["']?([^\s:"',}]+)/)?.[1]
    return {
      line: counter.linePos(pos[0]).line,
      message: code === 'DUPLICATE_KEY' ? `duplicate key "${key}"` : `not YAML: ${message}`,
    }
  })
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return
      const { line } = counter.linePos(alias.range?.[0] ?? 0)
      problems.push({ line, message: `not YAML: no anchor for *${alias.source}` })
    },
  })
  return problems
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    // yaml refuses to unfold aliases of aliases without end.
    throw new PolicyError(file, [{ message: `not YAML: ${messageOf(cause)}` }], { cause })
  }
}

function problemsOf(document: Document, counter: LineCounter, explained: Explained[]): Problem[] {
  return explained.map(({ path, message }) => ({
    line: lineAt(document, counter, path),
    ...(path.length > 0 && { key: dotted(path) }),
    message,
  }))
}

/** In the order of the file. */
function policyError(file: string, problems: Problem[]): PolicyError {
  const [first, ...others] = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return new PolicyError(file, [first ?? { message: 'is not valid' }, ...others])
}

/** A link that leads nowhere exists: it is somebody's policy, and reading it fails aloud. */
function exists(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined
  } catch (cause) {
    throw new PolicyError(file, [{ message: `cannot be read: ${messageOf(cause)}` }], { cause })
  }
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    throw new PolicyError(file, [{ message: `cannot be read: ${messageOf(cause)}` }], { cause })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
