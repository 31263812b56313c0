import type { Statement } from './policy-grammar.ts'

/** What becomes of a policy document. */
export interface Edit {
  /** What is left, in its order: a statement that stays is the same object. None: the document goes. */
  statements: Statement[]
  /** What is done, for a person, a phrase each: `take out statement 2 (sqs:SendMessage)`; none: nothing is. */
  changes: string[]
  /** Why a person shall look before: as `Impact.cautions`. */
  cautions: string[]
}
