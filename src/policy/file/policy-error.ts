/** One thing that is wrong with a policy file. */
export interface Problem {
  /** 1-based; absent where the whole file is to blame. */
  line?: number
  /** Dotted path: `rules[0].when.playbok`. */
  key?: string
  message: string
}

/**
 * The policy file cannot be used: nothing is decided by it and nothing changes. Exit status 2; deployed, the run
 * is `blocked`. `line` and `key` are those of the first problem, `problems` has them all in the order of the file.
 */
export class PolicyError extends Error {
  readonly file: string
  readonly line: number | undefined
  readonly key: string | undefined
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly [Problem, ...Problem[]], options?: { cause?: unknown }) {
    const [first, ...others] = problems
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`
    super(problemText(file, first) + more, options)
    this.name = 'PolicyError'
    this.file = file
    this.line = first.line
    this.key = first.key
    this.problems = problems
  }
}

/** One line for a person: `rectify.yaml:7: rules[0].when.playbok: unknown key "playbok"; did you mean "playbook"?` */
export function problemText(file: string, problem: Problem): string {
  const place = problem.line === undefined ? file : `${file}:${problem.line}`
  return [place, problem.key, problem.message].filter((part) => part !== undefined).join(': ')
}
