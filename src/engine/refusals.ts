import type { Run } from '../run/run.ts'

/** A request that cannot be carried out as it stands; the message says what to do next. Exit status 2. */
export class BadRequest extends Error {
  readonly kind: 'usage' | 'policy' | 'input' | 'credentials' | 'endpoint'
  constructor(kind: BadRequest['kind'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'BadRequest'
    this.kind = kind
  }
}

/** The caller may not decide this run (`approvers`), or the decision comes too late. Exit status 3. */
export class Refused extends Error {
  readonly run: Run
  constructor(run: Run, message: string) {
    super(message)
    this.name = 'Refused'
    this.run = run
  }
}
