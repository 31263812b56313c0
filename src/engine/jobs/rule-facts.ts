import type { Aws, Place } from '../../aws/port.ts'
import { parameterTexts } from '../../findings/sources/rule-parameters.ts'
import { AwsError, isGone } from '../../playbook/aws-error.ts'
import { RULE_READ } from '../../playbook/playbook.ts'
import type { Clock } from '../clock.ts'

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
/** How long it is believed that nothing can be read: long enough for a storm, short enough to be mended. */
const UNREAD_BELIEVED_MS = 60_000
/** Most rules that are remembered; the oldest go. */
const MOST_REMEMBERED = 5_000

interface Remembered {
  facts: Promise<RuleFacts>
  /** ms since 1970, UTC. */
  until: number
}

/** The rules as AWS Config has them, asked one by one: a name that is not there fails the call for all others. */
export function configRules(aws: Pick<Aws, 'reader'>, clock: Pick<Clock, 'now'>): ConfigRules {
  const remembered = new Map<string, Remembered>()
  return {
    ask(place, name) {
      const key = JSON.stringify([place.account, place.region, name])
      const known = remembered.get(key)
      if (known && clock.now() < known.until) return known.facts
      const entry: Remembered = { facts: read(aws, place, name), until: clock.now() + BELIEVED_MS }
      remembered.delete(key)
      remembered.set(key, entry)
      const oldest = remembered.keys().next()
      if (remembered.size > MOST_REMEMBERED && !oldest.done) remembered.delete(oldest.value)
      return entry.facts.then((facts) => {
        if (facts.kind === 'unread') entry.until = Math.min(entry.until, clock.now() + UNREAD_BELIEVED_MS)
        return facts
      })
    },
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
