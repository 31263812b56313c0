import { describe, expect, test } from '@jest/globals'
import { whyNobody } from '../../src/policy/approver-patterns.ts'
import { canFillQuorum, DEFAULT_APPROVAL, mayDecide } from '../../src/policy/approvers.ts'
import { errorOf, policyOf } from './fake-playbooks.ts'

const terms = (...approvers: string[]) => ({ ...DEFAULT_APPROVAL, approvers })

const USER = 'arn:aws:iam::111122223333:user/ann'
const SESSION = 'arn:aws:sts::111122223333:assumed-role/Oncall/ann'

const SSO_PATH = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com'
const SSO_SESSION =
  'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_SecOps_0123456789abcdef/ann@example.com'

describe('a pattern in the policy', () => {
  test.each([
    'arn:aws:iam::*:role/Oncall',
    'arn:aws:iam::*:role/On*',
    'arn:aws:iam::111122223333:role/teams/sec/Oncall',
    `${SSO_PATH}/eu-west-1/AWSReservedSSO_SecOps_*`,
    `${SSO_PATH}/*`,
    'arn:aws:iam::111122223333:user/teams/sec/ann',
    'arn:aws:iam::111122223333:root',
    'arn:aws:iam::*:*',
    'arn:aws-cn:sts::*:assumed-role/Oncall/*',
    'arn:aws:sts::1111*:federated-user/ann',
  ])('that somebody could be is taken: %s', (pattern) => {
    expect(whyNobody(pattern)).toBeUndefined()
  })

  test.each([
    ['arn:aws:iam::111122223333:role/teams/*', 'leave the path out'],
    ['arn:aws:iam::111122223333:role/sec/On*', 'arn:aws:iam::111122223333:role/On*'],
    [`${SSO_PATH}/*SecOps*`, 'STS tells no path'],
    ['arn:aws:iam::111122223333:group/admins', 'callers are roles'],
    ['arn:aws:iam::1111:role/Oncall', 'callers are roles'],
    ['arn:aws:iam:eu-west-1:111122223333:role/Oncall', 'callers are roles'],
    ['arn:aws:sts::111122223333:assumed-role/Oncall', 'assumed-role/Oncall/ann'],
    ['arn:aws:sts::111122223333:assumed-role/teams/Oncall/ann', 'callers are roles'],
    ['arn:aws:sts::111122223333:role/Oncall', 'arn:aws:iam::111122223333:role/Oncall'],
    ['arn:aws:ec2::111122223333:instance/i-1', 'is neither a Slack id'],
    ['arn:aws:iam::*:role/On call', 'callers are roles'],
  ])('that nobody could be is refused with the form that works: %s', (pattern, form) => {
    expect(whyNobody(pattern)).toContain(form)
    const rule = `version: 1\nrules:\n  - mode: approve\n    approval: { approvers: ["${pattern}"] }\n`
    expect(errorOf(() => policyOf(rule)).problems).toEqual([
      { line: 4, key: 'rules[0].approval.approvers[0]', message: expect.stringContaining(form) },
    ])
  })
})

describe('who may decide', () => {
  test('anybody, where no approvers are named', () => {
    expect(mayDecide(DEFAULT_APPROVAL, USER)).toBe(true)
  })

  test.each([
    ['the user by name', USER, USER],
    ['a pattern over users', 'arn:aws:iam::111122223333:user/*', USER],
    ['a pattern over accounts', 'arn:aws:iam::*:user/ann', USER],
    ['the role of a session', 'arn:aws:iam::111122223333:role/Oncall', SESSION],
    ['a pattern over roles', 'arn:aws:iam::*:role/On*', SESSION],
    [
      'the role with the path that STS leaves out',
      'arn:aws:iam::111122223333:role/teams/sec/Oncall',
      SESSION,
    ],
    ['the role under any path', 'arn:aws:iam::111122223333:role/*/Oncall', SESSION],
    [
      'roles of IAM Identity Center by their path',
      `${SSO_PATH}/eu-west-1/AWSReservedSSO_SecOps_*`,
      SSO_SESSION,
    ],
    ['all roles of IAM Identity Center', `${SSO_PATH}/*`, SSO_SESSION],
    ['the session itself', SESSION, SESSION],
    ['every session of a role', 'arn:aws:sts::111122223333:assumed-role/Oncall/*', SESSION],
    [
      'a role of another partition',
      'arn:aws-us-gov:iam::*:role/Oncall',
      'arn:aws-us-gov:sts::111122223333:assumed-role/Oncall/ann',
    ],
  ])('%s', (_, pattern, identity) => {
    expect(mayDecide(terms(pattern), identity)).toBe(true)
    expect(mayDecide(terms('S0ONCALL', pattern), identity)).toBe(true)
  })

  test.each([
    ['another user', 'arn:aws:iam::111122223333:user/bob', USER],
    ['the same name in another account', 'arn:aws:iam::444455556666:user/ann', USER],
    ['the same name in another partition', 'arn:aws-cn:iam::111122223333:user/ann', USER],
    ['a role whose name only begins so', 'arn:aws:iam::111122223333:role/Onc', SESSION],
    ['a user who is named like the role', 'arn:aws:iam::111122223333:user/Oncall', SESSION],
    ['a session that is named like the role', 'arn:aws:iam::111122223333:role/ann', SESSION],
    ['any role of a path, which a session does not tell', 'arn:aws:iam::111122223333:role/teams/*', SESSION],
    ['names under a path, which would be names under any', 'arn:aws:iam::111122223333:role/sec/On*', SESSION],
    ['a role that no Identity Center made', `${SSO_PATH}/*`, SESSION],
    ['another role of IAM Identity Center', `${SSO_PATH}/AWSReservedSSO_Admin_*`, SSO_SESSION],
    ['a user whose path imitates a role', 'arn:aws:iam::*:role/Oncall', 'arn:aws:iam::1:user/x:role/Oncall'],
    ['letters of another case', 'arn:aws:iam::111122223333:role/oncall', SESSION],
  ])('not: %s', (_, pattern, identity) => {
    expect(mayDecide(terms(pattern), identity)).toBe(false)
  })

  test('a Slack id is never an ARN, whatever it looks like', () => {
    expect(mayDecide(terms('S0ONCALL'), USER)).toBe(false)
    expect(mayDecide(terms('*'), USER)).toBe(false)
    expect(mayDecide(terms('U0ANN'), 'U0ANN')).toBe(false)
  })

  test('nobody, where the list of approvers is empty', () => {
    expect(mayDecide(terms(), USER)).toBe(false)
  })
})

describe('a quorum of two', () => {
  const SSO =
    'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef'
  const ROLE = 'arn:aws:iam::111122223333:role/teams/Oncall'
  test.each<[boolean, string, string[]]>([
    [false, 'one role, which is one identity', [ROLE]],
    [false, 'a role and a session of it', [ROLE, SESSION]],
    [false, 'one user', [USER, 'S0ONCALL']],
    [true, 'two roles', [ROLE, ROLE.replace('Oncall', 'Lead')]],
    [true, 'a role and a user', [ROLE, USER]],
    [true, 'a pattern, which may be many', ['arn:aws:iam::*:role/On*']],
    [true, 'a role of IAM Identity Center, whose users are told apart', [SSO]],
  ])('can be filled (%s) by %s', (can, _, approvers) => {
    expect(canFillQuorum({ ...terms(...approvers), quorum: 2 })).toBe(can)
  })

  test('can be filled where anybody may decide', () => {
    expect(canFillQuorum({ ...DEFAULT_APPROVAL, quorum: 2 })).toBe(true)
  })
})
