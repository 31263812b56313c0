/** What is never blocked and never changed, whatever the rules say. */
import ipaddr from 'ipaddr.js'
import * as z from 'zod/mini'
import type { PlaybookHead } from '../../../playbook/service/known-playbook.ts'
import { rolePath, withoutRolePath } from '../../../run/arn-patterns.ts'
import { whyNothing } from '../../resource-patterns.ts'
import type { NeverLists } from '../../rules.ts'
import { account, formed, section, text } from '../values.ts'

/** Kept as a CIDR range of its network address. */
const addressRange = formed(text, (value) => {
  const range = asRange(value)
  if (range !== undefined) return { form: range }
  return { wrong: 'is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)' }
})

/** Only the usual notation: `0177.1` and IPv4 inside IPv6 would name another range than the reader thinks. */
function asRange(value: string): string | undefined {
  const range = value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(range)) {
    return `${ipaddr.IPv4.networkAddressFromCIDR(range)}/${ipaddr.IPv4.parseCIDR(range)[1]}`
  }
  if (!ipaddr.IPv6.isValidCIDR(range) || range.includes('%')) return undefined
  const [address, bits] = ipaddr.IPv6.parseCIDR(range)
  return address.isIPv4MappedAddress() ? undefined : `${ipaddr.IPv6.networkAddressFromCIDR(range)}/${bits}`
}

/** Roles and users have paths, which an ARN names; names are unique in an account. */
const IDENTITY =
  /^arn:[a-z*-]+:(?:iam|\*):[^:]*:[\d*]+:(?:(?:role|user)\/[\w+=,.@/*-]+|\*)$|^[\w+=,.@*-]{1,64}$/
const role = text.check(
  z.superRefine((pattern, context) => {
    const wrong = whyNoIdentity(pattern)
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong })
  }),
)

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
export function neverSchema(playbooks: readonly PlaybookHead[]) {
  const resource = text.check(
    z.superRefine((pattern, context) => refuseNothing({ pattern, playbooks, named: [], path: [] }, context)),
  )
  const lists = z.strictObject({
    addresses: section(addressRange),
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
