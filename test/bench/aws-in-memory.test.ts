import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type AwsProcess, startAws } from '../../bench/aws-process.ts'
import { bareLoop } from '../../bench/bare-loop.ts'
import { ACCOUNT, groupId, REGION, rulesOf } from '../../bench/security-groups.ts'
import { services } from '../../playbooks/index.ts'
import { clients } from '../../src/aws/clients.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { call } from '../../src/playbook/api.ts'

const GROUPS = 210
const place = { account: ACCOUNT, region: REGION, partition: 'aws' }
let aws: AwsProcess

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
  aws = await startAws()
})
afterAll(() => aws.stop())
beforeEach(() => aws.reset({ groups: GROUPS, delayMs: 0 }))

/** What a figure stands on: were the AWS of the benchmark wrong, the figures would be of another job. */
describe('AWS in memory', () => {
  test('answers only for the groups asked for, in pages', async () => {
    const reader = sdkAws({ services, endpoint: aws.endpoint }).reader(
      place,
      ['ec2:DescribeSecurityGroupRules'],
      () => {},
    )
    const asked = [...Array.from({ length: 30 }, (_, n) => groupId(n)), 'sg-none']
    const filter = { Filters: [{ Name: 'group-id', Values: asked }], MaxResults: 50 }
    const rules = await reader.list('ec2', 'DescribeSecurityGroupRules', filter, 'SecurityGroupRules')
    expect(rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)).toEqual(
      asked.slice(0, 30).flatMap((_, n) => rulesOf(n).map(({ id }) => id)),
    )
    expect(rules.filter(({ IsEgress }) => IsEgress)).toHaveLength(30)
    const { calls } = await aws.seen()
    expect(calls.filter(({ operation }) => operation === 'DescribeSecurityGroupRules')).toHaveLength(3)
  })

  test('revokes what is there, and refuses what is not', async () => {
    const port = sdkAws({ services, endpoint: aws.endpoint })
    const open = rulesOf(0)
      .slice(2, 4)
      .map(({ id }) => id)
    const revoke = call('ec2', 'RevokeSecurityGroupIngress', {
      GroupId: groupId(0),
      SecurityGroupRuleIds: open,
    })
    const { openRules } = await aws.seen()
    await port.send(place, revoke)
    expect((await aws.seen()).openRules).toBe(openRules - 2)
    await expect(port.send(place, revoke)).rejects.toMatchObject({
      code: 'InvalidSecurityGroupRuleId.NotFound',
    })
  })

  test('says "too fast" to the call that it is told to, and when its bucket is empty', async () => {
    const single = { attempts: 1, endpoint: aws.endpoint }
    const read = call('ec2', 'DescribeSecurityGroups', {
      Filters: [{ Name: 'group-id', Values: [groupId(0)] }],
    })
    const codes = async (count: number) => {
      const send = clients({ services, ...single })
      const answers: string[] = []
      for (let n = 0; n < count; n++)
        answers.push(
          await send(REGION, read).then(
            () => 'ok',
            ({ code }) => code,
          ),
        )
      return answers
    }
    await aws.reset({ groups: 1, delayMs: 0, throttle: { call: 2 } })
    expect(await codes(3)).toEqual(['ok', 'RequestLimitExceeded', 'ok'])
    await aws.reset({ groups: 1, delayMs: 0, throttle: { size: 2, perSecond: 0.001 } })
    expect(await codes(3)).toEqual(['ok', 'ok', 'RequestLimitExceeded'])
  })

  test('is left without an open rule by the bare loop, after one revoke for each open group', async () => {
    const numbers = Array.from({ length: GROUPS }, (_, n) => n)
    expect((await aws.seen()).openRules).toBe(189 * 2)
    const { closed } = await bareLoop(aws.endpoint, numbers)
    const { openRules, calls } = await aws.seen()
    expect([closed, openRules]).toEqual([189, 0])
    expect(calls.filter(({ operation }) => operation === 'RevokeSecurityGroupIngress')).toHaveLength(189)
  })
})
