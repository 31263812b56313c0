import {
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import { services } from '../../playbooks/index.ts'
import { rolesAws } from '../../src/aws/roles.ts'
import { call } from '../../src/playbook/api.ts'

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' }
const revoke = call('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] })
const group = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0'
const rules = 'arn:aws:ec2:eu-west-1:111122223333:security-group-rule/*'
const saved = { ...process.env }

const sts = mockClient(STSClient)
const ec2 = mockClient(EC2Client)
beforeEach(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
  })
  sts.reset()
  ec2.reset()
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:role/runner' })
  sts.on(AssumeRoleCommand).resolves({
    Credentials: {
      AccessKeyId: 'A',
      SecretAccessKey: 'S',
      SessionToken: 'T',
      Expiration: new Date(Date.now() + 900_000),
    },
  })
  // The mock answers in the client's place, so the credentials are asked for here.
  ec2.on(RevokeSecurityGroupIngressCommand).callsFake(async (_input, getClient) => {
    await getClient().config.credentials()
    return { Return: true }
  })
})
afterEach(() => {
  process.env = { ...saved }
})

/** What STS is asked for, for a run whose plan needs these permissions. */
async function assumed(permissions: { action: string; resource: string }[]) {
  const aws = newAws()()
  await aws.send(place, revoke, { session: { name: 'run-1', permissions } })
  const [asked] = sts.commandCalls(AssumeRoleCommand)
  const { Policy = '', ...input } = asked!.args[0].input
  return { input, Policy, statements: JSON.parse(Policy).Statement as unknown[] }
}

const newAws = () =>
  rolesAws({
    services,
    roleFor: (account, phase) => `arn:aws:iam::${account}:role/${phase}`,
    externalId: 'between-us',
  })

test('all runs look in one session of an account, whoever asks, and it outlives those in which they change', async () => {
  ec2.on(DescribeSecurityGroupsCommand).callsFake(async (_input, getClient) => {
    await getClient().config.credentials()
    return { SecurityGroups: [] }
  })
  const awsOf = newAws()
  const look = (run: string) =>
    awsOf().send(place, call('ec2', 'DescribeSecurityGroups', {}), {
      session: { name: run, permissions: [] },
    })
  for (let n = 0; n < 60; n++) {
    await look(`run-${n}`)
    await awsOf().send(place, revoke, { session: { name: `run-${n}`, permissions: [] } })
  }
  const asked = sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input)
  const looking = asked.filter(({ RoleArn }) => RoleArn?.endsWith('/read'))
  expect(looking.map(({ RoleSessionName }) => RoleSessionName)).toEqual(['rectify'])
  expect(asked).toHaveLength(61)
})

test('what IAM would say of a change is asked by the reading role, and is about the changing one', async () => {
  const iam = mockClient(IAMClient)
  iam.on(SimulatePrincipalPolicyCommand).callsFake(async (_input, getClient) => {
    await getClient().config.credentials()
    return { EvaluationResults: [] }
  })
  const aws = newAws()()
  const PolicySourceArn = await aws.changesAs(place.account)
  expect(PolicySourceArn).toBe('arn:aws:iam::111122223333:role/change')
  await aws.send(place, call('iam', 'SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: ['sns:X'] }))
  const [asked] = sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input)
  expect(asked).toMatchObject({ RoleArn: 'arn:aws:iam::111122223333:role/read', RoleSessionName: 'rectify' })
})

describe('the session of a run that changes something', () => {
  test('is of the changing role, named after the run, with the external id', async () => {
    const { input } = await assumed([{ action: 'ec2:RevokeSecurityGroupIngress', resource: group }])
    expect(input).toEqual({
      RoleArn: 'arn:aws:iam::111122223333:role/change',
      RoleSessionName: 'run-1',
      DurationSeconds: 900,
      ExternalId: 'between-us',
    })
  })

  test('may do what the plan needs and nothing else, each once, however many steps need it', async () => {
    const step = [
      { action: 'ec2:AuthorizeSecurityGroupIngress', resource: group },
      { action: 'ec2:AuthorizeSecurityGroupIngress', resource: rules },
      { action: 'ec2:CreateTags', resource: rules },
    ]
    const { Policy, statements } = await assumed(Array.from({ length: 40 }, () => step).flat())
    expect(statements).toEqual([
      { Effect: 'Allow', Action: ['ec2:AuthorizeSecurityGroupIngress'], Resource: group },
      { Effect: 'Allow', Action: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags'], Resource: rules },
    ])
    expect(Policy.length).toBeLessThan(2048)
  })

  test('may do nothing where the plan needs nothing', async () => {
    const { statements } = await assumed([])
    expect(statements).toEqual([{ Effect: 'Deny', Action: '*', Resource: '*' }])
  })
})
