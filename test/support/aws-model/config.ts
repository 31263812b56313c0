import { type Fields, failure, type Handlers, listOf, page } from './failure.ts'

/** Most names that one call may have (API reference, DescribeConfigRules). */
const MOST_NAMES = 25

/** Rules of AWS Config. */
export class ConfigRulesModel {
  /** As DescribeConfigRules gives them, by name. */
  readonly rules = new Map<string, Fields>()

  /** One of AWS's own rules; without parameters AWS says `{}`. */
  add(name: string, identifier: string, parameters: Record<string, string> = {}): void {
    const Source = { Owner: 'AWS', SourceIdentifier: identifier }
    this.rules.set(name, { ConfigRuleName: name, Source, InputParameters: JSON.stringify(parameters) })
  }

  /** A rule that is the account's own code. */
  addCustom(name: string): void {
    const SourceIdentifier = `arn:aws:lambda:eu-west-1:123456789012:function:${name}`
    this.rules.set(name, { ConfigRuleName: name, Source: { Owner: 'CUSTOM_LAMBDA', SourceIdentifier } })
  }

  readonly handlers: Handlers = {
    DescribeConfigRules: (input) => {
      const action = 'config:DescribeConfigRules'
      const names = listOf<string>(input.ConfigRuleNames)
      if (names.length > MOST_NAMES)
        throw failure(action, 'ValidationException', `more than ${MOST_NAMES} names`)
      const missing = names.find((name) => !this.rules.has(name))
      if (missing !== undefined)
        throw failure(
          action,
          'NoSuchConfigRuleException',
          `The ConfigRule '${missing}' provided in the request is invalid.`,
        )
      const found = [...this.rules].filter(([name]) => names.length === 0 || names.includes(name))
      const rules = found.map(([, rule]) => rule)
      return page(rules, input, { items: 'ConfigRules', size: 'Limit', token: 'NextToken' })
    },
  }
}
