import { missing } from './bad-event.ts'
import { at, said } from './fields.ts'

/** What can be part of an ARN. Real ids have 12 digits; samples have placeholders, which are nobody's account. */
const ACCOUNT = /^[^\s:/*?\p{C}]{1,64}$/u

/**
 * The first of some texts that can be an account id.
 * @throws BadEvent `missingField` when none can; `field` is the one to blame
 */
export function accountOf(field: string, ...candidates: (string | undefined)[]): string {
  const account = candidates.find((each) => each !== undefined && ACCOUNT.test(each))
  if (account === undefined) throw missing(field, `${field} is missing or not an account id`)
  return account
}

/**
 * The account id at a dotted path. A number is one that lost its quotes, and its zeros in front with them; a shorter
 * number than that is none.
 */
export function accountAt(value: unknown, path: string): string | undefined {
  const found = at(value, path)
  if (typeof found !== 'number') return said(found)
  return /^\d{9,12}$/.test(String(found)) ? String(found).padStart(12, '0') : undefined
}
