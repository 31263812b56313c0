import {
  DescribeRuleCommand,
  type EventBridgeClient,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge'

/**
 * What the bus itself fills in: TestEventPattern refuses an event without it, and one that was written by hand may lack
 * it. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
 */
const FILLED_IN_BY_THE_BUS = { version: '0', id: '00000000-0000-0000-0000-000000000000', resources: [] }

/** Tells which of these rules, as they are deployed now, take an event in; asked of EventBridge, not judged here. */
export function rulesMatching(
  client: EventBridgeClient,
  rules: readonly string[],
): (event: object) => Promise<string[]> {
  const patterns = new Map<string, Promise<string | undefined>>()

  function patternOf(rule: string): Promise<string | undefined> {
    const asked = patterns.get(rule) ?? deployedPattern(client, rule)
    patterns.set(rule, asked)
    return asked
  }

  return async (event) => {
    const Event = JSON.stringify({ ...FILLED_IN_BY_THE_BUS, ...event })
    const matched = await Promise.all(
      rules.map(async (rule) => {
        const EventPattern = await patternOf(rule)
        if (EventPattern === undefined) return false
        const { Result } = await client.send(new TestEventPatternCommand({ EventPattern, Event }))
        return Result === true
      }),
    )
    return rules.filter((_, index) => matched[index])
  }
}

/** Undefined for a rule that takes nothing in: somebody has disabled it. */
async function deployedPattern(client: EventBridgeClient, Name: string): Promise<string | undefined> {
  const { EventPattern, State } = await client.send(new DescribeRuleCommand({ Name }))
  return State === 'DISABLED' ? undefined : EventPattern
}
