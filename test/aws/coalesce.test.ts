import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { coalescing } from '../../src/aws/coalesce.ts'
import { allItems, type Send } from '../../src/aws/pages.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { HIDDEN } from '../support/aws-model/ec2.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'
import { failOnWarning, filter, READS, valuesOf } from './joinable-reads.ts'

let aws: AwsModel
const reader = () => aws.reader(aws.place, READS, failOnWarning)

beforeEach(() => {
  aws = new AwsModel(new SimulatedClock())
})

/** Ids from a small pool, some of which do not exist, so that callers overlap. */
const someIds = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 })

describe('reads of one tick', () => {
  test('that ask for what is managed and hidden are kept apart from those that do not', async () => {
    const ask = coalescing((place, call) => aws.send(place, call), aws.services)
    aws.ec2.addInterface('eni-1', ['sg-1'])
    aws.ec2.addInterface('eni-2', ['sg-1'], HIDDEN)
    const call = ec2('DescribeNetworkInterfaces', 'group-id', ['sg-1'])
    const all = { ...call, input: { ...call.input, IncludeManagedResources: true } }
    const answers = await Promise.all([
      ask(aws.place, call, 'NetworkInterfaces'),
      ask(aws.place, all, 'NetworkInterfaces'),
    ])
    expect(answers).toMatchObject([
      [{ NetworkInterfaceId: 'eni-1' }],
      [{ NetworkInterfaceId: 'eni-1' }, { NetworkInterfaceId: 'eni-2' }],
    ])
  })

  test('that are joined give each caller what it would have got alone', async () => {
    const kinds: { build(ids: string[]): ApiCall; field: string; prefix: string }[] = [
      {
        build: (ids) => ec2('DescribeSecurityGroupRules', 'group-id', ids),
        field: 'SecurityGroupRules',
        prefix: 'sg-',
      },
      {
        build: (ids) => ec2('DescribeSecurityGroups', 'group-id', ids),
        field: 'SecurityGroups',
        prefix: 'sg-',
      },
      {
        build: (ids) => ec2('DescribeNetworkInterfaces', 'group-id', ids),
        field: 'NetworkInterfaces',
        prefix: 'sg-',
      },
      { build: (ids) => ec2('DescribeSnapshots', 'snapshot-id', ids), field: 'Snapshots', prefix: 'snap-' },
      {
        build: (ids) => ec2('DescribeInstances', 'instance-id', ids),
        field: 'Reservations',
        prefix: 'i-0000000',
      },
      {
        build: (ids) => ({
          service: 'ssm',
          operation: 'DescribeInstanceInformation',
          input: { Filters: [{ Key: 'InstanceIds', Values: ids }] },
        }),
        field: 'InstanceInformationList',
        prefix: 'i-0000000',
      },
      {
        build: (InstanceIds) => ({
          service: 'ssm',
          operation: 'DescribeInstancePatchStates',
          input: { InstanceIds },
        }),
        field: 'InstancePatchStates',
        prefix: 'i-0000000',
      },
    ]
    const callers = fc.array(fc.record({ kind: fc.nat(kinds.length - 1), ids: someIds }), {
      minLength: 2,
      maxLength: 12,
    })
    const worn = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 }), {
      maxLength: 6,
    })

    await fc.assert(
      fc.asyncProperty(callers, worn, async (asked, interfaces) => {
        aws = new AwsModel(new SimulatedClock())
        for (let n = 0; n < 8; n++) {
          aws.groups.add(
            `sg-${n}`,
            n % 3
              ? [
                  { from: 22, cidr: '0.0.0.0/0' },
                  { from: 80, cidr6: '::/0' },
                ]
              : [],
          )
          aws.ec2.addSnapshot(`snap-${n}`)
          aws.ec2.addInstance(`i-0000000${n}`, { reservation: `r-${n >> 1}` })
          aws.ssm.addInstance(`i-0000000${n}`)
        }
        for (const [n, groups] of interfaces.entries()) {
          const names = groups.map((group) => `sg-${group}`)
          aws.ec2.addInterface(`eni-${n}`, names)
        }
        const calls = asked.map(({ kind, ids }) => {
          const { build, field, prefix } = kinds[kind]!
          return { call: build(ids.map((id) => prefix + id)), field }
        })
        const send: Send = (place, call) => aws.send(place, call)
        const alone = await Promise.all(
          calls.map(({ call, field }) => allItems(send, aws.services, aws.place, call, field)),
        )
        const before = aws.calls.length
        const port = reader() as unknown as { list(...call: unknown[]): Promise<unknown[]> }
        const joined = await Promise.all(
          calls.map(({ call, field }) => port.list(call.service, call.operation, call.input, field)),
        )
        // AWS promises no order.
        expect(joined.map(sorted)).toEqual(alone.map(sorted))
        const operations = new Set(asked.map(({ kind }) => kind)).size
        expect(aws.calls.length - before).toBe(operations)
      }),
      { numRuns: 60 },
    )
  })

  test('go out as one call of at most 200 ids', async () => {
    const ids = Array.from({ length: 450 }, (_, n) =>
      aws.groups.add(`sg-${n}`, [{ from: 22, cidr: '0.0.0.0/0' }]),
    )
    const port = reader()
    const all = await Promise.all(
      ids.map((id) =>
        port.list('ec2', 'DescribeSecurityGroupRules', filter('group-id', id), 'SecurityGroupRules'),
      ),
    )
    expect(all.map(([rule]) => rule?.GroupId)).toEqual(ids)
    expect(aws.calls.map(({ input }) => valuesOf(input).length)).toEqual([200, 200, 50])
  })

  test('that come one by one gather while two calls of their kind are under way', async () => {
    const sent: { ids: string[]; end: PromiseWithResolvers<Record<string, unknown>> }[] = []
    const send: Send = (_place, call) => {
      const end = Promise.withResolvers<Record<string, unknown>>()
      sent.push({ ids: valuesOf(call.input), end })
      return end.promise
    }
    const ask = coalescing(send, aws.services)
    const group = (id: string) =>
      ask(aws.place, ec2('DescribeSecurityGroups', 'group-id', [id]), 'SecurityGroups')
    const nextTick = () => new Promise((resolve) => setImmediate(resolve))
    const asked: Promise<unknown>[] = []
    for (const id of ['sg-1', 'sg-2', 'sg-3', 'sg-4']) {
      asked.push(group(id))
      await nextTick()
    }
    expect(sent.map(({ ids }) => ids)).toEqual([['sg-1'], ['sg-2']])

    // A failure lets the next ones go as an answer does.
    sent[0]!.end.reject(
      new AwsError({ kind: 'denied', code: 'No', action: 'ec2:DescribeSecurityGroups' }, 'no'),
    )
    await expect(asked[0]).rejects.toMatchObject({ kind: 'denied' })
    await nextTick()
    expect(sent.map(({ ids }) => ids)).toEqual([['sg-1'], ['sg-2'], ['sg-3', 'sg-4']])

    for (const { ids, end } of sent.slice(1))
      end.resolve({ SecurityGroups: ids.map((GroupId) => ({ GroupId })) })
    expect(await Promise.all(asked.slice(1))).toEqual(
      ['sg-2', 'sg-3', 'sg-4'].map((GroupId) => [{ GroupId }]),
    )
  })

  test('a missing one does not fail the rest', async () => {
    aws.groups.add('sg-1')
    const port = reader()
    const ask = (id: string) =>
      port.list('ec2', 'DescribeSecurityGroups', filter('group-id', id), 'SecurityGroups')
    const [found, missing] = await Promise.all([ask('sg-1'), ask('sg-2')])
    expect(found[0]?.GroupId).toBe('sg-1')
    expect(missing).toEqual([])
  })

  test('that are equal are sent once, and no caller sees what another does to its list', async () => {
    aws.ec2.addSnapshot('snap-1')
    const port = reader()
    const ask = () => port.list('ec2', 'DescribeSnapshots', filter('snapshot-id', 'snap-1'), 'Snapshots')
    const [first, second] = await Promise.all([ask(), ask()])
    expect(aws.calls).toHaveLength(1)
    first.pop()
    expect(second).toHaveLength(1)
    await Promise.all(
      ['a', 'a'].map(() =>
        port.read('ec2', 'DescribeSnapshotAttribute', {
          SnapshotId: 'snap-1',
          Attribute: 'createVolumePermission',
        }),
      ),
    )
    expect(aws.calls).toHaveLength(2)
  })

  // Never acts on a cached read.
  test('later ones are sent again', async () => {
    aws.groups.add('sg-1')
    const port = reader()
    const ask = () => port.list('ec2', 'DescribeSecurityGroups', filter('group-id', 'sg-1'), 'SecurityGroups')
    await ask()
    aws.groups.remove('sg-1')
    expect(await ask()).toEqual([])
  })

  test('of different regions, or with other filters besides, are not joined', async () => {
    const other = aws.reader({ ...aws.place, region: 'us-east-1' }, READS, failOnWarning)
    const port = reader()
    const rules = (id: string) => filter('group-id', id)
    await Promise.all([
      port.list('ec2', 'DescribeSecurityGroupRules', rules('sg-1'), 'SecurityGroupRules'),
      other.list('ec2', 'DescribeSecurityGroupRules', rules('sg-2'), 'SecurityGroupRules'),
      port.list(
        'ec2',
        'DescribeSecurityGroupRules',
        { Filters: [...rules('sg-3').Filters, { Name: 'security-group-rule-id', Values: ['sgr-1'] }] },
        'SecurityGroupRules',
      ),
      port.list('ec2', 'DescribeSecurityGroupRules', rules('sg-*'), 'SecurityGroupRules'),
    ])
    expect(aws.calls).toHaveLength(4)
  })

  test('of an operation that nobody has heard of are sent as they are', async () => {
    aws.wafv2.addSet('rectify-block-v4', [], { Scope: 'CLOUDFRONT' })
    const port = reader().at('us-east-1')
    const sets = await Promise.all([
      port.list('wafv2', 'ListIPSets', { Scope: 'REGIONAL' }, 'IPSets'),
      port.list('wafv2', 'ListIPSets', { Scope: 'CLOUDFRONT' }, 'IPSets'),
    ])
    expect(sets.map((found) => found.length)).toEqual([0, 1])
  })
})

function ec2(operation: string, name: string, ids: string[]): ApiCall {
  return { service: 'ec2', operation, input: filter(name, ...ids) }
}

function sorted(items: unknown[]): string[] {
  return items.map((item) => JSON.stringify(item)).sort()
}
