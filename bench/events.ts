import { readFileSync } from 'node:fs'
import type { FindingResource } from '../src/findings/finding.ts'
import { ACCOUNT } from './security-groups.ts'

/** Text of one of the sample events, for the account of the benchmark, on one line. */
export function eventText(file: string): string {
  const text = readFileSync(new URL(`../test/events/${file}`, import.meta.url), 'utf8')
  return JSON.stringify(JSON.parse(text)).replaceAll('111122223333', ACCOUNT)
}

const SSH = eventText('config-compliance-restricted-ssh.json')

/** What EventBridge carries when Config's rule restricted-ssh finds a group. */
export function sshEvent(group: string): string {
  return SSH.replaceAll('sg-0a1b2c3d4e5f60718', group)
}

/** The same of another rule about another resource, in that account. */
export function configEvent(rule: string, { type, id }: FindingResource): string {
  return sshEvent(id).replaceAll('restricted-ssh', rule).replaceAll('AWS::EC2::SecurityGroup', type)
}
