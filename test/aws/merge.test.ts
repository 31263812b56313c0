import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { mergeSet, sendMerge } from '../../src/aws/merge.ts'
import type { ApiCall } from '../../src/playbook/api.ts'
import { canonicalCidr } from '../../src/playbook/network/addresses.ts'
import type { Merge } from '../../src/playbook/step.ts'
import { idOf } from '../support/aws-model/wafv2-input.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'

const NAME = 'rectify-block-v4'
const where = { Name: NAME, Scope: 'REGIONAL', Id: idOf(`ipset ${NAME}`) }
const update: ApiCall = { service: 'wafv2', operation: 'UpdateIPSet', input: where }

function merge(add: string[], remove: string[] = [], limit = 10_000): Merge {
  const read = {
    operation: 'GetIPSet',
    input: where,
    set: 'IPSet.Addresses',
    token: 'LockToken',
    keep: { Description: 'IPSet.Description' },
  }
  return { field: 'Addresses', add, remove, read, compare: 'cidr', limit }
}

let clock: SimulatedClock
let aws: AwsModel
const send = (change: Merge) => sendMerge(aws, aws.place, update, change, { clock, random: () => 0.5 })
const addresses = () => aws.wafv2.set(NAME).Addresses

beforeEach(() => {
  clock = new SimulatedClock()
  aws = new AwsModel(clock)
})

describe('a merge', () => {
  test('writes what was read with the entries to add and without those to remove', async () => {
    aws.wafv2.addSet(NAME, ['198.18.0.0/24', '192.0.2.1/32'], { Description: 'ours and theirs' })
    const done = await send(merge(['192.0.2.2/32', '192.0.2.3/32'], ['192.0.2.1/32']))
    expect(done).toEqual({
      added: ['192.0.2.2/32', '192.0.2.3/32'],
      removed: ['192.0.2.1/32'],
      attempts: 1,
      inDoubt: false,
    })
    expect(addresses()).toEqual(['198.18.0.0/24', '192.0.2.2/32', '192.0.2.3/32'])
    expect(aws.wafv2.set(NAME).Description).toBe('ours and theirs')
  })

  test('(read ∪ add) ∖ remove, whatever the sets and however they are written', () => {
    const cidr = fc
      .tuple(fc.nat(7), fc.constantFrom(24, 28, 32))
      .map(([n, prefix]) => `192.0.2.${n}/${prefix}`)
    const v6 = fc
      .nat(5)
      .chain((n) => fc.constantFrom(`2001:db8::${n}/128`, `2001:0db8:0:0:0:0:0:000${n}/128`))
    const entries = fc.array(fc.oneof(cidr, v6), { maxLength: 8 })
    const keys = (list: string[]) => new Set(list.map(canonicalCidr))
    fc.assert(
      fc.property(entries, entries, entries, (read, add, remove) => {
        const { set, added, removed } = mergeSet(read, { add, remove, compare: 'cidr' })
        const wanted = keys([...read, ...add])
        for (const key of keys(remove)) wanted.delete(key)
        expect(keys(set)).toEqual(wanted)
        // Others' entries go back exactly as they were read, in their order.
        const kept = read.filter((entry) => !keys(remove).has(canonicalCidr(entry)))
        expect(set.slice(0, kept.length)).toEqual(kept)
        expect(set.slice(kept.length)).toEqual(added)
        expect(added.some((entry) => keys(read).has(canonicalCidr(entry)))).toBe(false)
        expect(removed.every((entry) => keys(read).has(canonicalCidr(entry)))).toBe(true)
        const unchanged = added.length + removed.length === 0
        expect(unchanged).toBe(set.length === read.length && set.every((entry, n) => entry === read[n]))
      }),
    )
  })

  test('knows an address in another spelling, and does not write when nothing would change', async () => {
    aws.wafv2.addSet(NAME, ['192.0.2.1/32'])
    const done = await send(merge(['192.0.2.1']))
    expect(done).toEqual({ added: [], removed: [], attempts: 0, inDoubt: false })
    expect(aws.changes()).toEqual([])
  })

  test('leaves an empty set when the last entry goes', async () => {
    aws.wafv2.addSet(NAME, ['192.0.2.1/32'])
    await send(merge([], ['192.0.2.1/32']))
    expect(addresses()).toEqual([])
  })

  test('takes for "added" only what was absent in the read that the write stood on', async () => {
    aws.wafv2.addSet(NAME, ['192.0.2.1/32'])
    expect((await send(merge(['192.0.2.1/32', '192.0.2.2/32']))).added).toEqual(['192.0.2.2/32'])
  })

  // A full set is refused and told; nothing is evicted.
  test('refuses to overfill a set before writing', async () => {
    aws.wafv2.addSet(NAME, ['192.0.2.1/32', '192.0.2.2/32'])
    await expect(send(merge(['192.0.2.3/32'], [], 2))).rejects.toMatchObject({
      kind: 'final',
      code: 'SetFull',
    })
    expect(aws.changes()).toEqual([])
  })

  test('never takes a set that it cannot find for an empty one', async () => {
    aws.wafv2.addSet(NAME, ['192.0.2.1/32'])
    for (const answer of [
      {},
      { IPSet: {}, LockToken: 't' },
      { IPSet: null },
      { IPSet: { Addresses: 'none' } },
    ]) {
      aws.clearFaults()
      aws.fault({ on: 'wafv2:GetIPSet', answer: () => answer })
      await expect(send(merge(['192.0.2.2/32']))).rejects.toMatchObject({ code: 'UnreadableSet' })
    }
    expect(addresses()).toEqual(['192.0.2.1/32'])
  })

  test('takes a set whose list AWS leaves out for an empty one', async () => {
    aws.wafv2.addSet(NAME)
    aws.fault({
      on: 'wafv2:GetIPSet',
      answer: (answer) => {
        expect(answer.IPSet).not.toHaveProperty('Addresses')
        return answer
      },
    })
    expect(await send(merge(['192.0.2.2/32']))).toMatchObject({ added: ['192.0.2.2/32'] })
    expect(addresses()).toEqual(['192.0.2.2/32'])
  })
})

describe('when somebody else writes in between', () => {
  test('it reads again, merges again, and the entries of others survive', async () => {
    aws.wafv2.addSet(NAME, ['198.18.0.0/24'])
    let theirs = 0
    aws.fault({
      on: 'wafv2:UpdateIPSet',
      before: () => {
        if (theirs < 5) aws.wafv2.change(NAME, [...addresses(), `198.18.1.${theirs++}/32`])
      },
    })
    const done = await send(merge(['192.0.2.2/32']))
    expect(done).toMatchObject({ added: ['192.0.2.2/32'], attempts: 6, inDoubt: false })
    expect(addresses()).toEqual([
      '198.18.0.0/24',
      ...[0, 1, 2, 3, 4].map((n) => `198.18.1.${n}/32`),
      '192.0.2.2/32',
    ])
    expect(aws.calls.filter(({ error }) => error === 'WAFOptimisticLockException')).toHaveLength(5)
    expect(clock.now() - Date.parse('2026-11-22T12:00:00Z')).toBe(0.5 * (500 + 1000 + 2000 + 4000 + 4000))
  })

  test('an entry of ours that they added in the meantime is theirs', async () => {
    aws.wafv2.addSet(NAME)
    aws.fault({ on: 'wafv2:UpdateIPSet', nth: 1, before: () => aws.wafv2.change(NAME, ['192.0.2.2/32']) })
    expect(await send(merge(['192.0.2.2/32', '192.0.2.3/32']))).toMatchObject({
      added: ['192.0.2.3/32'],
      inDoubt: false,
    })
  })

  test('it gives up after eight lost locks', async () => {
    aws.wafv2.addSet(NAME)
    aws.fault({ on: 'wafv2:UpdateIPSet', kind: { code: 'WAFOptimisticLockException' } })
    await expect(send(merge(['192.0.2.2/32']))).rejects.toMatchObject({ kind: 'conflict', inDoubt: false })
    expect(aws.changes()).toHaveLength(8)
  })
})

describe('when the answer to the write is lost', () => {
  test.each(['loseAnswer', 'loseAnswerThenRetry'] as const)(
    '(%s) it reads back and says that it is in doubt',
    async (kind) => {
      aws.wafv2.addSet(NAME, ['198.18.0.0/24'])
      aws.fault({ on: 'wafv2:UpdateIPSet', nth: 1, kind })
      expect(await send(merge(['192.0.2.2/32']))).toEqual({
        added: [],
        removed: [],
        attempts: 1,
        inDoubt: true,
      })
      expect(addresses()).toEqual(['198.18.0.0/24', '192.0.2.2/32'])
    },
  )

  test('and it had no effect, it writes again', async () => {
    aws.wafv2.addSet(NAME)
    aws.fault({ on: 'wafv2:UpdateIPSet', nth: 1, kind: 'reset' })
    expect(await send(merge(['192.0.2.2/32']))).toMatchObject({
      added: ['192.0.2.2/32'],
      attempts: 2,
      inDoubt: true,
    })
  })

  test('and the set cannot be read back, the error keeps the doubt', async () => {
    aws.wafv2.addSet(NAME)
    aws.fault({ on: 'wafv2:UpdateIPSet', nth: 1, kind: 'loseAnswer' })
    aws.fault({ on: 'wafv2:GetIPSet', nth: 2, kind: 'deny' })
    await expect(send(merge(['192.0.2.2/32']))).rejects.toMatchObject({ kind: 'denied', inDoubt: true })
  })
})

test('a denied write is not tried again', async () => {
  aws.wafv2.addSet(NAME)
  aws.fault({ on: 'wafv2:UpdateIPSet', kind: 'deny' })
  await expect(send(merge(['192.0.2.2/32']))).rejects.toMatchObject({ kind: 'denied', inDoubt: false })
  expect(aws.changes()).toHaveLength(1)
})
