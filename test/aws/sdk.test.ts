import { EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import { services } from '../../playbooks/index.ts'
import { CredentialsProblem } from '../../src/aws/errors.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { call } from '../../src/playbook/api.ts'

const place = { account: '123456789012', region: 'eu-west-1', partition: 'aws' }
const revoke = call('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] })
const saved = { ...process.env }

beforeEach(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
})
afterEach(() => {
  process.env = { ...saved }
})

describe('with mocked clients', () => {
  const sts = mockClient(STSClient)
  const ec2 = mockClient(EC2Client)
  beforeEach(() => {
    sts.reset()
    ec2.reset()
    sts
      .on(GetCallerIdentityCommand)
      .resolves({ Account: place.account, Arn: 'arn:aws-cn:iam::123456789012:user/li' })
  })

  test('asks once who the caller is, and takes the partition from the ARN', async () => {
    const aws = sdkAws({ services })
    const [first, second] = await Promise.all([aws.identity(), aws.identity()])
    expect(first).toEqual({
      account: place.account,
      arn: 'arn:aws-cn:iam::123456789012:user/li',
      partition: 'aws-cn',
    })
    expect(second).toBe(first)
    expect(sts.calls()).toHaveLength(1)
  })

  test('asks again after a failure', async () => {
    const expired = Object.assign(new Error('x'), { name: 'ExpiredToken' })
    const me = { Account: place.account, Arn: 'arn:aws:iam::123456789012:user/li' }
    sts.on(GetCallerIdentityCommand).rejectsOnce(expired).resolves(me)
    const aws = sdkAws({ services })
    await expect(aws.identity()).rejects.toBeInstanceOf(CredentialsProblem)
    await expect(aws.identity()).resolves.toMatchObject({ account: place.account })
  })

  test('refuses a call for another account before anything is sent', async () => {
    const other = { ...place, account: '210987654321' }
    await expect(sdkAws({ services }).send(other, revoke)).rejects.toMatchObject({
      kind: 'final',
      code: 'WrongAccount',
    })
    expect(ec2.calls()).toHaveLength(0)
  })

  test('a dry run that would succeed resolves, and carries DryRun on the wire', async () => {
    ec2
      .on(RevokeSecurityGroupIngressCommand)
      .rejects(Object.assign(new Error('would'), { name: 'DryRunOperation' }))
    await expect(sdkAws({ services }).send(place, revoke, { dryRun: true })).resolves.toEqual({})
    expect(ec2.call(0).args[0].input).toEqual({ ...revoke.input, DryRun: true })
  })

  test('a denied dry run is denied, and names the caller where the message does not', async () => {
    ec2
      .on(RevokeSecurityGroupIngressCommand)
      .rejects(Object.assign(new Error('no'), { name: 'UnauthorizedOperation' }))
    const sent = sdkAws({ services }).send(place, revoke, { dryRun: true })
    await expect(sent).rejects.toMatchObject({
      kind: 'denied',
      principal: 'arn:aws-cn:iam::123456789012:user/li',
    })
  })

  test('any other error of a dry run is that error', async () => {
    ec2
      .on(RevokeSecurityGroupIngressCommand)
      .rejects(Object.assign(new Error('gone'), { name: 'InvalidGroup.NotFound' }))
    await expect(sdkAws({ services }).send(place, revoke, { dryRun: true })).rejects.toMatchObject({
      kind: 'gone',
    })
  })

  test('an endpoint that carries out a dry run is found out', async () => {
    ec2.on(RevokeSecurityGroupIngressCommand).resolves({ Return: true })
    const sent = sdkAws({ services }).send(place, revoke, { dryRun: true })
    await expect(sent).rejects.toMatchObject({ code: 'DryRunIgnored', inDoubt: true })
  })

  test('what knows no dry run is never sent as one', async () => {
    const update = call('wafv2', 'UpdateIPSet', {
      Name: 'n',
      Scope: 'REGIONAL',
      Id: 'i',
      Addresses: [],
      LockToken: 't',
    })
    await expect(sdkAws({ services }).send(place, update, { dryRun: true })).rejects.toMatchObject({
      code: 'NotDryRunnable',
    })
  })

  test('a call is sent at most four times, or as often as it says, by clients that are kept', async () => {
    ec2.on(RevokeSecurityGroupIngressCommand).resolves({})
    const aws = sdkAws({ services })
    await aws.send(place, revoke)
    await aws.send(place, revoke)
    await aws.send(place, revoke, { attempts: 1 })
    const clients = ec2.calls().map(({ thisValue }) => thisValue as EC2Client)
    expect(clients[1]).toBe(clients[0])
    expect(await clients[0]!.config.maxAttempts()).toBe(4)
    expect(await clients[0]!.config.region()).toBe('eu-west-1')
    expect(await clients[2]!.config.maxAttempts()).toBe(1)
  })
})
