import type { Explained } from './explain.ts'
import { dotted, type Lines } from './file/lines.ts'
import { PolicyError, type Problem } from './file/policy-error.ts'

/** What is wrong in a value, with its place in the file that the value was read from. */
export function problemAt({ path, message }: Explained, lineOf: Lines['of']): Problem {
  return { line: lineOf(path), ...(path.length > 0 && { key: dotted(path) }), message }
}

/** The error for all that is wrong in the value of a file, in the order of the file. */
export function refusing(explained: readonly Explained[], file: string, lineOf: Lines['of']): PolicyError {
  const problems = explained.map((each) => problemAt(each, lineOf))
  const [first, ...others] = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return new PolicyError(file, [first ?? { message: 'is not valid' }, ...others])
}
