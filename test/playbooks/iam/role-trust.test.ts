import { describe, expect, test } from '@jest/globals'
import { type Distrust, narrowed } from '../../../playbooks/iam/role-trust.ts'
import { readPolicy } from '../../../src/playbook/policy-document/policy-grammar.ts'
import { policyText } from '../policy-rows.ts'

const STRANGER = 'arn:aws:iam::444455556666:root'
const trust = (more: object) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...more })
const OWN = trust({ Principal: { AWS: 'arn:aws:iam::123456789012:root' } })
const GITHUB = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'

function of(statements: object[], more: Partial<Distrust> = {}) {
  const distrust = { own: 'arn:aws:iam::123456789012:root', named: ['444455556666'], known: [], ...more }
  return narrowed(readPolicy(policyText(...statements)), distrust)
}

describe('of those whom a role trusts', () => {
  test.each<[string, object, Partial<Distrust>]>([
    ['an account that is known', trust({ Principal: { AWS: STRANGER } }), { known: ['444455556666'] }],
    [
      'a role of an account that is known',
      trust({ Principal: { AWS: 'arn:aws:iam::444455556666:role/ci' } }),
      { named: ['arn:aws:iam::444455556666:role/ci'], known: ['444455556666'] },
    ],
    ['an identity provider', trust({ Principal: { Federated: GITHUB } }), { named: [GITHUB] }],
  ])('%s stays, although it is named, and it is said why', (_, statement, more) => {
    const { statements, changes, stays } = of([statement, OWN], more)
    expect(statements).toEqual([statement, OWN])
    expect([changes.length, stays.length]).toEqual([0, 1])
  })

  test.each<[string, object]>([
    ['is refused', { ...trust({ Principal: { AWS: STRANGER } }), Effect: 'Deny' }],
    [
      'is of the named account, but not all of it',
      trust({ Principal: { AWS: 'arn:aws:iam::444455556666:role/ci' } }),
    ],
    ['nobody has named', trust({ Principal: { AWS: '777788889999' } })],
  ])('who %s stays, and there is nothing to say', (_, statement) => {
    expect(of([statement, OWN])).toEqual({
      statements: [statement, OWN],
      changes: [],
      cautions: [],
      stays: [],
    })
  })

  test('those go whom a detector names just so', () => {
    const ci = 'arn:aws:iam::444455556666:role/ci'
    expect(of([trust({ Principal: { AWS: [ci, STRANGER] } })], { named: [ci] })).toMatchObject({
      statements: [trust({ Principal: { AWS: [STRANGER] } })],
      changes: [`take ${ci} out of statement 1 (sts:AssumeRole)`],
    })
  })
})
