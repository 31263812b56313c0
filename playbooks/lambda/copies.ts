import { defineCopies } from '../../src/playbook/service/copies.ts'

/** By a revision a permission is removed only from the policy that was read. */
const REVISIONS = 'the emulators refuse each revision of a policy, and aliases have none of their own there'

/** Functions are not made: what would be done to them could not be shown. */
export const functionCopies = defineCopies('lambda', {
  GetPolicy: () => REVISIONS,
  GetFunctionUrlConfig: () => REVISIONS,
  ListAliases: () => REVISIONS,
  ListTags: () => REVISIONS,
})
