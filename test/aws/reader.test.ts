import { beforeEach, describe, expect, test } from '@jest/globals'
import { allItems, type Send } from '../../src/aws/pages.ts'
import { readers, UndeclaredCall } from '../../src/aws/reader.ts'
import { Services } from '../../src/aws/services.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { defineService, type ServiceDefinition } from '../../src/playbook/service/service.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'

const READS = [
  'ec2:GetSnapshotBlockPublicAccessState',
  'ec2:DescribeSecurityGroups',
  'ec2:GetManagedPrefixListEntries',
]

let aws: AwsModel
let warnings: string[]
const reader = () => aws.reader(aws.place, READS, (warning) => warnings.push(warning))

beforeEach(() => {
  aws = new AwsModel(new SimulatedClock())
  warnings = []
})

describe('the reading port', () => {
  test('refuses an operation that changes something, whatever the types say', async () => {
    const declared = aws.reader(aws.place, ['ec2:RevokeSecurityGroupIngress'], () => {})
    const port = declared as unknown as { read(...call: unknown[]): Promise<unknown> }
    const forced = port.read('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1' })
    await expect(forced).rejects.toBeInstanceOf(UndeclaredCall)
    await expect(forced).rejects.toMatchObject({ kind: 'final', action: 'ec2:RevokeSecurityGroupIngress' })
    expect(aws.calls).toHaveLength(0)
  })

  test('refuses a read that the playbook does not declare, also an optional one', async () => {
    const port = reader()
    await expect(port.read('ec2', 'DescribeInstances', {})).rejects.toBeInstanceOf(UndeclaredCall)
    await expect(port.list('ec2', 'DescribeInstances', {}, 'Reservations')).rejects.toBeInstanceOf(
      UndeclaredCall,
    )
    await expect(port.optional('ec2', 'DescribeInstances', {})).rejects.toBeInstanceOf(UndeclaredCall)
    expect(aws.calls).toHaveLength(0)
  })

  test('passes on the error of a required read', async () => {
    aws.fault({ on: 'ec2:DescribeSecurityGroups', kind: 'deny' })
    const read = reader().read('ec2', 'DescribeSecurityGroups', {})
    await expect(read).rejects.toMatchObject({ kind: 'denied', principal: aws.caller.arn })
  })

  test('a list has the items of all pages', async () => {
    aws.ec2.prefixLists.set(
      'pl-1',
      Array.from({ length: 250 }, (_, n) => `10.0.${n}.0/24`),
    )
    const entries = await reader().list(
      'ec2',
      'GetManagedPrefixListEntries',
      { PrefixListId: 'pl-1' },
      'Entries',
    )
    expect(new Set(entries.map(({ Cidr }) => Cidr)).size).toBe(250)
    expect(aws.calls.map(({ input }) => input.NextToken)).toEqual([undefined, '100', '200'])
  })

  test('a list of WAF is followed by its marker', async () => {
    for (let n = 0; n < 150; n++) aws.wafv2.addSet(`set-${n}`)
    const port = aws.reader(aws.place, ['wafv2:ListIPSets'], () => {})
    const sets = await port.list('wafv2', 'ListIPSets', { Scope: 'REGIONAL' }, 'IPSets')
    expect(sets).toHaveLength(150)
    expect(aws.calls.map(({ input }) => [input.Limit, input.NextMarker])).toEqual([
      [100, undefined],
      [100, '100'],
    ])
  })

  test('a page size is not asked for beside a list of ids', async () => {
    aws.groups.add('sg-1')
    const port = reader()
    await port.list('ec2', 'DescribeSecurityGroups', { GroupIds: ['sg-1'] }, 'SecurityGroups')
    await port.list('ec2', 'DescribeSecurityGroups', {}, 'SecurityGroups')
    expect(aws.calls.map(({ input }) => input.MaxResults)).toEqual([undefined, 1000])
  })

  test('an endpoint that gives the same page for ever is left', async () => {
    const send = async () => ({ Items: [1], NextToken: 'again' })
    const call = { service: 'ec2', operation: 'DescribeSecurityGroups', input: {} } as const
    await expect(allItems(send, aws.services, aws.place, call, 'Items')).rejects.toMatchObject({
      code: 'RepeatedPage',
    })
  })
})

describe('a list whose answer goes on', () => {
  const things = (more: object) =>
    defineService({ id: 'acme' as 'ec2', load: async () => ({}), ...more } as ServiceDefinition<'ec2'>)
  /** All of a list that has its second page behind a token, as `answer` names it and `request` takes it. */
  const listed = (answer: string, request: string, definition: object, more: object = {}) => {
    const send: Send = async (_place, { input }) =>
      input[request] === undefined ? { Things: [1], [answer]: 'more', ...more } : { Things: [2], ...more }
    const call = { service: 'acme', operation: 'ListThings', input: {} } as unknown as ApiCall
    return allItems(send, new Services([things(definition)]), aws.place, call, 'Things')
  }

  test.each([
    'NextContinuationToken',
    'nextToken',
    'NextMarker',
    'Marker',
    'marker',
    'PaginationToken',
    'ContinuationToken',
    'LastEvaluatedTableName',
  ])('by %s is never cut short: it is refused until the service says so', async (field) => {
    await expect(listed(field, field, {})).rejects.toMatchObject({
      kind: 'final',
      code: 'UnknownPageToken',
      message: expect.stringMatching(
        new RegExp(`^acme:ListThings goes on by ${field}, .+ define \`pageToken\` in the service acme, or`),
      ),
    })
    expect(await listed(field, field, { pageToken: field })).toEqual([1, 2])
  })

  test('may name in its answer another field than the request takes', async () => {
    const token = { answer: 'NextContinuationToken', request: 'ContinuationToken' }
    const both = ['NextContinuationToken', 'ContinuationToken'] as const
    expect(await listed(...both, { pageToken: token })).toEqual([1, 2])
    const pages = { ListThings: { field: 'MaxKeys', size: 1000, token } }
    expect(await listed(...both, { pageToken: 'Marker', pages })).toEqual([1, 2])
  })

  test('by two fields is refused where only one is followed', async () => {
    const known = { pageToken: { answer: 'NextKeyMarker', request: 'KeyMarker' } }
    await expect(
      listed('NextKeyMarker', 'KeyMarker', known, { NextVersionIdMarker: 'v' }),
    ).rejects.toMatchObject({ code: 'UnknownPageToken' })
  })

  test.each(['IsTruncated', 'Truncated'])(
    'that says %s, and by no field that is followed how it goes on, is never cut short',
    async (field) => {
      await expect(listed('NextRecordName', 'StartRecordName', {}, { [field]: true })).rejects.toMatchObject({
        code: 'UnknownPageToken',
      })
      expect(await listed('NextRecordName', 'StartRecordName', {}, { [field]: false })).toEqual([1])
    },
  )

  test('is not taken to go on by an empty field, or by one that repeats the request', async () => {
    const known = { pageToken: { answer: 'NextMarker', request: 'Marker' } }
    expect(await listed('NextMarker', 'Marker', known, { NextToken: '' })).toEqual([1, 2])
    const send: Send = async (_place, { input }) => ({
      Things: [1],
      Marker: input.Marker,
      ...(input.Marker === undefined && { NextMarker: 'more' }),
    })
    const call = { service: 'acme', operation: 'ListThings', input: {} } as unknown as ApiCall
    expect(await allItems(send, new Services([things(known)]), aws.place, call, 'Things')).toEqual([1, 1])
  })
})

describe('an optional read', () => {
  const ACTION = 'ec2:GetSnapshotBlockPublicAccessState'
  const ask = (port = reader()) => port.optional('ec2', 'GetSnapshotBlockPublicAccessState', {})

  test('is sent once for the process, account, region and input', async () => {
    const again = reader()
    expect(await Promise.all([ask(), ask(), ask(again)])).toMatchObject([{ State: 'unblocked' }, {}, {}])
    await ask()
    expect(aws.calls).toHaveLength(1)
    await ask(aws.reader({ ...aws.place, region: 'us-east-1' }, READS, () => {}))
    expect(aws.calls).toHaveLength(2)
  })

  test('is tried twice, with a single attempt each', async () => {
    aws.fault({ on: ACTION, nth: 1, kind: 'throttle' })
    expect(await ask()).toMatchObject({ State: 'unblocked' })
    expect(aws.calls.map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(warnings).toEqual([])
  })

  test('that fails twice is undefined, not tried again, and warned of once to each run that goes without it', async () => {
    aws.fault({ on: ACTION, kind: { code: 'NotImplemented' } })
    const [one, other] = [reader(), reader()]
    for (const port of [one, one, other]) expect(await ask(port)).toBeUndefined()
    expect(aws.calls).toHaveLength(2)
    const warning = `${ACTION} failed, going on without it: NotImplemented`
    expect(warnings).toEqual([warning, warning])
  })

  test('does not hide a mistake of ours', async () => {
    const broken = readers(async () => {
      throw new TypeError('a bug')
    }, aws.services)
    const port = broken(aws.place, READS, (warning) => warnings.push(warning))
    await expect(ask(port)).rejects.toThrow('a bug')
  })
})
