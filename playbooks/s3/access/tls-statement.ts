import { wildcard } from '../../../src/playbook/matchers.ts'
import type { Edit } from '../../../src/playbook/policy-document/edit.ts'
import {
  listed,
  type PolicyDocument,
  type Statement,
  statementsOf,
} from '../../../src/playbook/policy-document/policy-grammar.ts'
import { isEverybody } from '../../../src/playbook/policy-document/public-statements.ts'

/**
 * The document with a denial of all that comes by plain HTTP, for the bucket and for what is in it; as it is where its
 * own denials cover both (AWS Config developer guide, "s3-bucket-ssl-requests-only"). Pure.
 */
export function requiringTls(document: PolicyDocument, bucket: string): Edit {
  const statements = statementsOf(document)
  const denied = statements.filter(refusesPlainHttp).flatMap(({ Resource }) => listed(Resource))
  const all = [bucket, `${bucket}/*`]
  const isCovered = all.every((each) => denied.some((pattern) => wildcard(pattern, each)))
  if (isCovered) return { statements, changes: [], cautions: [] }
  const added: Statement = {
    Sid: freeName(statements),
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: all,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
  return { statements: [...statements, added], changes: [`add statement "${added.Sid}"`], cautions: [] }
}

/** Whether a statement refuses everybody everything by plain HTTP: on this condition, and on no other beside it. */
function refusesPlainHttp({ Effect, Principal, Action, Condition = {} }: Statement): boolean {
  const [[operator, keys] = ['', {}], ...more] = Object.entries(Condition)
  const [[key, value] = ['', []], ...others] = Object.entries(keys)
  return (
    Effect === 'Deny' &&
    isEverybody(Principal) &&
    listed(Action).some((each) => each === '*' || each.toLowerCase() === 's3:*') &&
    operator === 'Bool' &&
    key.toLowerCase() === 'aws:securetransport' &&
    listed(value).map(String).join() === 'false' &&
    more.length + others.length === 0
  )
}

/** S3 takes no name twice. */
function freeName(statements: Statement[]): string {
  const taken = new Set(statements.map(({ Sid }) => Sid))
  const numbered = (count: number): string => (count === 1 ? 'RequireTls' : `RequireTls${count}`)
  let count = 1
  while (taken.has(numbered(count))) count++
  return numbered(count)
}
