/** What is never blocked and never changed, whatever the rules say. */
import * as z from 'zod/mini'
import type { PlaybookHead } from '../../../playbook/service/known-playbook.ts'
import { rolePath, withoutRolePath } from '../../../run/arn-patterns.ts'
import { whyNothing } from '../../resource-patterns.ts'
import type { NeverLists } from '../../rules.ts'
import { account, formed, refusedWhere, section, text } from '../values.ts'

/** Reads an address or a range, as `addressRange` does. */
export type ReadRange = (text: string) => string | undefined

/** Kept as a CIDR range of its network address. */
const rangeReadBy = (read: ReadRange) =>
  formed(text, (value) => {
    const range = read(value)
    if (range !== undefined) return { form: range }
    return { wrong: 'is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)' }
  })

/** A policy is never checked by halves. */
const notLoaded: ReadRange = () => {
  throw new Error('a policy is asked for its addresses before what reads them is loaded')
}

/** Roles and users have paths, which an ARN names; names are unique in an account. */
const IDENTITY =
  /^arn:[a-z*-]+:(?:iam|\*):[^:]*:[\d*]+:(?:(?:role|user)\/[\w+=,.@/*-]+|\*)$|^[\w+=,.@*-]{1,64}$/
const role = text.check(refusedWhere(whyNoIdentity))

/** Why a pattern protects no role or user; undefined when it may. */
function whyNoIdentity(pattern: string): string | undefined {
  if (!IDENTITY.test(pattern)) {
    return 'is neither an ARN pattern for roles or users of IAM (arn:aws:iam::*:role/BreakGlass) nor a name (BreakGlass)'
  }
  const { before, last, path } = rolePath(pattern) ?? {}
  if (path === undefined || withoutRolePath(pattern) !== pattern) return undefined
  return `protects nothing: roles are told by their names, without a path. Name the role in full, or leave the path out if roles of any path are meant (${before}${last})`
}

/** The section `never`; empty lists where it names nothing. */
export function neverSchema(playbooks: readonly PlaybookHead[], readRange: ReadRange = notLoaded) {
  const resource = text.check(
    z.superRefine((pattern, context) => refuseNothing({ pattern, playbooks, named: [], path: [] }, context)),
  )
  const lists = z.strictObject({
    addresses: section(rangeReadBy(readRange)),
    resources: section(resource),
    roles: section(role),
    accounts: section(account),
  })
  return z.pipe(
    z.nullish(lists),
    z.transform((given): NeverLists => given ?? { addresses: [], resources: [], roles: [], accounts: [] }),
  )
}

/** A pattern that can match nothing is refused. */
export function refuseNothing(
  {
    pattern,
    playbooks,
    named,
    path,
  }: { pattern: string; playbooks: readonly PlaybookHead[]; named: readonly string[]; path: string[] },
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  const wrong = whyNothing(pattern, playbooks, named)
  if (wrong !== undefined) context.addIssue({ code: 'custom', path, message: `"${pattern}" ${wrong}` })
}
