import { describe, expect, test } from '@jest/globals'
import { isPair, visit } from 'yaml'
import { resourcesOf, statementsOf, template, textOf } from './cloudformation.ts'

/** What the emulators let pass and AWS does not. */
const TEMPLATES = ['template.yaml', 'member-role.yaml', 'docs/member-bus.yaml']
const main = template('template.yaml').template
const keyOf = (node: unknown) => (isPair(node) ? String(node.key) : undefined)

describe.each(TEMPLATES)('%s', (path) => {
  const { text, document, template: parsed } = template(path)

  test('names neither an account nor a partition, so that it works in all of them', () => {
    expect(text.match(/\b\d{12}\b/g)).toBeNull()
    const wrong: string[] = []
    visit(document, {
      Scalar: (_, { value }) => {
        const arn = textOf(value)?.match(/arn:[^:]*:/)?.[0]
        if (arn && arn !== 'arn:{partition}:') wrong.push(String(value))
      },
    })
    expect(wrong).toEqual([])
  })

  test('uses a YAML alias, which CloudFormation does not read, for nothing but what SAM builds by', () => {
    const aliases: unknown[] = []
    visit(document, { Alias: (_key, _alias, path) => void aliases.push(keyOf(path.at(-1))) })
    expect(aliases.filter((key) => key !== 'Metadata' || parsed.Globals === undefined)).toEqual([])
  })

  test('says beside every wildcard why', () => {
    // A wildcard for the last part alone is a kind of resource: `security-group/*`; the streams of a log group follow it.
    const wide = (resource: unknown) => /^\*$|(?<!:log-group:)\*.*[:/]/.test(textOf(resource) ?? '')
    const silent = statementsOf(document.get('Resources'))
      .filter(({ Resource, explained }) => Resource.some(wide) && !explained)
      .map(({ Sid }) => Sid)
    expect(silent).toEqual([])
  })

  test('leaves names to CloudFormation, which keeps to their lengths and lets stacks stand side by side', () => {
    const NAMES = ['QueueName', 'FunctionName', 'TableName', 'LogGroupName', 'TopicName', 'AlarmName', 'Name']
    const named = Object.entries(parsed.Resources).filter(([, { Properties }]) =>
      NAMES.some((name) => Properties && name in Properties),
    )
    expect(named.map(([id]) => id)).toEqual([])
    // But the hub must know the member roles by name: parameters within the 64 characters of IAM.
    for (const [, role] of resourcesOf(parsed, 'AWS::IAM::Role')) {
      const { RoleName } = role.Properties
      if (RoleName) expect(parsed.Parameters[RoleName.Ref]?.MaxLength).toBe(64)
    }
  })
})

describe('the parameters and outputs', () => {
  test('all parameters have a default, and none is about a mode', () => {
    for (const [name, parameter] of Object.entries(main.Parameters)) {
      expect(parameter).toHaveProperty('Default')
      expect(name).not.toMatch(/mode/i)
    }
  })

  test('the outputs name what the command line and member accounts need', () => {
    expect(Object.keys(main.Outputs)).toEqual(
      expect.arrayContaining([
        'TableName',
        'IntakeQueueUrl',
        'RunsQueueUrl',
        'RunsQueueArn',
        'TopicArn',
        'ReadRoleArn',
        'ChangeRoleArn',
        'IntakeRoleArn',
        'RunnerRoleArn',
        'ConfigRuleName',
        'GuardDutyRuleName',
        'FirstRehearsal',
      ]),
    )
  })
})
