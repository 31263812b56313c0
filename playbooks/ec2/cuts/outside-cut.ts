import type { Cut } from '../../../src/playbook/network/cut.ts'

/** Ranges that networks use inside: what comes from there comes as before. */
const INSIDE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']

/** What stands behind a public address that it loses. */
export interface BehindAddress {
  /** Security groups that it wears. */
  groups: readonly string[]
  /** Subnets in which it may stand; none are known: everywhere. */
  subnets?: readonly string[]
  /** Port at which it answers; undefined: AWS does not say. */
  port: number | undefined
  /** The service that makes its interface: `amazon-rds`. */
  requester: string
  /** What it writes at its interfaces: `RDSNetworkInterface`. */
  described: string
  /** What it is, for a person: `a database`. */
  what: string
}

/**
 * What comes from outside to something that loses its public address. AWS does not say which of the service's interfaces is
 * whose. Pure.
 */
export function outsideCut({ groups, subnets = [], port, requester, described, what }: BehindAddress): Cut[] {
  if (port === undefined || groups.length === 0) return []
  return [
    {
      what: `tcp ${port} from outside`,
      direction: 'in',
      at: { groups, ...(subnets.length > 0 && { subnets }), requester, described },
      protocol: 6,
      ports: [port, port],
      peers: { ranges: ['0.0.0.0/0', '::/0'], except: INSIDE },
      doubt: `AWS does not say which interface is whose: what another of the service's interfaces with the same groups receives at the port of ${what} is in it`,
    },
  ]
}
