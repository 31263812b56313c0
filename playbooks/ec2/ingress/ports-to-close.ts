import type { Finding } from '../../../src/findings/finding.ts'
import { findingPorts, knowsPorts, sortedPorts } from './finding-ports.ts'

/** For findings that name no port: a changed group, a group named by a person. */
const PORTS_OF_NO_FINDING: readonly number[] = [20, 21, 22, 3306, 3389, 4333]

export interface PortParameters {
  /** The policy's word on which ports may be closed; null where it says nothing. */
  ports: readonly number[] | null
  /** Ports that a probe alone is no reason to close. */
  webPorts: readonly number[]
}

/** Sorted, each once. */
export interface PortsToClose {
  ports: number[]
  /** Probed web ports, which stay open. */
  spared: number[]
  /** Ports that the findings name and the policy does not. */
  notAsked: number[]
}

/**
 * The TCP ports that a run is about. Ports that the policy sets hold for every finding: of those that a finding names
 * only these are closed, and where it names none for certain they are the ports. Without them a finding's own ports
 * are, but for web ports that were only probed. Pure.
 */
export function portsToClose(
  findings: readonly Finding[],
  { ports: set, webPorts }: PortParameters,
): PortsToClose {
  if (set) {
    const asked = findings.flatMap((finding) => (knowsPorts(finding) ? findingPorts([finding], set) : set))
    return {
      ports: sortedPorts(asked.filter((port) => set.includes(port))),
      spared: [],
      notAsked: sortedPorts(asked.filter((port) => !set.includes(port))),
    }
  }
  const isProbe = ({ source }: Finding): boolean => source === 'guardduty'
  const probed = findingPorts(findings.filter(isProbe), [])
  const others = findingPorts(
    findings.filter((finding) => !isProbe(finding)),
    PORTS_OF_NO_FINDING,
  )
  const spared = probed.filter((port) => webPorts.includes(port) && !others.includes(port))
  return {
    ports: sortedPorts([...probed, ...others].filter((port) => !spared.includes(port))),
    spared,
    notAsked: [],
  }
}

/** Why nothing is to be closed. */
export function noPorts({ spared, notAsked }: PortsToClose, { ports: set }: PortParameters): string {
  if (spared.length > 0) return spareReason(spared)
  if (notAsked.length === 0) return 'the finding names no port'
  return `the finding is about ${tcp(notAsked)}; parameters.ports of the policy closes only ${tcp(set ?? [])}`
}

/** Why ports that the findings are about stay open although they are; undefined where none of these does. */
export function leftOpen(
  { spared, notAsked }: PortsToClose,
  { ports: set }: PortParameters,
  isOpen: (port: number) => boolean,
): string | undefined {
  const [probed, unnamed] = [spared.filter(isOpen), notAsked.filter(isOpen)]
  const reasons = [
    ...(probed.length > 0 ? [spareReason(probed)] : []),
    ...(unnamed.length > 0
      ? [`${tcp(unnamed)} stays open: parameters.ports closes only ${tcp(set ?? [])}`]
      : []),
  ]
  return reasons.length > 0 ? reasons.join('; ') : undefined
}

/** Why probed web ports stay open. */
export function spareReason(spared: readonly number[]): string {
  const are = spared.length === 1 ? 'is a web port, which is' : 'are web ports, which are'
  return `${tcp(spared)} ${are} meant to be open: wafv2-block-attacker-ip blocks who attacks there (parameters.webPorts says which ports are spared)`
}

export const tcp = (ports: readonly number[]): string => `tcp ${ports.join(', ')}`
