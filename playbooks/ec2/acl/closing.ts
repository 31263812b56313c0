import type { Finding } from '../../../src/findings/finding.ts'
import { type NotApplicable, notApplicable } from '../../../src/playbook/playbook.ts'
import type { Family } from '../ingress/coverage.ts'
import {
  type AclEntry,
  type AclOpenness,
  freeNumbers,
  getsIn,
  isOfFamily,
  isWideRange,
  type OpenDoor,
  openDoor,
  portEntry,
} from './entries.ts'

const FAMILIES: readonly Family[] = [4, 6]
const WORLD = { 4: '0.0.0.0/0', 6: '::/0' } as const

/** Prowler's checks of one port each; all else is about both. */
const OF_CHECK = /^ec2_networkacl_allow_ingress_tcp_port_(\d+)$/

/** What the policy says of it. */
export interface AclParameters extends AclOpenness {
  ports: readonly number[]
  keep: readonly string[]
}

/** The ports that findings are about, of those that the policy names. Sorted. */
export function askedPorts(findings: readonly Finding[], { ports }: AclParameters): number[] {
  const asked = findings.flatMap(({ source, type }) => {
    const [, port] = (source === 'prowler' && OF_CHECK.exec(type)) || []
    return port === undefined ? ports : ports.filter((each) => each === Number(port))
  })
  return [...new Set(asked)].sort((a, b) => a - b)
}

/** What is to be added, by number; and ranges that `keep` names and that would be cut off, a sentence each. */
export interface Closing {
  entries: AclEntry[]
  notKept: string[]
}

/**
 * The entries that shut the world out of ports: in front of what lets it in, and behind all that decides before; for each
 * port those who get in as before, and then a denial of everybody. None: the world is shut out already. Pure.
 */
export function closingEntries(
  entries: readonly AclEntry[],
  ports: readonly number[],
  parameters: AclParameters,
): Closing | NotApplicable {
  const taken = new Set(entries.map(({ number }) => number))
  const closing: Closing = { entries: [], notKept: [] }
  for (const port of ports) {
    for (const family of FAMILIES) {
      const door = openDoor(entries, port, family, parameters)
      if (door === undefined) continue
      if (door === 'narrow')
        return notApplicable(
          `tcp ${port} is open to the world by many narrow sources together: a person must choose which may go`,
        )
      const sources = keptSources(door, parameters)
      const known = sources.map((cidr) => ({ cidr, is: getsIn(door, cidr) }))
      const wanted = [
        ...known.filter(({ is }) => is === true).map(({ cidr }) => ({ action: 'allow' as const, cidr })),
        { action: 'deny' as const, cidr: WORLD[family] },
      ]
      const numbers = freeNumbers(door, taken).slice(0, wanted.length).reverse()
      if (numbers.length < wanted.length)
        return notApplicable(
          `tcp ${port} needs ${wanted.length} free rule numbers between ${door.after} and ${door.before}: give the entries other numbers`,
        )
      for (const [index, { action, cidr }] of wanted.entries()) {
        closing.entries.push(portEntry(action, port, cidr, numbers[index]!))
        taken.add(numbers[index]!)
      }
      closing.notKept.push(
        ...known
          .filter(({ is }) => is === 'partly')
          .map(({ cidr }) => `tcp ${port} from ${cidr} is cut off: only a part of it gets in by now`),
      )
    }
  }
  return { ...closing, entries: closing.entries.toSorted((a, b) => a.number - b.number) }
}

/** Who gets in as before: what the policy names, and the narrow sources that a later entry lets in by itself. */
function keptSources({ family, later }: OpenDoor, parameters: AclParameters): string[] {
  const narrow = later.filter(
    ({ action, cidr }) => action === 'allow' && !isWideRange(cidr, family, parameters),
  )
  const named = parameters.keep.filter((cidr) => isOfFamily({ cidr }, family))
  return [...new Set([...named, ...narrow.map(({ cidr }) => cidr)])]
}
