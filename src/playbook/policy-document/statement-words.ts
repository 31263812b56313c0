import { listed, type Statement } from './policy-grammar.ts'

/** Actions that are named; the rest is a number. */
const NAMED = 3

/** What a person calls a statement: by its Sid, else by its place, which begins with 1. */
export function nameOfStatement({ Sid }: Statement, place: number): string {
  return Sid ? `statement "${Sid}"` : `statement ${place}`
}

/** What a statement is about: `s3:GetObject, s3:ListBucket`, `all but s3:DeleteObject`. */
export function actionsOf({ Action, NotAction }: Statement): string {
  const actions = listed(Action ?? NotAction)
  const more = actions.length - NAMED
  const shown = actions.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
  return Action === undefined ? `all but ${shown}` : shown
}
