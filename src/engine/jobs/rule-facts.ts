import type { Aws, Place } from '../../aws/port.ts'
import { parameterTexts } from '../../findings/sources/rule-parameters.ts'
import { AwsError, isGone } from '../../playbook/aws-error.ts'
import { RULE_READ } from '../../playbook/reading-port.ts'
import type { Clock } from '../clock.ts'
import { remembering, unreadShortly } from '../remembering.ts'

/** What AWS Config says of one of its rules. */
export type RuleFacts =
  /** One of AWS's own rules; without parameters when it has some that cannot be read. */
  | { kind: 'managed'; identifier: string; parameters?: Record<string, string> }
  /** The account's own code. */
  | { kind: 'custom' }
  /** There is no rule of this name. */
  | { kind: 'none' }
  | { kind: 'unread'; why: string }

/** Says what the rules of AWS Config are, whatever they are called. Never fails: what cannot be read is said. */
export interface ConfigRules {
  ask(place: Place, name: string): Promise<RuleFacts>
}

/** How long an answer is believed (ms): rules change seldom, and then somebody looks. */
const BELIEVED_MS = 10 * 60_000

/** The rules as AWS Config has them, asked one by one: a name that is not there fails the call for all others. */
export function configRules(aws: Pick<Aws, 'reader'>, clock: Pick<Clock, 'now'>): ConfigRules {
  const remembered = remembering<RuleFacts>(
    clock,
    BELIEVED_MS,
    unreadShortly(({ kind }) => kind === 'unread'),
  )
  return {
    ask: (place, name) =>
      remembered(JSON.stringify([place.account, place.region, name]), () => read(aws, place, name)),
  }
}

async function read(aws: Pick<Aws, 'reader'>, place: Place, name: string): Promise<RuleFacts> {
  const reader = aws.reader(place, [RULE_READ], () => undefined)
  try {
    const input = { ConfigRuleNames: [name] }
    const rules = await reader.list('config', 'DescribeConfigRules', input, 'ConfigRules')
    const rule = rules.find(({ ConfigRuleName }) => ConfigRuleName === name)
    if (!rule) return { kind: 'none' }
    const { Owner, SourceIdentifier: identifier } = rule.Source ?? {}
    if (Owner !== 'AWS' || !identifier) return { kind: 'custom' }
    const parameters = parametersOf(rule.InputParameters)
    return { kind: 'managed', identifier, ...(parameters && { parameters }) }
  } catch (error) {
    if (isGone(error)) return { kind: 'none' }
    if (!(error instanceof AwsError)) throw error
    return { kind: 'unread', why: `${error.action}: ${error.message}` }
  }
}

/** Absent, empty and `{}` are all no parameters; what is not understood is undefined. */
function parametersOf(text: string | undefined): Record<string, string> | undefined {
  const given = text?.trim() ?? ''
  return given === '' || /^\{\s*\}$/.test(given) ? {} : parameterTexts(given)
}
