import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { explain } from '../explain.ts'
import { readText } from '../file/find.ts'
import type { Problem } from '../file/policy-error.ts'
import { readYaml } from '../file/yaml.ts'
import { problemAt, refusing } from '../refusing.ts'
import { casesSchema, type WrittenCase } from './cases-schema.ts'

/** A case with its place in the file. */
export interface PolicyCase extends WrittenCase {
  /** 1-based. */
  line: number
  /** Of one of its keys, for what only shows when it is tried. */
  problem(key: string, message: string): Problem
}

/** The text of a file of cases, before it is checked: which policy it is about says whose playbooks count. */
export interface ReadCases {
  file: string
  /** As it is written, from where the file is. */
  policy?: string
  /** @throws PolicyError with all that is wrong */
  checked(playbooks: readonly PlaybookHead[]): CheckedCases
}

export interface CheckedCases {
  /** For cases that say no time of their own; ISO 8601. */
  now?: string
  cases: PolicyCase[]
}

/** Reads a file of cases. Throws `PolicyError` for what cannot be read or is no YAML. */
export function readCases(file: string): ReadCases {
  return casesIn(readText(file, file), file)
}

/** The same of a text. Pure. */
export function casesIn(text: string, file: string): ReadCases {
  const { value, lineOf } = readYaml(text, file)
  const policy = (value as { policy?: unknown }).policy
  return {
    file,
    ...(typeof policy === 'string' && policy.trim() !== '' && { policy: policy.trim() }),
    checked(playbooks) {
      const schema = casesSchema(playbooks)
      const { data, error } = schema.safeParse(value, { reportInput: true })
      if (error) throw refusing(explain(schema, error.issues), file, lineOf)
      const cases = data.cases.map((each, index) => ({
        ...each,
        line: lineOf(['cases', index]),
        problem: (key: string, message: string) =>
          problemAt({ path: ['cases', index, ...key.split('.')], message }, lineOf),
      }))
      return { ...(data.now !== undefined && { now: data.now }), cases }
    },
  }
}
