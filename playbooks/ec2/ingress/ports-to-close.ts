import type { Finding } from '../../../src/findings/finding.ts'
import { authorizedPorts, isAboutAll, portsLetIn } from './authorized-ports.ts'
import { findingPorts, knowsPorts, sortedPorts } from './finding-ports.ts'
import type { IngressRule } from './ingress.ts'
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
  /** Of findings about all ports but some: UDP ports to close, and TCP ports that are authorized; runs of ports by one. */
  udp: number[]
  authorized: number[]
  /** Whether some finding is about all ports but some. */
  isAboutAll: boolean
}

/**
 * The TCP ports that a run is about. Ports that the policy sets hold for every finding: of those that a finding names
 * only these are closed, and where it names none for certain they are the ports. Without them a finding's own ports
 * are, but for web ports that were only seen open. Pure.
 */
export function portsToClose(
  findings: readonly Finding[],
  { ports: set, webPorts }: PortParameters,
  rules: readonly IngressRule[],
): PortsToClose {
  const all = notAuthorized(findings, rules, [...webPorts, ...(set ?? [])])
  const { udp, authorized } = all
  const told = { udp, authorized, isAboutAll: all.areSome }
  if (set) {
    const asked = findings.flatMap((finding) => (knowsPorts(finding) ? findingPorts([finding], set) : set))
    const tcp = [...asked, ...all.listed, ...all.wanted]
    return {
      ...told,
      ports: sortedPorts(tcp.filter((port) => set.includes(port))),
      spared: [],
      listedWeb: [],
      notAsked: sortedPorts(tcp.filter((port) => !set.includes(port))),
    }
  }
  const seen = findingPorts(findings.filter(isSeenOpen), [])
  const listed = [...findingPorts(findings.filter(isListed), PORTS_OF_NO_FINDING), ...all.listed]
  const wanted = [
    ...findingPorts(
      findings.filter((finding) => !isSeenOpen(finding) && !isListed(finding)),
      PORTS_OF_NO_FINDING,
    ),
    ...all.wanted,
  ]
  const others = [...listed, ...wanted]
  const spared = seen.filter((port) => webPorts.includes(port) && !others.includes(port))
  return {
    ...told,
    ports: sortedPorts([...seen, ...others].filter((port) => !spared.includes(port))),
    spared,
    listedWeb: sortedPorts(listed.filter((port) => webPorts.includes(port) && !wanted.includes(port))),
    notAsked: [],
  }
}

/** What the rules let in that findings about all ports but some do not authorize; `wanted` by somebody's own list. */
function notAuthorized(
  findings: readonly Finding[],
  rules: readonly IngressRule[],
  apart: readonly number[],
) {
  const [listed, wanted, udp, authorized]: number[][] = [[], [], [], []]
  const all = findings.filter(isAboutAll)
  for (const finding of all) {
    const known = authorizedPorts(finding)
    if (typeof known === 'string') continue
    const tcp = portsLetIn(rules, 'tcp', known.tcp, apart)
    const into = isListed(finding) ? listed : wanted
    into!.push(...tcp.others)
    authorized!.push(...tcp.authorized)
    udp!.push(...portsLetIn(rules, 'udp', known.udp, []).others)
  }
  const others = [...listed!, ...wanted!]
  return {
    listed: sortedPorts(listed!),
    wanted: sortedPorts(wanted!),
    udp: sortedPorts(udp!),
    authorized: sortedPorts(authorized!).filter((port) => !others.includes(port)),
    areSome: all.length > 0,
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

/** How many ports are told by number. */
const MOST_TOLD = 12

export const tcp = (ports: readonly number[]): string => {
  const more = ports.length > MOST_TOLD + 12 ? ` and ${ports.length - MOST_TOLD} more` : ''
  return `tcp ${(more ? ports.slice(0, MOST_TOLD) : ports).join(', ')}${more}`
}
