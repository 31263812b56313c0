import { describe, expect, test } from '@jest/globals'
import { policyJsonSchema } from '../../src/policy/file/json-schema.ts'
import { playbooks } from './fake-playbooks.ts'

type Tree = { [key: string]: Tree | undefined }

/** The schema at a path of keys. */
const at = (...path: (string | number)[]): Tree | undefined =>
  path.reduce<Tree | undefined>((tree, key) => tree?.[key], policyJsonSchema(playbooks) as Tree)

const RULE = ['properties', 'rules', 'anyOf', 0, 'items'] as const

describe('the JSON Schema of the policy file', () => {
  test('is JSON and names its draft', () => {
    const schema = policyJsonSchema(playbooks)
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  })

  test('refuses unknown keys at every level', () => {
    expect(at('additionalProperties')).toBe(false)
    expect(at(...RULE, 'additionalProperties')).toBe(false)
    expect(at(...RULE, 'properties', 'when', 'additionalProperties')).toBe(false)
    expect(at(...RULE, 'properties', 'when', 'properties', 'not', 'additionalProperties')).toBe(false)
    expect(at('properties', 'limits', 'anyOf', 0, 'additionalProperties')).toBe(false)
  })

  test('describes the file as it is written: one value or a list, only version and mode required', () => {
    expect(at('required')).toEqual(['version'])
    expect(at(...RULE, 'required')).toEqual(['mode'])
    const playbook = at(...RULE, 'properties', 'when', 'properties', 'playbook', 'anyOf')
    const ids = ['ec2-close-door', 'wafv2-block-caller', 'ec2-plain']
    const named = { type: 'string', anyOf: [{ enum: ids }, { pattern: '\\*' }] }
    expect(playbook).toMatchObject([named, { type: 'array', items: named }])
  })

  test('knows what belongs together in a freeze', () => {
    expect(at('properties', 'freezes', 'anyOf', 0, 'items')).toMatchObject({
      additionalProperties: false,
      oneOf: [
        { required: ['name', 'from', 'to', 'zone'] },
        { required: ['name', 'weekly', 'zone'] },
        { required: ['calendar'] },
      ],
    })
  })

  test('knows the detectors that can be told, and no other', () => {
    expect(at('properties', 'tell')).toMatchObject({
      anyOf: [{ additionalProperties: false, properties: { securityhub: { type: 'boolean' } } }, {}],
    })
  })

  test('describes the parameters of the playbook that a rule names', () => {
    const [first] = at(...RULE, 'allOf') as unknown as { if: Tree; then: Tree }[]
    expect(first?.if.properties?.when).toMatchObject({
      properties: {
        playbook: { anyOf: [{ const: 'ec2-close-door' }, { items: { const: 'ec2-close-door' } }] },
      },
    })
    expect(first?.then.properties?.parameters).toMatchObject({
      properties: { ports: { type: 'array', default: [22] } },
      additionalProperties: false,
    })
    expect(at(...RULE, 'dependentSchemas', 'parameters', 'required')).toEqual(['when'])
  })
})
