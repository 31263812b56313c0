import * as z from 'zod/mini'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { casesSchema } from './cases-schema.ts'

/** JSON Schema (draft 2020-12) of a file of cases as it is written, for editors. */
export function casesJsonSchema(playbooks: readonly PlaybookHead[]): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(casesSchema(playbooks), { io: 'input', unrepresentable: 'any' })
  return { ...schema, title: 'Rectify policy tests' }
}
