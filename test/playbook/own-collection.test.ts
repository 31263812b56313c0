import { describe, expect, test } from '@jest/globals'
import { ours } from '../../playbooks/index.ts'
import * as contract from '../../src/contract.ts'
import { moreOperations } from '../../src/playbook/service/more-operations.ts'
import { BadCollection, withOwn } from '../../src/playbook/service/own-collection.ts'
import { defineService } from '../../src/playbook/service/service.ts'

const { closeOpenIngress, unsharePublicSnapshot } = Object.fromEntries(
  ours.playbooks.map((playbook) => [camel(playbook.id.replace(/^ec2-/, '')), playbook]),
)
const own = (id: string) =>
  contract.definePlaybook({
    ...(unsharePublicSnapshot as contract.AnyPlaybook),
    id,
    answers: [contract.config('ACME')],
  })
const refusal = (...modules: (readonly [string, object])[]) => {
  try {
    withOwn(ours, modules)
  } catch (error) {
    if (error instanceof BadCollection) return error.message
    throw error
  }
  return undefined
}

describe('a folder of own playbooks', () => {
  test('adds what was made by the contract, whatever its exports are called, and after ours', () => {
    const [one, two] = [own('acme-one'), own('acme-two')]
    const { playbooks } = withOwn(ours, [
      ['a.ts', { default: one, helper: () => 1, text: 'x' }],
      ['b.ts', { two, again: one }],
    ])
    expect(playbooks.slice(0, -2)).toEqual(ours.playbooks)
    expect(playbooks.slice(-2).map(({ id }) => id)).toEqual([one.id, two.id])
  })

  test('may hand on what Rectify brings', () => {
    expect(withOwn(ours, [['a.ts', { closeOpenIngress }]]).playbooks).toEqual(ours.playbooks)
  })

  test('is refused for an id that is there already, in another file or in Rectify', () => {
    expect(refusal(['a.ts', { one: own('acme-one') }], ['b.ts', { two: own('acme-one') }])).toBe(
      'b.ts: "acme-one" is defined by a.ts already: give it another id',
    )
    expect(refusal(['a.ts', { one: own('ec2-close-open-ingress') }])).toBe(
      'a.ts: "ec2-close-open-ingress" is defined by Rectify itself already: give it another id',
    )
    expect(refusal(['a.ts', { s3: defineService({ id: 's3', client: 'x', load: async () => ({}) }) }])).toBe(
      'a.ts: "s3" is defined by Rectify itself already: give it another id',
    )
  })

  test('is refused for a file that exports none, such as a look-alike that nothing defined', () => {
    expect(refusal(['a.ts', { lookAlike: { ...own('acme-one') } }])).toMatch(/^a\.ts: exports no playbook/)
  })

  test('may say how what it reads is copied, for services that are there', () => {
    const copies = contract.defineCopies('ec2', { DescribeVpcs: () => [] })
    const found = withOwn(ours, [
      ['a.ts', { one: own('acme-one'), copies }],
      ['b.ts', { again: copies }],
    ])
    expect(found.copies).toEqual([copies])
    expect(withOwn(ours, [['a.ts', { one: own('acme-one') }]])).not.toHaveProperty('copies')
    const nowhere = contract.defineCopies('acme' as 'ec2', {})
    expect(refusal(['a.ts', { nowhere }])).toBe(
      'a.ts: defineCopies names "acme", which no defineService defines',
    )
  })

  test('lets a service of ours take further operations, and keeps what it has', async () => {
    const command = () => 'mine'
    const more = moreOperations(contract.ec2, async () => ({ MineCommand: command, Client: 'not ours' }))
    const { services } = withOwn(ours, [['a.ts', { more }]])
    expect(services.map(({ id }) => id)).toEqual(ours.services.map(({ id }) => id))
    const loaded = (await services.find(({ id }) => id === 'ec2')!.load()) as Record<string, unknown>
    const before = (await contract.ec2.load()) as Record<string, unknown>
    expect(loaded.MineCommand).toBe(command)
    expect(loaded).toMatchObject(before)
    expect(services.find(({ id }) => id === 's3')).toBe(contract.s3)
  })

  test('is refused for operations of a service that nobody defines', () => {
    const more = moreOperations({ id: 'acme' as 'ec2' }, async () => ({}))
    expect(refusal(['a.ts', { more }])).toBe(
      'a.ts: moreOperations names "acme", which no defineService defines',
    )
  })
})

test('the contract has every service that Rectify brings, so that its operations are known to the compiler', () => {
  const exported = Object.values(contract)
  expect(ours.services.filter((service) => !exported.includes(service as never)).map(({ id }) => id)).toEqual(
    [],
  )
})

function camel(id: string): string {
  return id.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
