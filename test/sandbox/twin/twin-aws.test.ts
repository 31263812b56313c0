import { expect, test } from '@jest/globals'
import { services } from '../../../playbooks/index.ts'
import type { Aws } from '../../../src/aws/port.ts'
import { Services } from '../../../src/aws/services.ts'
import { type ApiCall, call } from '../../../src/playbook/api.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import { Renaming } from '../../../src/sandbox/twin/renaming.ts'
import { emulatorAws, twinAws } from '../../../src/sandbox/twin/twin-aws.ts'

const env = (AWS_ENDPOINT_URL: string) => ({
  AWS_ENDPOINT_URL,
  ...{ AWS_ACCESS_KEY_ID: 'AKIASANDBOX', AWS_SECRET_ACCESS_KEY: 'none', AWS_REGION: 'us-east-1' },
})

test.each([
  'https://ec2.eu-west-1.amazonaws.com',
  'http://169.254.169.254',
  'http://127.0.0.1.example.com:5000',
  'http://localhost.example.com',
])('a twin is never made at %s', (endpoint) => {
  expect(() => emulatorAws(env(endpoint), services)).toThrow(/no sandbox/)
})

/** An emulator that knows `sg-1` of account 111122223333 as `sg-9`. */
function emulated(answer: (call: ApiCall) => Record<string, unknown>) {
  const asked: unknown[] = []
  const emulator = {
    services: new Services(services),
    async send(place: unknown, made: ApiCall) {
      asked.push([place, made])
      return answer(made)
    },
  } as unknown as Aws
  const renaming = new Renaming()
  renaming.learn('111122223333', '123456789012')
  renaming.learn('sg-1', 'sg-9')
  const identity = { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ann', partition: 'aws' }
  return { aws: twinAws(emulator, renaming, identity), asked }
}

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' }
const revoke = call('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1' })

test('what the engine sends reaches the emulators by their ids, and comes back by those of AWS', async () => {
  const { aws, asked } = emulated(({ input }) => ({ Said: input }))
  expect(await aws.send(place, revoke)).toEqual({ Said: { GroupId: 'sg-1' } })
  expect(asked).toEqual([
    [
      { ...place, account: '123456789012' },
      { ...revoke, input: { GroupId: 'sg-9' } },
    ],
  ])
  const reader = aws.reader(place, ['ec2:DescribeSecurityGroups'], () => undefined)
  const groups = { Filters: [{ Name: 'group-id', Values: ['sg-1'] }] }
  expect(await reader.read('ec2', 'DescribeSecurityGroups', groups)).toMatchObject({
    Said: { Filters: groups.Filters },
  })
  expect(JSON.stringify(asked)).not.toMatch(/sg-1|111122223333/)
  expect(await aws.identity()).toMatchObject({ account: '111122223333' })
})

test('changes are written down as they were sent, reads and dry runs are none', async () => {
  const { aws } = emulated(() => ({}))
  await aws.send(place, call('ec2', 'DescribeVpcs', {}))
  await aws.send(place, revoke, { dryRun: true })
  await aws.send(place, revoke, { session: { name: 'run' } })
  expect(aws.sent).toEqual([revoke])
})

test('an error is of the same kind, and speaks of the ids of AWS', async () => {
  const { aws } = emulated(() => {
    const facts = { kind: 'gone', code: 'InvalidGroup.NotFound', action: 'ec2:Revoke' } as const
    throw new AwsError(facts, 'sg-9 does not exist')
  })
  await expect(aws.send(place, revoke)).rejects.toMatchObject({
    kind: 'gone',
    code: 'InvalidGroup.NotFound',
    message: 'sg-1 does not exist',
  })
})
