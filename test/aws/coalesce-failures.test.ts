import { beforeEach, describe, expect, test } from '@jest/globals'
import { ours } from '../../playbooks/index.ts'
import { coalescing } from '../../src/aws/coalesce.ts'
import { Services } from '../../src/aws/services.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { Joinable } from '../../src/playbook/service/joinable.ts'
import { defineService } from '../../src/playbook/service/service.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'
import { failOnWarning, filter, READS, valuesOf } from './joinable-reads.ts'

let aws: AwsModel
const reader = () => aws.reader(aws.place, READS, failOnWarning)

beforeEach(() => {
  aws = new AwsModel(new SimulatedClock())
})

describe('when a common call fails', () => {
  const asker = () => {
    const port = reader()
    return (id: string) =>
      port.list('ec2', 'DescribeSecurityGroups', filter('group-id', id), 'SecurityGroups')
  }

  test('its error goes to all callers', async () => {
    aws.fault({ on: 'ec2:DescribeSecurityGroups', kind: 'deny' })
    const ask = asker()
    const answers = await Promise.allSettled([ask('sg-1'), ask('sg-2')])
    expect(answers.map((answer) => answer.status === 'rejected' && answer.reason)).toMatchObject([
      { kind: 'denied' },
      { kind: 'denied' },
    ])
    expect(aws.calls).toHaveLength(1)
  })

  // One bad resource does not spoil the batch.
  test('because AWS refuses one of the ids, the others are asked for on their own', async () => {
    aws.groups.add('sg-1')
    aws.fault({
      on: 'ec2:DescribeSecurityGroups',
      answer: (answer, call) => {
        if (valuesOf(call.input).includes('bad'))
          throw new AwsError({ kind: 'final', code: 'InvalidParameterValue', action: call.action }, 'bad')
        return answer
      },
    })
    const ask = asker()
    const [good, bad] = await Promise.allSettled([ask('sg-1'), ask('bad')])
    expect(good).toMatchObject({ status: 'fulfilled', value: [{ GroupId: 'sg-1' }] })
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'InvalidParameterValue' } })
  })

  test('because one id is denied, where each is authorised by itself, the others are asked for on their own', async () => {
    for (const id of ['i-00000001', 'i-00000002', 'i-00denied']) aws.ssm.addInstance(id)
    aws.fault({
      on: 'ssm:DescribeInstancePatchStates',
      answer: (answer, { input, action }) => {
        if ((input.InstanceIds as string[]).includes('i-00denied'))
          throw new AwsError({ kind: 'denied', code: 'AccessDeniedException', action }, 'not authorized')
        return answer
      },
    })
    const port = reader()
    const [one, two, denied] = await Promise.allSettled(
      ['i-00000001', 'i-00000002', 'i-00denied'].map((id) =>
        port.list('ssm', 'DescribeInstancePatchStates', { InstanceIds: [id] }, 'InstancePatchStates'),
      ),
    )
    expect(one).toMatchObject({ status: 'fulfilled', value: [{ InstanceId: 'i-00000001' }] })
    expect(two).toMatchObject({ status: 'fulfilled', value: [{ InstanceId: 'i-00000002' }] })
    expect(denied).toMatchObject({ status: 'rejected', reason: { kind: 'denied' } })
  })
})

describe('when a function of a service throws', () => {
  const bug = (): never => {
    throw new TypeError('a defect of the service')
  }
  const joinable: Joinable = {
    items: 'Things',
    most: 10,
    ids: ({ Ids }) => Ids as string[],
    withIds: (input, Ids) => ({ ...input, Ids }),
    idsOf: ({ Id }) => [String(Id)],
  }

  test.each([
    ['ids', { ids: bug }],
    ['withIds, of what is alike', { withIds: bug }],
    [
      'withIds, of what is sent',
      { withIds: (_input: object, ids: string[]) => (ids.length > 0 ? bug() : {}) },
    ],
    ['idsOf', { idsOf: bug }],
    ['part', { part: bug }],
  ])('(%s), its callers hear of it, and those of the same tick are answered', async (_, more) => {
    const acme = { id: 'acme' as 'ec2', load: async () => ({}) }
    const services = new Services([
      defineService({ ...acme, joinable: { ListThings: { ...joinable, ...more } } } as typeof acme),
      ...ours.services,
    ])
    const ask = coalescing(async () => ({ Things: [{ Id: 'a' }, { Id: 'b' }], Addresses: [1] }), services)
    const thing = (Id: string) =>
      ask(
        aws.place,
        { service: acme.id, operation: 'ListThings' as 'DescribeAddresses', input: { Ids: [Id] } } as ApiCall,
        'Things',
      )
    const other: ApiCall = { service: 'ec2', operation: 'DescribeAddresses', input: {} }
    const answers = await Promise.allSettled([thing('a'), thing('b'), ask(aws.place, other, 'Addresses')])
    expect(answers).toMatchObject([
      { status: 'rejected', reason: { message: 'a defect of the service' } },
      { status: 'rejected', reason: { message: 'a defect of the service' } },
      { status: 'fulfilled', value: [1] },
    ])
  })

  test('an input that cannot be compared is for its caller to hear of', async () => {
    const ask = coalescing((place, call) => aws.send(place, call), aws.services)
    const input: Record<string, unknown> = {}
    input.itself = input
    const call = { service: 'ec2', operation: 'DescribeAddresses', input } as ApiCall
    await expect(ask(aws.place, call, 'Addresses')).rejects.toThrow('Circular reference detected')
  })
})
