import type { Finding } from '../findings/finding.ts'

/** What restricted-common-ports checks when its rule names no ports. */
const COMMON_PORTS = [20, 21, 3306, 3389, 4333]

/**
 * The TCP ports that findings are about, all together and sorted. `otherwise` is for findings that name none by their
 * kind: a changed resource, a resource named by a person.
 */
export function findingPorts(findings: readonly Finding[], otherwise: readonly number[]): number[] {
  return [...new Set(findings.flatMap((finding) => portsOf(finding, otherwise)))].sort((a, b) => a - b)
}

function portsOf({ source, type, evidence }: Finding, otherwise: readonly number[]): readonly number[] {
  if (source === 'guardduty') return evidence.ports ?? []
  if (type === 'INCOMING_SSH_DISABLED') return [22]
  if (type === 'RESTRICTED_INCOMING_TRAFFIC') {
    const blocked = blockedPorts(evidence.ruleParameters ?? {})
    return blocked.length > 0 ? blocked : COMMON_PORTS
  }
  return otherwise
}

/** `blockedPort1` to `blockedPort5` of the Config rule. */
function blockedPorts(parameters: Record<string, string>): number[] {
  return Object.entries(parameters)
    .filter(([name, value]) => /^blockedPort[1-5]$/.test(name) && /^\d{1,5}$/.test(value.trim()))
    .map(([, value]) => Number(value))
    .filter((port) => port <= 65535)
}
