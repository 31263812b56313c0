import { describe, expect, test } from '@jest/globals'
import { errorOf, policyOf } from './fake-playbooks.ts'

const ANN =
  '{ name: ann, slack: U0ANN, iam: "arn:aws:sts::*:assumed-role/AWSReservedSSO_SecOps_*/ann@example.com" }'
const BOB = '{ name: bob, slack: U0BOB, iam: ["arn:aws:iam::111122223333:user/bob"] }'

/** A policy with a rule on these terms; `sections` from line 5 on. */
const policy = (approval: string, ...sections: string[]) =>
  ['version: 1', 'rules:', '  - mode: approve', `    approval: ${approval}`, ...sections, ''].join('\n')
const people = (...all: string[]) => ['people:', ...all.map((one) => `  - ${one}`)]
const SLACK = 'slack: { workspace: T0ACME }'

const problemsOf = (text: string) =>
  errorOf(() => policyOf(text)).problems.map(({ line, key, message }) => [line, key, message])
const at = (line: number, key: string, message: string) => [[line, key, expect.stringContaining(message)]]

describe('who is asked, where and when', () => {
  const asked = policy(
    '{ channel: C0SECOPS, approvers: [S0ONCALL, ann], quorum: 2, expiresAfter: 4h, remind: false, escalate: [{ after: 1h, approvers: S0LEADS }] }',
    SLACK,
    ...people(ANN, BOB),
  )

  test('is what the policy says, with the workspace and the people that it takes to hear a decision', () => {
    expect(policyOf(asked).policy.rules[0]?.approval).toEqual({
      channel: 'C0SECOPS',
      approvers: ['S0ONCALL', 'ann'],
      quorum: 2,
      expiresAfter: 'PT4H',
      onExpiry: 'decline',
      remind: false,
      escalate: [{ after: 'PT1H', approvers: ['S0LEADS'] }],
      workspace: 'T0ACME',
      people: [
        {
          name: 'ann',
          slack: 'U0ANN',
          iam: ['arn:aws:sts::*:assumed-role/AWSReservedSSO_SecOps_*/ann@example.com'],
        },
        { name: 'bob', slack: 'U0BOB', iam: ['arn:aws:iam::111122223333:user/bob'] },
      ],
    })
  })

  test.each([
    ['approve', true],
    ['auto', true],
    ['notify', false],
    ['rehearse', false],
    ['off', false],
  ])('is carried by a rule that may ask: %s: %s', (mode, carries) => {
    const { approval } = policyOf(asked.replace('mode: approve', `mode: ${mode}`)).policy.rules[0]!
    expect(['workspace' in approval, 'people' in approval]).toEqual([carries, carries])
  })

  test('is as before in a policy that knows no Slack and no people', () => {
    const {
      rules,
      slack,
      people: known,
    } = policyOf(policy('{ channel: C0SECOPS, approvers: [S0ONCALL] }')).policy
    expect([Object.keys(rules[0]!.approval).sort(), slack, known]).toEqual([
      ['approvers', 'channel', 'expiresAfter', 'onExpiry', 'quorum'],
      undefined,
      undefined,
    ])
  })

  test('names operators by id or by name', () => {
    const { slack } = policyOf(
      policy('{}', 'slack: { workspace: T0ACME, operators: [S0LEADS, ann] }', ...people(ANN)),
    ).policy
    expect(slack).toEqual({ workspace: 'T0ACME', operators: ['S0LEADS', 'ann'] })
  })
})

describe('a policy is refused, with line and key', () => {
  const level = (...levels: string[]) => `{ approvers: [S0ONCALL], expiresAfter: 4h, escalate: [${levels}] }`
  const APPROVAL = 'rules[0].approval'
  test.each([
    [
      'a channel by its name',
      policy('{ channel: "#secops" }', SLACK),
      at(4, `${APPROVAL}.channel`, 'is the name of a channel'),
    ],
    ['a user for a channel', policy('{ channel: U0ANN }', SLACK), at(4, `${APPROVAL}.channel`, 'C0SECOPS')],
    [
      'a name of nobody',
      policy('{ approvers: [carl] }', SLACK, ...people(ANN)),
      at(4, `${APPROVAL}.approvers[0]`, 'nor the name of one of people'),
    ],
    [
      'a name of nobody on a level',
      policy(level('{ after: 1h, approvers: [carl] }'), SLACK),
      at(4, `${APPROVAL}.escalate[0].approvers[0]`, 'is neither'),
    ],
    [
      'an operator who is nobody',
      policy('{}', 'slack: { workspace: T0ACME, operators: carl }', ...people(ANN)),
      at(5, 'slack.operators[0]', 'is not a Slack id'),
    ],
    [
      'levels at the same time',
      policy(level('{ after: 1h, approvers: [S0A] }', '{ after: 60m, approvers: [S0B] }'), SLACK),
      at(4, `${APPROVAL}.escalate[1].after`, 'later than the level before'),
    ],
    [
      'a level at the end',
      policy(level('{ after: 4h, approvers: [S0A] }'), SLACK),
      at(4, `${APPROVAL}.escalate[0].after`, 'before the end'),
    ],
    [
      'a level behind anybody',
      policy('{ escalate: [{ after: 1h, approvers: [S0A] }] }', SLACK),
      at(4, `${APPROVAL}.escalate`, 'adds nobody'),
    ],
    [
      'a level in Slack without a workspace',
      policy(level('{ after: 1h, approvers: [S0A] }')),
      at(4, `${APPROVAL}.escalate[0].approvers`, 'slack: { workspace: T… }'),
    ],
    ['what is no workspace', policy('{}', 'slack: { workspace: acme }'), at(5, 'slack.workspace', 'T0ACME')],
    [
      'a person in Slack without a workspace',
      policy('{}', ...people('{ name: ann, slack: U0ANN }')),
      at(6, 'people[0].slack', 'slack: { workspace: T… }'),
    ],
    [
      'a person who is nobody',
      policy('{}', ...people('{ name: ann }')),
      at(6, 'people[0]', 'neither slack nor iam'),
    ],
    [
      'a person twice',
      policy('{}', SLACK, ...people(ANN, '{ name: ann, slack: U0OTHER }')),
      at(8, 'people[1].name', 'named twice'),
    ],
    [
      'an id of two people',
      policy('{}', SLACK, ...people(ANN, '{ name: bea, slack: U0ANN }')),
      at(8, 'people[1].slack', 'is ann already'),
    ],
    [
      'a group for a person',
      policy('{}', SLACK, ...people('{ name: ann, slack: S0ANN }')),
      at(7, 'people[0].slack', 'Slack user'),
    ],
    [
      'a name like an id',
      policy('{}', SLACK, ...people('{ name: USER1, slack: U0ANN }')),
      at(7, 'people[0].name', 'looks like a Slack id'),
    ],
    [
      'a name of two words',
      policy('{}', SLACK, ...people('{ name: ann lee, slack: U0ANN }')),
      at(7, 'people[0].name', 'one word'),
    ],
    [
      'a person by a Slack id for IAM',
      policy('{}', ...people('{ name: ann, iam: U0ANN }')),
      at(6, 'people[0].iam', 'is not an IAM ARN pattern'),
    ],
    [
      'a pattern that can be nobody',
      policy('{}', ...people('{ name: ann, iam: ["arn:aws:iam::1:user/ann"] }')),
      at(6, 'people[0].iam[0]', 'can match nobody'),
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
  })

  const SESSIONS = 'arn:aws:sts::*:assumed-role'
  test.each([
    ['the same', 'arn:aws:iam::*:user/ann', 'arn:aws:iam::*:user/ann', true],
    ['one within the other', 'arn:aws:iam::*:user/ann', 'arn:aws:iam::*:user/a*', true],
    ['partly the same', 'arn:aws:iam::*:user/a*n', 'arn:aws:iam::*:user/*ann', true],
    ['a role and one of its sessions', 'arn:aws:iam::*:role/Oncall', `${SESSIONS}/Oncall/bob`, true],
    ['a role and all sessions', 'arn:aws:iam::*:role/Oncall', `${SESSIONS}/*`, true],
    ['sessions of one role by two people', `${SESSIONS}/SSO_*/ann`, `${SESSIONS}/SSO_*/bob`, false],
    ['two accounts', 'arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::444455556666:user/ann', false],
    ['a role and sessions of another', 'arn:aws:iam::*:role/Oncall', `${SESSIONS}/Lead/bob`, false],
    ['a role and a federated user', 'arn:aws:iam::*:role/Oncall', 'arn:aws:sts::*:federated-user/bob', false],
  ])('an identity that would be two people: %s', (_, hers, his, isRefused) => {
    const text = policy('{}', ...people(`{ name: ann, iam: "${hers}" }`, `{ name: bob, iam: "${his}" }`))
    const outcome = isRefused ? problemsOf(text) : policyOf(text).policy.people?.length
    expect(outcome).toEqual(isRefused ? at(7, 'people[1].iam[0]', 'may be ann as well') : 2)
  })
})
