import type { Finding, Remote } from '../../src/findings/finding.ts'
import { type Address, inRanges, parseAddress } from '../../src/playbook/network/addresses.ts'
import { specialPurpose } from '../../src/playbook/network/special-addresses.ts'
import type { Never } from '../../src/playbook/playbook.ts'

export type Ports = number[] | 'any'

/** An address that is not blocked, and why. `address` as the detector wrote it where it is none. */
export type Refusal = { address: string; reason: string }

export interface Attackers {
  /** Each once, in the order in which the findings name them. */
  blockable: Address[]
  refused: Refusal[]
}

/** Which remote addresses of these findings attacked a port that WAF watches and may be blocked. Pure. */
export function attackersOf(findings: readonly Finding[], ports: Ports, never: Never): Attackers {
  const blockable = new Map<string, Address>()
  const refused: Refusal[] = []
  for (const finding of findings) {
    for (const remote of finding.evidence.remotes ?? []) {
      const parsed = parseAddress(remote.address)
      const address = parsed?.address ?? JSON.stringify(remote.address)
      const reason = parsed
        ? (victim(finding, remote) ?? protectedRange(address, never) ?? elsewhere(finding, remote, ports))
        : 'not an IP address'
      if (parsed && !reason) blockable.set(address, parsed)
      else if (reason) refused.push({ address, reason })
    }
  }
  // An address that probed 22 and 80 is refused for the one and blocked for the other: blocked.
  return {
    blockable: [...blockable.values()],
    refused: refused.filter(({ address }) => !blockable.has(address)),
  }
}

/** One line per reason: `10.0.0.5, 10.0.0.6: private (RFC 1918)`. */
export function refusalLines(refused: readonly Refusal[]): string[] {
  const byReason = Map.groupBy(refused, ({ reason }) => reason)
  return [...byReason].map(
    ([reason, items]) => `${[...new Set(items.map(({ address }) => address))].join(', ')}: ${reason}`,
  )
}

/** Why no address is left: a sentence. */
export function nothingToBlock(refused: readonly Refusal[]): string {
  if (refused.length === 0) return 'the finding names no remote address'
  return `no address to block: ${refusalLines(refused).join('; ')}`
}

/** When our side acts, or opens the connection, the remote side is the one attacked (ACTOR or OUTBOUND). */
function victim({ evidence }: Finding, { direction }: Remote): string | undefined {
  if (evidence.role === 'ACTOR') return 'our resource is the one who acts; the remote side may be its victim'
  if (direction === 'OUTBOUND')
    return 'the connection went out from our resource; the remote side may be its victim'
  if (evidence.role === 'TARGET' || direction === 'INBOUND') return undefined
  return 'the finding does not say that the address came in'
}

function protectedRange(address: string, never: Never): string | undefined {
  const special = specialPurpose(address)
  if (special) return `not a public address: ${special}`
  const range = inRanges(address, never.addresses)
  return range && `in ${range}, which the policy never blocks`
}

function elsewhere({ evidence }: Finding, { localPort }: Remote, ports: Ports): string | undefined {
  if (ports === 'any') return undefined
  const seen = localPort === undefined ? (evidence.ports ?? []) : [localPort]
  if (seen.some((port) => ports.includes(port))) return undefined
  const where = seen.length > 0 ? `seen on port ${seen.join(', ')}` : 'seen on no port that the finding names'
  return `${where}; WAF is asked to watch ${ports.join(', ')}`
}
