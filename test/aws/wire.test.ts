import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import type { TracedCall } from '../../src/aws/clients.ts'
import { CredentialsProblem, EndpointProblem } from '../../src/aws/errors.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { call } from '../../src/playbook/api.ts'
import { ec2Error, json, whoIs, wire } from '../support/network-answers.ts'

const place = { account: '123456789012', region: 'eu-west-1', partition: 'aws' }
const revoke = call('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] })
const saved = { ...process.env }

beforeEach(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
})
afterEach(() => {
  process.env = { ...saved }
})

/** Every list that is read, with the ids that its read may be joined by. */
const LISTS = [
  ['ec2:DescribeSecurityGroupRules', 'SecurityGroupRules', filterOf('group-id')],
  ['ec2:DescribeSecurityGroups', 'SecurityGroups', filterOf('group-id')],
  ['ec2:DescribeNetworkInterfaces', 'NetworkInterfaces', filterOf('group-id')],
  ['ec2:DescribeAddresses', 'Addresses', () => ({})],
  ['ec2:DescribeSnapshots', 'Snapshots', filterOf('snapshot-id')],
  ['ec2:DescribeInstances', 'Reservations', filterOf('instance-id')],
  ['ec2:GetManagedPrefixListEntries', 'Entries', (PrefixListId: string) => ({ PrefixListId })],
  ['ssm:DescribeInstanceInformation', 'InstanceInformationList', filterOf('InstanceIds', 'Key')],
  ['ssm:DescribeInstancePatchStates', 'InstancePatchStates', (id: string) => ({ InstanceIds: [id] })],
  ['ssm:ListCommands', 'Commands', (InstanceId: string) => ({ InstanceId })],
  ['wafv2:ListIPSets', 'IPSets', () => ({ Scope: 'REGIONAL' })],
  ['wafv2:ListWebACLs', 'WebACLs', () => ({ Scope: 'REGIONAL' })],
] as const

function filterOf(name: string, key = 'Name') {
  return (id: string) => ({ Filters: [{ [key]: name, Values: [id] }] })
}

describe('an answer without the list that was asked for', () => {
  test.each(LISTS)(
    '%s is a list with nothing in it, read alone and with others',
    async (action, field, input) => {
      const [service = '', operation = ''] = action.split(':')
      const empty =
        service === 'ec2'
          ? { status: 200, body: `<${operation}Response><requestId>r</requestId></${operation}Response>` }
          : json({})
      const aws = sdkAws({
        services,
        requestHandler: wire(whoIs(), empty).requestHandler,
        region: 'eu-west-1',
      })
      const reader = aws.reader(place, [action], () => {}) as unknown as {
        read(...asked: unknown[]): Promise<Record<string, unknown>>
        list(...asked: unknown[]): Promise<unknown[]>
      }
      expect(await reader.list(service, operation, input('i-1'), field)).toEqual([])
      const together = ['i-1', 'i-2', 'i-3'].map((id) => reader.list(service, operation, input(id), field))
      expect(await Promise.all(together)).toEqual([[], [], []])
      expect((await reader.read(service, operation, input('i-1')))[field] ?? []).toEqual([])
    },
  )
})

describe('the SDK with the network taken out', () => {
  test('the endpoint given is used for every service, and each call is traced with its request id', async () => {
    const traced: TracedCall[] = []
    const answers = wire(whoIs(), json({ IPSets: [] }))
    const { requestHandler } = answers
    const aws = sdkAws({
      services,
      requestHandler,
      endpoint: 'http://emulator:5000',
      region: 'eu-west-1',
      trace: (one) => traced.push(one),
    })
    await aws.send(place, call('wafv2', 'ListIPSets', { Scope: 'REGIONAL' }))
    expect(answers.requests.map(({ host }) => host)).toEqual(['emulator', 'emulator'])
    expect(traced.map(({ action, requestId, attempts }) => [action, requestId, attempts])).toEqual([
      ['sts:GetCallerIdentity', 'req-1', 1],
      ['wafv2:ListIPSets', 'req-2', 1],
    ])
  })

  // Revoked, answer lost; the SDK's retry finds nothing to revoke.
  test('"not found" on the retry after a lost answer is in doubt', async () => {
    const traced: TracedCall[] = []
    const { requestHandler } = wire(whoIs(), { fails: 'ECONNRESET' }, ec2Error('InvalidPermission.NotFound'))
    const aws = sdkAws({ services, requestHandler, region: 'eu-west-1', trace: (one) => traced.push(one) })
    await expect(aws.send(place, revoke)).rejects.toMatchObject({ kind: 'alreadySo', inDoubt: true })
    expect(traced[1]).toMatchObject({ attempts: 2, error: 'InvalidPermission.NotFound' })
  })

  test('"not found" at once is not in doubt', async () => {
    const { requestHandler } = wire(whoIs(), ec2Error('InvalidPermission.NotFound'))
    const sent = sdkAws({ services, requestHandler, region: 'eu-west-1' }).send(place, revoke)
    await expect(sent).rejects.toMatchObject({ kind: 'alreadySo', inDoubt: false })
  })

  test('a call with one attempt is sent once', async () => {
    const { requestHandler, requests } = wire(whoIs(), ec2Error('RequestLimitExceeded', 'slow', 503))
    const sent = sdkAws({ services, requestHandler, region: 'eu-west-1' }).send(place, revoke, {
      attempts: 1,
    })
    await expect(sent).rejects.toMatchObject({ kind: 'throttled', inDoubt: false })
    expect(requests).toHaveLength(2)
  })

  test('a call whose time is over is not sent', async () => {
    const { requestHandler, requests } = wire(whoIs())
    const signal = AbortSignal.abort()
    const sent = sdkAws({ services, requestHandler, region: 'eu-west-1' }).send(place, revoke, { signal })
    await expect(sent).rejects.toMatchObject({ code: 'AbortError', inDoubt: false })
    expect(requests).toHaveLength(1)
  })

  test('an endpoint that cannot be reached is told from credentials that do not work', async () => {
    const refused = wire({ fails: 'ECONNREFUSED', syscall: 'connect' })
    await expect(
      sdkAws({ services, ...refused, region: 'eu-west-1', attempts: 1 }).identity(),
    ).rejects.toBeInstanceOf(EndpointProblem)
    const body =
      '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>m</Message></Error></ErrorResponse>'
    const invalid = wire({ status: 403, body })
    await expect(sdkAws({ services, ...invalid, region: 'eu-west-1' }).identity()).rejects.toBeInstanceOf(
      CredentialsProblem,
    )
  })
})
