import type { Finding } from '../../src/findings/finding.ts'
import { findingPorts, knowsPorts, sortedPorts } from '../../src/playbook/finding-ports.ts'

/** For findings that name no port: a changed group, a group named by a person. */
const PORTS_OF_NO_FINDING: readonly number[] = [20, 21, 22, 3306, 3389, 4333]

/**
 * The TCP ports that a run is about. Those that the policy sets hold where a finding does not say its own. Pure.
 * @param set the policy's word; null where it says nothing
 */
export function portsToClose(findings: readonly Finding[], set: readonly number[] | null): number[] {
  const saying = set ? findings.filter(knowsPorts) : findings
  const ports = findingPorts(saying, set ?? PORTS_OF_NO_FINDING)
  return saying.length === findings.length ? ports : sortedPorts([...ports, ...(set ?? [])])
}
