import type { Finding } from '../../../src/findings/finding.ts'
import { findingPorts, knowsPorts, sortedPorts } from './finding-ports.ts'
import { isListed, isSeenOpen } from './ports-by-check.ts'

/** For findings that name no port: a changed group, a group named by a person. */
const PORTS_OF_NO_FINDING: readonly number[] = [20, 21, 22, 3306, 3389, 4333]

export interface PortParameters {
  /** The policy's word on which ports may be closed; null where it says nothing. */
  ports: readonly number[] | null
  /** Ports that it is no reason to close that somebody could reach them. */
  webPorts: readonly number[]
}

/** Sorted, each once. */
export interface PortsToClose {
  ports: number[]
  /** Web ports that were only seen open, which stay so. */
  spared: number[]
  /** Web ports among those to close, which only a list of the detector's own asks for. */
  listedWeb: number[]
  /** Ports that the findings name and the policy does not. */
  notAsked: number[]
}

/**
 * The TCP ports that a run is about. Ports that the policy sets hold for every finding: of those that a finding names
 * only these are closed, and where it names none for certain they are the ports. Without them a finding's own ports
 * are, but for web ports that were only seen open. Pure.
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
      listedWeb: [],
      notAsked: sortedPorts(asked.filter((port) => !set.includes(port))),
    }
  }
  const seen = findingPorts(findings.filter(isSeenOpen), [])
  const listed = findingPorts(findings.filter(isListed), PORTS_OF_NO_FINDING)
  const wanted = findingPorts(
    findings.filter((finding) => !isSeenOpen(finding) && !isListed(finding)),
    PORTS_OF_NO_FINDING,
  )
  const others = [...listed, ...wanted]
  const spared = seen.filter((port) => webPorts.includes(port) && !others.includes(port))
  return {
    ports: sortedPorts([...seen, ...others].filter((port) => !spared.includes(port))),
    spared,
    listedWeb: listed.filter((port) => webPorts.includes(port) && !wanted.includes(port)),
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
