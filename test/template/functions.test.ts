import { describe, expect, test } from '@jest/globals'
import { arnOf, resourcesOf, template } from './cloudformation.ts'

const main = template('template.yaml').template
const functions = resourcesOf(main, 'AWS::Serverless::Function')

describe('the functions', () => {
  test('are seven, each with a part of the bundle, a role and a log group of its own', () => {
    expect(functions.map(([id]) => id)).toEqual(
      ['Intake', 'Runner', 'Sweeper', 'Notifier', 'Writeback', 'Cards', 'Slack'].map(
        (name) => `${name}Function`,
      ),
    )
    for (const [id, { Properties, Metadata }] of functions) {
      const name = id.replace('Function', '')
      expect(Properties.Environment.Variables.RECTIFY_FUNCTION).toBe(name.toLowerCase())
      expect(Metadata?.BuildProperties.EntryPoints).toContain(`src/lambda/${name.toLowerCase()}.ts`)
      expect(arnOf(Properties.Role)).toBe(`${name}Role`)
      expect(Properties.LoggingConfig.LogGroup).toEqual({ Ref: `${name}Logs` })
    }
  })

  test('are alike in all by which SAM decides whether it installs and builds them once', () => {
    const [first, ...others] = functions.map(([, { Properties, Metadata }]) => ({
      Metadata,
      own: ['Handler', 'CodeUri', 'Runtime', 'Architectures', 'PackageType'].map((name) => Properties[name]),
    }))
    for (const other of others) expect(other).toEqual(first)
  })

  test('read no maps of their bundle: SAM would have them do so where it saw the property that it knows', () => {
    for (const [, { Properties, Metadata }] of functions) {
      expect(Metadata?.BuildProperties).not.toHaveProperty('Sourcemap')
      expect(Metadata?.BuildProperties).toHaveProperty('sourcemap', 'external')
      expect(Properties.Environment.Variables).not.toHaveProperty('NODE_OPTIONS')
    }
    expect(main.Globals?.Function.Environment.Variables).not.toHaveProperty('NODE_OPTIONS')
  })

  test('log for as long as the parameter says', () => {
    const groups = resourcesOf(main, 'AWS::Logs::LogGroup')
    expect(groups).toHaveLength(functions.length)
    for (const [, { Properties }] of groups)
      expect(Properties.RetentionInDays).toEqual({ Ref: 'LogRetentionDays' })
  })

  test('find in their environment everything of the stack that the engine uses', () => {
    expect(Object.keys(main.Globals?.Function.Environment.Variables ?? {})).toEqual(
      expect.arrayContaining([
        'RECTIFY_TABLE',
        'RECTIFY_RUNS_QUEUE_URL',
        'RECTIFY_RUNS_QUEUE_ARN',
        'RECTIFY_INTAKE_DLQ_URL',
        'RECTIFY_SCHEDULE_GROUP',
        'RECTIFY_SCHEDULE_ROLE_ARN',
        'RECTIFY_TOPIC_ARN',
        'RECTIFY_READ_ROLE_ARN',
        'RECTIFY_CHANGE_ROLE_ARN',
        'RECTIFY_MEMBER_ACCOUNTS',
        'RECTIFY_MEMBER_READ_ROLE',
        'RECTIFY_MEMBER_CHANGE_ROLE',
        'RECTIFY_EXTERNAL_ID',
        'RECTIFY_PATIENCE',
        'POWERTOOLS_SERVICE_NAME',
      ]),
    )
  })
})

describe('who may play whom', () => {
  const principals = (path: string, role: string) =>
    template(path).template.Resources[role]!.Properties.AssumeRolePolicyDocument.Statement

  test('in this account: the functions that read, and the runner alone to change', () => {
    const reading = ['IntakeRole', 'RunnerRole', 'SweeperRole']
    expect(
      principals('template.yaml', 'ReadRole').map(
        ({ Principal }: { Principal: { AWS: unknown } }) => Principal,
      ),
    ).toEqual([{ AWS: reading.map((role) => ({ 'Fn::GetAtt': [role, 'Arn'] })) }])
    expect(principals('template.yaml', 'ChangeRole')[0].Principal).toEqual({
      AWS: { 'Fn::GetAtt': ['RunnerRole', 'Arn'] },
    })
  })

  test('to tell detectors: the function that does nothing else, in a member with the external id only', () => {
    expect(
      principals('template.yaml', 'TellRole').map(({ Principal }: { Principal: unknown }) => Principal),
    ).toEqual([{ AWS: { 'Fn::GetAtt': ['WritebackRole', 'Arn'] } }])
    expect(principals('member-role.yaml', 'TellRole')).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: { Ref: 'HubWritebackRoleArns' } },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } } },
      },
    ])
  })

  test('in a member account: the same of the hub, with the external id only; the sweeper where it is named', () => {
    const [intake, runner, sweeper] = principals('member-role.yaml', 'ReadRole')
    const [condition, trusted, otherwise] = sweeper['Fn::If']
    expect([condition, otherwise]).toEqual(['IsAsked', { Ref: 'AWS::NoValue' }])
    const read = [intake, runner, trusted]
    const change = principals('member-role.yaml', 'ChangeRole')
    expect(read.map(({ Principal }: { Principal: unknown }) => Principal)).toEqual([
      { AWS: { Ref: 'HubIntakeRoleArns' } },
      { AWS: { Ref: 'HubRunnerRoleArns' } },
      { AWS: { Ref: 'HubSweeperRoleArns' } },
    ])
    expect(change.map(({ Principal }: { Principal: unknown }) => Principal)).toEqual([
      { AWS: { Ref: 'HubRunnerRoleArns' } },
    ])
    for (const { Condition } of [...read, ...change]) {
      expect(Condition).toEqual({ StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } } })
    }
  })
})
