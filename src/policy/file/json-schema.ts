import * as z from 'zod/mini'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import { policySchema } from './schema.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * JSON Schema (draft 2020-12) of the policy file as it is written, for editors. Which parameters a rule may set
 * depends on the playbook that it names.
 */
export function policyJsonSchema(playbooks: readonly AnyPlaybook[]): JsonSchema {
  const schema = z.toJSONSchema(policySchema(playbooks), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.title !== 'rule') return
      jsonSchema.allOf = playbooks.map(parametersOf)
      jsonSchema.dependentSchemas = {
        parameters: { required: ['when'], properties: { when: { required: ['playbook'] } } },
      }
    },
  })
  return { ...schema, title: 'Rectify policy' }
}

/** If a rule names just this playbook, its parameters look like this. */
function parametersOf({ id, parameters }: AnyPlaybook): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' })
  const named = { anyOf: [{ const: id }, { type: 'array', items: { const: id } } as const] }
  return {
    if: {
      required: ['when'],
      properties: { when: { required: ['playbook'], properties: { playbook: named } } },
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { parameters: schema } },
  }
}
