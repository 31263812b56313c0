import type { Finding, Source } from '../findings/finding.ts'

/** Which findings a playbook answers. Plain data, so that the catalogue and the docs can list it. */
export interface Matcher {
  source: Source
  /** Finding types; `*` stands for any run of characters. */
  types: string[]
}

/** AWS Config rules by SourceIdentifier, or `item:AWS::EC2::SecurityGroup` for item changes of a resource type. */
export const config = (...types: string[]): Matcher => ({ source: 'config', types })
/** GuardDuty finding types, `Recon:EC2/PortProbe*`. */
export const guardDuty = (...types: string[]): Matcher => ({ source: 'guardduty', types })

export function matches(matcher: Matcher, finding: Finding): boolean {
  return finding.source === matcher.source && matcher.types.some((type) => wildcard(type, finding.type))
}

/** Whether a text matches a pattern in which `*` stands for any run of characters. Case matters. */
export function wildcard(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text
  return new RegExp(`^${pattern.split('*').map(escaped).join('[\\s\\S]*')}$`).test(text)
}

/** Text as a regular expression that matches just it. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
