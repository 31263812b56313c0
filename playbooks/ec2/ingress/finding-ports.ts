import type { Finding } from '../../../src/findings/finding.ts'
import { authorizedPorts, isAboutAll } from './authorized-ports.ts'
import { portsOfCheck } from './ports-by-check.ts'

/** What restricted-common-ports checks for each of its parameters that is not set (AWS Config developer guide). */
const COMMON_PORTS: Readonly<Record<string, number>> = {
  blockedPort1: 20,
  blockedPort2: 21,
  blockedPort3: 3389,
  blockedPort4: 3306,
  blockedPort5: 4333,
}

/**
 * The TCP ports that findings are about, all together and sorted; without those of findings about all ports but some. `otherwise` is for findings that name none by their
 * kind: a changed resource, a resource named by a person. Of a rule whose parameters are not known they are only what
 * it usually asks for: `portDoubts` says so.
 */
export function findingPorts(findings: readonly Finding[], otherwise: readonly number[]): number[] {
  const some = findings.filter((finding) => !isAboutAll(finding))
  return sortedPorts(some.flatMap((finding) => portsOf(finding, otherwise)))
}

/** Whether it is known which ports a finding means: not while the parameters of its rule, which say so, are unread. */
export function knowsPorts(finding: Finding): boolean {
  if (isAboutAll(finding)) return typeof authorizedPorts(finding) !== 'string'
  return finding.type !== 'RESTRICTED_INCOMING_TRAFFIC' || finding.evidence.ruleParameters !== undefined
}

/** What stands against concluding from closed ports that nothing is wrong, while the detector says that something is. */
export interface PortDoubts {
  /** Why the ports that some finding means are not known: a sentence each. */
  unknown: string[]
  /** Ports that a rule checks by default for parameters that it does not set, while it sets others. Sorted. */
  maybe: number[]
}

/** The doubts about these findings. Pure. */
export function portDoubts(findings: readonly Finding[]): PortDoubts {
  const common = findings.filter(({ type }) => type === 'RESTRICTED_INCOMING_TRAFFIC')
  const all = findings.filter(isAboutAll).map(authorizedPorts)
  const notAuthorized = all.filter((each) => typeof each === 'string')
  return {
    unknown: [...new Set([...common.flatMap(whyUnknown), ...notAuthorized])],
    maybe: sortedPorts(common.flatMap(({ evidence }) => unsetPorts(evidence.ruleParameters ?? {}))),
  }
}

function whyUnknown({ evidence: { ruleName, ruleParameters, ruleUnread } }: Finding): string[] {
  const rule = ruleName === undefined ? 'the rule' : `rule ${ruleName}`
  if (!ruleParameters) return [ruleUnread ?? `the parameters of ${rule} were not read`]
  const odd = Object.entries(ruleParameters).filter(([name, value]) => portIn(name, value) === undefined)
  return odd.map(([name, value]) => `parameter ${name}: ${value} of ${rule} is not understood`)
}

function portsOf(finding: Finding, otherwise: readonly number[]): readonly number[] {
  const { type, evidence } = finding
  if (type === 'INCOMING_SSH_DISABLED') return [22]
  if (type === 'RESTRICTED_INCOMING_TRAFFIC') {
    const { ruleParameters, ports } = evidence
    if (!ruleParameters) return ports ?? Object.values(COMMON_PORTS)
    const blocked = blockedPorts(ruleParameters)
    return blocked.length > 0 ? blocked : Object.values(COMMON_PORTS)
  }
  return portsOfCheck(finding) ?? otherwise
}

/** `blockedPort1` to `blockedPort5` of the Config rule. */
function blockedPorts(parameters: Record<string, string>): number[] {
  return Object.entries(parameters).flatMap(([name, value]) => portIn(name, value) ?? [])
}

function unsetPorts(parameters: Record<string, string>): number[] {
  const blocked = blockedPorts(parameters)
  if (blocked.length === 0) return []
  const unset = Object.entries(COMMON_PORTS).filter(([name]) => !(name in parameters))
  return unset.map(([, port]) => port).filter((port) => !blocked.includes(port))
}

function portIn(name: string, value: string): number | undefined {
  if (!(name in COMMON_PORTS) || !/^\d{1,5}$/.test(value.trim())) return undefined
  const port = Number(value)
  return port <= 65_535 ? port : undefined
}

/** Each once, ascending. */
export const sortedPorts = (ports: readonly number[]): number[] => [...new Set(ports)].sort((a, b) => a - b)
