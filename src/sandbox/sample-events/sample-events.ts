import { SANDBOX_ACCOUNT } from '../place.ts'
import { configRule } from './config-rule.ts'
import { portProbe } from './port-probe.ts'

/** An event as EventBridge would deliver it. */
export interface SampleEvent {
  /** File name without extension. */
  name: string
  /** What should come of it, for a person. */
  about: string
  event: Record<string, unknown>
}

/** Public addresses, since those reserved for examples are never blocked. Nothing is ever sent there. */
const ATTACKERS = ['45.155.205.10', '45.155.205.233']

/** What the detectors would say about the seeds, and what they might say that nothing should come of. */
export function sampleEvents(seeds: Record<string, string>): SampleEvent[] {
  const id = (name: string) => {
    const found = seeds[name]
    if (!found) throw new Error(`no seed is called ${name}`)
    return found
  }
  const group = (name: string, rule: string, compliance = 'NON_COMPLIANT') =>
    configRule(rule, 'AWS::EC2::SecurityGroup', id(name), compliance)
  return [
    {
      name: 'ssh-open',
      about: 'SSH open to the world on a web server: the one rule is revoked, the office keeps its access',
      event: group('web-ssh-open', 'restricted-ssh'),
    },
    {
      name: 'common-ports-open',
      about: 'database and remote desktop open, IPv4 and IPv6: four rules go',
      event: group('db-open-common-ports', 'restricted-common-ports'),
    },
    {
      name: 'public-snapshot',
      about: 'some snapshot of the account is public: it is found and made private, its other share stays',
      event: configRule('ebs-snapshot-public-restorable-check', 'AWS::::Account', SANDBOX_ACCOUNT),
    },
    {
      name: 'patches-missing',
      about: 'an instance misses patches: they are installed',
      event: configRule(
        'ec2-managedinstance-patch-compliance-status-check',
        'AWS::SSM::PatchCompliance',
        `AWS::SSM::ManagedInstanceInventory/${id('patch-me')}`,
      ),
    },
    {
      name: 'port-probe',
      about: 'two attackers probe the web server: both are blocked for a day, its port stays open',
      event: portProbe(seeds, {
        port: 80,
        attackers: ATTACKERS,
        finding: '6ec41f0a2b8d4f6c9a7e01d2c3b4a596',
      }),
    },
    {
      name: 'port-probe-sample',
      about: 'a sample finding: left alone',
      event: portProbe(seeds, {
        port: 80,
        attackers: ['198.51.100.0'],
        finding: '7ec41f0a2b8d4f6c9a7e01d2c3b4a597',
        sample: true,
      }),
    },
    {
      name: 'ssh-resolved',
      about: 'the rule is compliant again: left alone',
      event: group('web-ssh-open', 'restricted-ssh', 'COMPLIANT'),
    },
    {
      name: 'ssh-office-only',
      about: 'SSH from one office only: nothing to do',
      event: group('office-only', 'restricted-ssh'),
    },
    {
      name: 'ssh-prod-bastion',
      about: 'a bastion that is open on purpose: left alone where the policy exempts it',
      event: group('prod-bastion', 'restricted-ssh'),
    },
  ]
}
