import type { Finding } from '../../findings/finding.ts'
import { ruleByName } from '../../findings/sources/config-rules.ts'
import { matches } from '../../playbook/matchers.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { ruleByPolicy } from '../../policy/rule-by-policy.ts'
import type { EnginePorts } from '../ports.ts'
import type { RuleFacts } from './rule-facts.ts'

type Ports = Pick<EnginePorts, 'aws' | 'playbooks' | 'policy' | 'configRules'>

/**
 * A finding of AWS Config with what its rule is: by the policy's word, else as far as its name tells, else as AWS
 * Config says. It is also asked where a playbook that answers must know the parameters, which events do not carry.
 * What cannot be read stays unknown, and `evidence.ruleUnread` says why. All other findings come back as they are.
 */
export async function withItsRule(ports: Ports, finding: Finding): Promise<Finding> {
  const name = nameOfRule(finding)
  if (name === undefined) return finding
  const said = ruleByPolicy(ports.policy, name)
  const likely: Finding = { ...finding, type: said ?? ruleByName(name)?.identifier ?? name }
  const isKnown = likely.type !== name || ruleByName(name) !== undefined
  if (isKnown && !needsParameters(ports.playbooks, likely)) return likely
  const facts = await factsOf(ports, finding, name)
  const isSaid = said !== undefined
  switch (facts.kind) {
    case 'managed': {
      const { identifier, parameters } = facts
      const type = isSaid ? said : identifier
      if (type !== identifier) {
        return unread(likely, `AWS Config says that rule ${name} is ${identifier}, the policy ${type}`)
      }
      if (parameters) return { ...likely, type, evidence: { ...likely.evidence, ruleParameters: parameters } }
      return unread({ ...likely, type }, `the parameters of rule ${name} are not understood`)
    }
    case 'custom':
      // Whatever it is called: it is not the managed rule that its name reminds of.
      if (!isSaid) return { ...finding, type: name }
      return unread(likely, `rule ${name} is the account's own code, whose parameters say nothing`)
    case 'none':
      return unread(likely, `AWS Config has no rule ${name} (any more)`)
    case 'unread':
      return unread(likely, `rule ${name} cannot be read: ${facts.why}`)
  }
}

/** What is left to say about a finding of a rule that no playbook answers; empty where all is known. */
export function ruleHint({ type, evidence: { ruleName, ruleUnread } }: Finding): string {
  if (ruleUnread === undefined) return ''
  const advice = ruleName === type ? `; the policy may say what it is: configRules: { "${ruleName}": … }` : ''
  return ` (${ruleUnread}${advice})`
}

/** The rule of AWS Config that a finding is of; undefined for any other finding. */
export function nameOfRule({ source, type, evidence }: Finding): string | undefined {
  return source === 'config' && !type.startsWith('item:') ? evidence.ruleName : undefined
}

/** Whether one of these playbooks answers the finding and must know the parameters of its rule, which it lacks. */
export function needsParameters(playbooks: readonly PlaybookHead[], finding: Finding): boolean {
  if (finding.evidence.ruleParameters !== undefined) return false
  return playbooks.some(
    ({ answers, ruleParameters = [] }) =>
      ruleParameters.includes(finding.type) && answers.some((matcher) => matches(matcher, finding)),
  )
}

async function factsOf(ports: Ports, finding: Finding, name: string): Promise<RuleFacts> {
  const { account, region, partition } = finding
  if (await ports.aws.reaches(account)) return ports.configRules.ask({ account, region, partition }, name)
  return { kind: 'unread', why: `no credentials for account ${account}` }
}

function unread(finding: Finding, ruleUnread: string): Finding {
  return { ...finding, evidence: { ...finding.evidence, ruleUnread } }
}
