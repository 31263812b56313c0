import { randomUUID } from 'node:crypto'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import { portProbe } from '../../src/sandbox/sample-events/port-probe.ts'

type Event = Record<string, unknown>

/** AWS Config says that SSH is open in this group. */
export const sshOpen = (group: string): Event =>
  configRule('restricted-ssh', 'AWS::EC2::SecurityGroup', group)

/** AWS Config says that one of its common ports is open in this group. */
export const commonPortsOpen = (group: string): Event =>
  configRule('restricted-common-ports', 'AWS::EC2::SecurityGroup', group)

/** AWS Config says that this snapshot is public. */
export const snapshotPublic = (snapshot: string): Event =>
  configRule('ebs-snapshot-public-restorable-check', 'AWS::EC2::Snapshot', snapshot)

/** AWS Config says that this instance misses patches. */
export const patchesMissing = (instance: string): Event =>
  configRule(
    'ec2-managedinstance-patch-compliance-status-check',
    'AWS::SSM::PatchCompliance',
    `AWS::SSM::ManagedInstanceInventory/${instance}`,
  )

export interface Probed {
  /** Local port → who probed it, IPv4 or IPv6. */
  ports: Record<number, string[]>
  /** Security group of the probed instance; none by default. */
  group?: string
  /** 32 hex digits; default: a finding of its own. */
  finding?: string
}

/** GuardDuty says that these addresses probe these ports. */
export function probed({ ports, group, finding = newFinding() }: Probed): Event {
  const seeds = { 'web-server': 'i-0a1b2c3d4e5f60718', ...(group ? { 'web-ssh-open': group } : {}) }
  const event = portProbe(seeds, { port: 80, attackers: [], finding })
  const portProbeDetails = Object.entries(ports).flatMap(([port, attackers]) =>
    attackers.map((address) => ({
      localPortDetails: { port: Number(port), portName: 'Unknown' },
      remoteIpDetails: { [address.includes(':') ? 'ipAddressV6' : 'ipAddressV4']: address },
    })),
  )
  // JSON drops what the sample has no seed for.
  const written = JSON.stringify(event, (name, value) =>
    name === 'portProbeDetails' ? portProbeDetails : value,
  )
  return JSON.parse(written) as Event
}

export const newFinding = (): string => randomUUID().replaceAll('-', '')

/** The same event with other texts in it (another account, another port's rule ...). */
export function replaced(event: Event, texts: Record<string, string>): Event {
  const written = Object.entries(texts).reduce(
    (json, [from, to]) => json.replaceAll(from, to),
    JSON.stringify(event),
  )
  return JSON.parse(written) as Event
}
