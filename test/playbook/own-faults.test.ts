import { describe, expect, test } from '@jest/globals'
import { ours } from '../../playbooks/index.ts'
import {
  type AnyPlaybook,
  compliant,
  config,
  definePlaybook,
  defineService,
  ec2Ids,
  z,
} from '../../src/contract.ts'
import { BadCollection, withOwn } from '../../src/playbook/service/own-collection.ts'
import { playbookFaults } from '../../src/playbook/service/own-faults.ts'

const GOOD = {
  id: 'acme-one',
  title: 'T',
  implements: [],
  resource: 'AWS::EC2::Instance',
  ids: ec2Ids('i'),
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  tagsOf: 'the instance',
  answers: [config('ACME')],
  suggestedMode: 'approve' as const,
  parameters: z.strictObject({}),
  reads: ['ec2:DescribeInstances'],
  writes: [{ action: 'ec2:StopInstances', resource: '*' }],
  inspect: async () => ({ state: {} }),
  plan: () => compliant(),
  observe: () => ({}),
}
/** A definition as somebody writes it whom no compiler checks. */
const one = (more: object) => definePlaybook({ ...GOOD, ...more } as typeof GOOD)
const service = (more: object) => defineService({ id: 'acme', load: async () => ({}), ...more } as never)

function linesOf(...modules: [string, object][]): string[] {
  try {
    withOwn(ours, modules)
  } catch (error) {
    if (error instanceof BadCollection) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a playbook of a user is taken', () => {
  test('when every field is as it should be', () => {
    expect(linesOf(['a.ts', { one: one({}) }])).toEqual([])
    expect(linesOf(['a.ts', { one: one({ tagsOf: { none: 'it has none' } }) }])).toEqual([])
  })

  test('when it calls a service that its folder defines, by what its actions begin with, in whatever file', () => {
    const caller = one({ reads: ['polly:ListThings'], writes: [] })
    expect(linesOf(['a.ts', { caller }], ['b.ts', { s: service({ iamPrefix: 'polly' }) }])).toEqual([])
    expect(linesOf(['a.ts', { caller }])).toHaveLength(1)
  })

  test('by rules that all of ours keep', () => {
    expect(ours.playbooks.flatMap((playbook) => playbookFaults(playbook, ours.services))).toEqual([])
  })
})

describe('a playbook of a user is refused', () => {
  test.each([
    ['id', undefined],
    ['id', ''],
    ['id', '__proto__'],
    ['id', 'constructor'],
    ['id', 'own#x'],
    ['id', 'a b'],
    ['id', 'Acme'],
    ['id', 'acme-'],
    ['id', 42],
    ['title', undefined],
    ['title', ''],
    ['resource', undefined],
    ['tagsOf', undefined],
    ['tagsOf', { none: 1 }],
    ['arn', 42],
    ['ids', 42],
    ['ids', { understood: /x/ }],
    ['ids', { understood: { test: () => true }, forms: [], examples: [] }],
    ['answers', undefined],
    ['answers', []],
    ['answers', [null]],
    ['answers', [{ source: 'config', types: ['ACME'], only: 'sometimes' }]],
    ['answers', [{ source: 'config', types: [] }]],
    ['answers', ['ACME']],
    ['reads', undefined],
    ['reads', ['nosuch:DescribeThings']],
    ['reads', ['DescribeInstances']],
    ['writes', undefined],
    ['writes', ['ec2:StopInstances']],
    ['writes', [{ action: 'nosuch:StopThings', resource: '*' }]],
    ['writes', [{ action: 'ec2:StopInstances' }]],
    ['parameters', undefined],
    ['parameters', {}],
    ['parameters', z.strictObject({ must: z.string() })],
    ['suggestedMode', undefined],
    ['suggestedMode', 'nope'],
    ['implements', undefined],
    ['readsAlsoNeed', 'kms:Decrypt'],
    ['inspect', undefined],
    ['plan', undefined],
    ['observe', {}],
    ['status', undefined],
    ['subset', {}],
    ['command', {}],
  ])('with %s %j, by file, export and field', (field, value) => {
    const lines = linesOf(['a.ts', { mine: one({ [field]: value }) }])
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^a\\.ts: mine: ${field} is .+, wanted: .+$`))])
  })

  test('with everything that is wrong in its file at once, and what is wanted', () => {
    const [first, second] = [one({ id: 'a b', suggestedMode: 'nope' }), one({ id: 'acme-two', plan: 1 })]
    expect(linesOf(['a.ts', { default: first, second }])).toEqual([
      'a.ts: default: id is "a b", wanted: words of lower-case letters and digits, joined by hyphens, not "constructor"',
      'a.ts: default: suggestedMode is "nope", wanted: one of off, notify, rehearse, approve, auto',
      'a.ts: second: plan is 1, wanted: a function',
    ])
  })

  test('with no field at all, as much as with one', () => {
    expect(linesOf(['a.ts', { mine: definePlaybook({} as typeof GOOD) }]).length).toBeGreaterThan(8)
  })
})

test.each([undefined, '', '__proto__', 'constructor', 'Acme', 'a b', 'sts'])(
  'a service of a user is refused with id %j: calls would go astray',
  (id) => {
    expect(linesOf(['a.ts', { mine: service({ id }) }])).toEqual([
      expect.stringMatching(/^a\.ts: mine: id is .+, wanted: .+ nor "sts", which the engine calls$/),
    ])
  },
)

test('a service of a user is refused without what loads its client', () => {
  expect(linesOf(['a.ts', { mine: service({ load: {} }) }])).toEqual([
    'a.ts: mine: load is {  }, wanted: a function that imports the client',
  ])
})

test('a definition that is one of ours is handed on unchecked and unchanged', () => {
  const [first] = ours.playbooks as [AnyPlaybook]
  expect(withOwn(ours, [['a.ts', { first }]]).playbooks[0]).toBe(first)
})
