import { lstatSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import { type Explained, explain } from '../explain.ts'
import type { LoadedPolicy } from '../rules.ts'
import { dotted } from './lines.ts'
import { PolicyError, type Problem } from './policy-error.ts'
import { onOneLine } from './rule-text.ts'
import { policySchema } from './schema.ts'
import { readYaml, type YamlText } from './yaml.ts'

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
  return parsePolicy(readText(file, file), file, playbooks)
}

/** What a deployed policy is called: whoever reads of it has no file to look into. */
const DEPLOYED = 'the deployed policy'

/** The same for the policy in the bundle of a function. Its problems and its rules are told without the file. */
export function loadDeployedPolicy(file: string, playbooks: readonly AnyPlaybook[]): PolicyFromFile {
  return { ...parsePolicy(readText(file, DEPLOYED), DEPLOYED, playbooks), file, deployed: true }
}

/** Checks the text of a policy file and brings it into one form. Throws `PolicyError` with all that is wrong. */
export function parsePolicy(text: string, file: string, playbooks: readonly AnyPlaybook[]): PolicyFromFile {
  const { value, lineOf } = readYaml(text, file)
  const schema = policySchema(playbooks)
  const { data, error } = schema.safeParse(value, { reportInput: true })
  if (error) throw policyError(file, problemsOf(explain(schema, error.issues), lineOf))
  const { version, rules, exemptions, never, configRules } = data
  const placed = rules.map(({ parameters = {}, ...rule }, index) => ({
    ...rule,
    parameters,
    line: lineOf(['rules', index]),
    text: onOneLine((value as { rules: unknown[] }).rules[index]),
  }))
  const exempted = exemptions.map((each, index) => ({ ...each, line: lineOf(['exemptions', index]) }))
  return { kind: 'file', file, policy: { version, rules: placed, exemptions: exempted, never, configRules } }
}

function problemsOf(explained: Explained[], lineOf: YamlText['lineOf']): Problem[] {
  return explained.map(({ path, message }) => ({
    line: lineOf(path),
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

function readText(file: string, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    throw new PolicyError(name, [{ message: `cannot be read: ${messageOf(cause)}` }], { cause })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
