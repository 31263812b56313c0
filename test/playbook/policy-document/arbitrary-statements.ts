import fc from 'fast-check'
import type { Statement } from '../../../src/playbook/policy-document/policy-grammar.ts'

/** Statements of which it is known how they are made: the tests do not ask the code that they are about. */

const account = fc.constantFrom('111122223333', '444455556666')
const someone = fc.oneof(
  account,
  account.map((id) => `arn:aws:iam::${id}:root`),
  account.map((id) => `arn:aws:iam::${id}:role/deploy`),
)
const service = fc.constantFrom('s3.amazonaws.com', 'events.amazonaws.com')
const others = fc.array(someone, { minLength: 1, maxLength: 3 })

/** Everybody, alone. */
const everybody = fc.constantFrom<NonNullable<Statement['Principal']>>('*', { AWS: '*' }, { AWS: ['*'] })
/** Everybody beside others: with what is left of it without the star. */
const amongOthers = fc.oneof(
  others.map((named) => ({ with: { AWS: ['*', ...named] }, without: { AWS: named } })),
  others.map((named) => ({ with: { AWS: [...named, '*', '*'] }, without: { AWS: named } })),
  service.map((Service) => ({ with: { AWS: '*', Service }, without: { Service } })),
)
const somebody = fc.oneof(
  others.map((AWS) => ({ AWS })),
  someone.map((AWS) => ({ AWS })),
  service.map((Service) => ({ Service })),
  fc.constant({ Federated: 'accounts.google.com' }),
)

type Condition = NonNullable<Statement['Condition']>

/** Conditions that hold a request to somebody. */
export const narrow = fc.constantFrom<Condition>(
  { StringEquals: { 'aws:SourceAccount': '111122223333' } },
  { StringEquals: { 'AWS:SourceOwner': ['111122223333'] } },
  { StringLike: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  { ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::one', 'arn:aws:s3:::two'] } },
  { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' }, Bool: { 'aws:SecureTransport': 'true' } },
  { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } },
)
/** Conditions that anybody can meet, or that a wildcard opens. */
export const wide = fc.constantFrom<Condition | undefined>(
  undefined,
  {},
  { Bool: { 'aws:SecureTransport': true } },
  { StringLike: { 'aws:Referer': 'https://example.com/*' } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:one' } },
  { StringEquals: { 'aws:SourceAccount': ['111122223333', '*'] } },
  { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } },
  { IpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '0.0.0.0/1'] } },
  { StringNotEquals: { 'aws:PrincipalAccount': '444455556666' } },
)

const rest = fc.record({
  Action: fc.constantFrom<string | string[]>('s3:GetObject', ['s3:Get*', 's3:List*'], '*'),
  Resource: fc.constantFrom<string | string[]>('*', ['arn:aws:s3:::one', 'arn:aws:s3:::one/*']),
})
const sid = fc.option(fc.string({ maxLength: 6 }), { nil: undefined })

interface Parts {
  Effect?: 'Allow' | 'Deny'
  Principal: Statement['Principal']
  Condition?: Condition | undefined
  Sid?: string | undefined
}

function madeOf(parts: fc.Arbitrary<Parts>): fc.Arbitrary<Statement> {
  return fc.tuple(parts, rest, fc.boolean()).map(([{ Effect = 'Allow', ...own }, rest, isEffectFirst]) => {
    const all = isEffectFirst ? { Effect, ...own, ...rest } : { ...own, ...rest, Effect }
    return JSON.parse(JSON.stringify(all)) as Statement
  })
}

/** A statement, and what is left of it without everybody: itself, a part, or nothing. */
export interface Known {
  statement: Statement
  left: Statement | undefined
}

const open = madeOf(fc.record({ Sid: sid, Principal: everybody, Condition: wide })).map(
  (statement): Known => ({ statement, left: undefined }),
)
const mixed = fc
  .tuple(amongOthers, madeOf(fc.record({ Sid: sid, Principal: everybody, Condition: wide })))
  .map(
    ([principal, statement]): Known => ({
      statement: { ...statement, Principal: principal.with },
      left: { ...statement, Principal: principal.without },
    }),
  )
const closed = fc
  .oneof(
    madeOf(fc.record({ Sid: sid, Principal: somebody, Condition: wide })),
    madeOf(fc.record({ Sid: sid, Principal: everybody, Condition: narrow })),
    madeOf(
      fc.record({
        Sid: sid,
        Effect: fc.constant('Deny' as const),
        Principal: everybody,
        Condition: fc.oneof(wide, narrow),
      }),
    ),
  )
  .map((statement): Known => ({ statement, left: statement }))

export const known = fc.oneof(open, mixed, closed)
