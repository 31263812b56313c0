import type { RejectionCode } from './finding.ts'

/** A body that cannot become a finding. Thrown by a source, caught per body in read.ts, so the others go on. */
export class BadEvent extends Error {
  readonly code: RejectionCode
  /** Dotted path inside the body. */
  readonly field: string | undefined
  constructor(code: RejectionCode, reason: string, field?: string) {
    // An answer about what came in, not a fault: where it was made says nothing, and takes longer than all the rest.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(reason)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'BadEvent'
    this.code = code
    this.field = field
  }
}

/** A field that must be there and readable is not. */
export const missing = (field: string, reason = `${field} is missing or empty`): BadEvent =>
  new BadEvent('missingField', reason, field)
