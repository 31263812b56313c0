import { holds, parse, parseRange, type Range } from './addresses.ts'
import { SPECIAL_PURPOSE_V4, SPECIAL_PURPOSE_V6 } from './special-purpose.ts'

/** What the special-purpose range that holds this address is for; undefined for a public address. */
export function specialPurpose(address: string): string | undefined {
  const ip = parse(address)
  return ip && specialRanges().find(({ range }) => holds(range, ip))?.name
}

let special: { range: Range; name: string }[] | undefined

/** Read with the first question about them: whoever starts and asks none does not wait for fifty ranges. */
function specialRanges(): { range: Range; name: string }[] {
  special ??= [...SPECIAL_PURPOSE_V4, ...SPECIAL_PURPOSE_V6].map(([cidr, name]) => ({
    range: parseRange(cidr),
    name,
  }))
  return special
}
