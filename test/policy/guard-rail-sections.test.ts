import { describe, expect, test } from '@jest/globals'
import { parsePolicy } from '../../src/policy/file/load.ts'
import { forbiddenRole } from '../../src/policy/never.ts'
import { errorOf, playbooks, policyOf } from './fake-playbooks.ts'

const HEAD = 'version: 1\nrules:\n  - mode: auto\n'

describe('freezes come out in one form', () => {
  const freezes = (...lines: string[]) =>
    policyOf(`version: 1\nfreezes:\n${lines.map((line) => `  - ${line}\n`).join('')}`).policy.freezes

  test.each<[string, object]>([
    [
      '{ name: year end, from: 2026-12-24T00:00, to: 2026-12-27T00:00, zone: Europe/Berlin, except: { severity: { atLeast: CRITICAL } } }',
      {
        kind: 'dated',
        name: 'year end',
        from: '2026-12-23T23:00:00.000Z',
        to: '2026-12-26T23:00:00.000Z',
        except: { severity: { atLeast: 'CRITICAL' } },
      },
    ],
    [
      '{ name: a day, from: 2026-07-04, to: 2026-07-04, zone: America/New_York }',
      { kind: 'dated', from: '2026-07-04T04:00:00.000Z', to: '2026-07-05T04:00:00.000Z' },
    ],
    [
      '{ name: nights, weekly: "Mon-Fri 18:00-08:00", zone: Asia/Tokyo, except: { severity: HIGH } }',
      {
        kind: 'weekly',
        windows: [{ days: [1, 2, 3, 4, 5], from: 1080, to: 480 }],
        zone: 'Asia/Tokyo',
        except: { severity: ['HIGH'] },
      },
    ],
    [
      '{ name: off, weekly: ["Sat,Sun 00:00-24:00", "Fri-Mon 06:30 - 07:00"], zone: UTC }',
      {
        windows: [
          { days: [6, 7], from: 0, to: 1440 },
          { days: [1, 5, 6, 7], from: 390, to: 420 },
        ],
      },
    ],
    [
      '{ calendar: "arn:aws:ssm:eu-central-1:111122223333:document/change-freeze" }',
      {
        kind: 'calendar',
        name: 'change-freeze',
        calendar: 'arn:aws:ssm:eu-central-1:111122223333:document/change-freeze',
      },
    ],
    [
      '{ calendar: change-freeze, name: all quiet }',
      { kind: 'calendar', name: 'all quiet', calendar: 'change-freeze' },
    ],
  ])('%s', (line, freeze) => {
    expect(freezes(line)).toEqual([expect.objectContaining({ line: 3, ...freeze })])
  })
})

test('limits come out as they are, their durations ISO 8601', () => {
  const { policy } = policyOf(
    'version: 1\nlimits: { changesPerHour: 50, affected: 20, attempts: { times: 3, within: 7d }, fights: { times: 2, within: 1d }, breaker: { failures: 5, within: 1h, retryAfter: 4h } }\n',
  )
  expect(policy.limits).toEqual({
    changesPerHour: 50,
    affected: 20,
    attempts: { times: 3, within: 'P7D' },
    fights: { times: 2, within: 'P1D' },
    breaker: { failures: 5, within: 'PT1H', retryAfter: 'PT4H' },
  })
})

describe('conditions of a rule', () => {
  test('come out as lists, patterns for playbooks filled in', () => {
    const when =
      '{ playbook: "ec2-*", ou: ou-abcd-prod, accountTags: { env: prod }, reachable: false, age: { atLeast: 1h }, not: { playbook: ec2-plain, region: ["eu-*"], age: { atMost: 30d } } }'
    const { policy } = policyOf(`version: 1\nrules:\n  - { when: ${when}, mode: auto }\n`)
    expect(policy.rules[0]?.when).toEqual({
      playbook: ['ec2-close-door', 'ec2-plain'],
      ou: ['ou-abcd-prod'],
      accountTags: { env: ['prod'] },
      reachable: false,
      age: { atLeast: 'PT1H' },
      not: { playbook: ['ec2-plain'], region: ['eu-*'], age: { atMost: 'P30D' } },
    })
  })

  test('may name playbooks by a pattern where the parameters fit each of them', () => {
    const rule = (pattern: string) =>
      `version: 1\nrules:\n  - { when: { playbook: "${pattern}" }, mode: auto, parameters: { ports: [22] } }\n`
    expect(policyOf(rule('*-door')).policy.rules[0]?.parameters).toEqual({ ports: [22] })
    expect(errorOf(() => policyOf(rule('ec2-*'))).message).toMatch(/unknown key "ports".*\(ec2-plain\)/)
  })
})

describe('never.roles', () => {
  const PATH = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com'
  test.each([
    ['arn:aws:iam::*:role/BreakGlass', 'arn:aws:iam::111122223333:role/BreakGlass', true],
    ['arn:aws:iam::*:role/BreakGlass', 'arn:aws:iam::111122223333:role/teams/BreakGlass', true],
    ['arn:aws:iam::*:role/teams/BreakGlass', 'arn:aws:iam::111122223333:role/BreakGlass', true],
    ['arn:aws:iam::*:role/BreakGlass', 'arn:aws:sts::111122223333:assumed-role/BreakGlass/ann', true],
    ['arn:aws:iam::*:role/BreakGlass', 'arn:aws:iam::111122223333:role/BreakGlass2', false],
    ['arn:aws:iam::444455556666:role/*', 'arn:aws:iam::111122223333:role/BreakGlass', false],
    ['Break*', 'arn:aws:iam::111122223333:role/BreakGlass', true],
    ['ann', 'arn:aws:iam::111122223333:user/people/ann', true],
    ['ann', 'arn:aws:iam::111122223333:group/ann', false],
    ['ann', 'arn:aws:s3:::ann', false],
    ['arn:aws:iam::*:user/people/*', 'arn:aws:iam::111122223333:user/people/ann', true],
    [`${PATH}/*`, `${PATH}/eu-west-1/AWSReservedSSO_Admin_1`, true],
  ])('%s and %s: %s', (pattern, arn, isMeant) => {
    const policy = policyOf(`version: 1\nnever: { roles: ["${pattern}"] }\n`)
    expect(forbiddenRole(policy, arn)).toBe(isMeant ? pattern : undefined)
  })
})

describe('a section of the guard rails is refused with line and key', () => {
  const freeze = (more: string) => `${HEAD}freezes:\n  - { name: a, ${more} }`
  const window = (text: string) => freeze(`weekly: "${text}", zone: UTC`)
  const when = (text: string) => `${HEAD}    when: { ${text} }`
  const NO_TIME = 'is not a date (2026-12-24) or a time without a zone (2026-12-24T18:00)'

  test.each([
    [freeze('zone: UTC'), 5, 'freezes[0]', 'says not when: from and to, weekly, or calendar'],
    [freeze('from: 2026-12-24T00:00, zone: UTC'), 5, 'freezes[0].to', 'missing key "to"'],
    [freeze('from: 2026-12-24T00:00, to: 2026-12-25'), 5, 'freezes[0].zone', 'missing key "zone"'],
    [
      `${HEAD}freezes:\n  - weekly: "Mon 00:00-01:00"\n    zone: UTC`,
      5,
      'freezes[0].name',
      'missing key "name"',
    ],
    [
      freeze('weekly: "Mon 00:00-01:00", calendar: change-freeze, zone: UTC'),
      5,
      'freezes[0].calendar',
      'one of these is meant: from and to, weekly, or calendar',
    ],
    [
      freeze('calendar: change-freeze, zone: UTC'),
      5,
      'freezes[0].zone',
      'is for from and to, or weekly: a calendar has its own',
    ],
    [freeze('from: 2027-02-30, to: 2027-03-01, zone: UTC'), 5, 'freezes[0].from', NO_TIME],
    [freeze('from: 2027-02-28T25:00, to: 2027-03-01, zone: UTC'), 5, 'freezes[0].from', NO_TIME],
    [freeze('from: christmas, to: 2027-03-01, zone: UTC'), 5, 'freezes[0].from', NO_TIME],
    [
      freeze('from: 2027-02-28T00:00Z, to: 2027-03-01, zone: UTC'),
      5,
      'freezes[0].from',
      'names a zone of its own: leave that to zone (2026-12-24T00:00)',
    ],
    [
      freeze('from: 2026-12-27T00:00, to: 2026-12-24T00:00, zone: UTC'),
      5,
      'freezes[0].to',
      '2026-12-24T00:00 is not after 2026-12-27T00:00 (UTC)',
    ],
    [
      // The clock never shows any time between these.
      freeze('from: 2027-03-28T02:00, to: 2027-03-28T03:00, zone: Europe/Berlin'),
      5,
      'freezes[0].to',
      '2027-03-28T03:00 is not after 2027-03-28T02:00 (Europe/Berlin)',
    ],
    [
      freeze('weekly: "Mon 00:00-01:00", zone: Europe/Berlim'),
      5,
      'freezes[0].zone',
      'unknown time zone "Europe/Berlim"; did you mean "Europe/Berlin"?',
    ],
    [
      freeze('weekly: "Mon 00:00-01:00", zone: "+01:00"'),
      5,
      'freezes[0].zone',
      expect.stringContaining('unknown time zone "+01:00"'),
    ],
    [window('Mon-Fri'), 5, 'freezes[0].weekly', expect.stringContaining('is no window of the week')],
    [window('18:00-08:00'), 5, 'freezes[0].weekly', expect.stringContaining('is no window of the week')],
    [window('Mon-Fry 18:00-08:00'), 5, 'freezes[0].weekly', 'unknown day "Fry"; did you mean "Fri"?'],
    [window('Mon-Wed-Fri 18:00-08:00'), 5, 'freezes[0].weekly', expect.stringContaining('unknown day')],
    [
      window('Mon 25:00-26:00'),
      5,
      'freezes[0].weekly',
      '25:00 is no time of a day; write 00:00 to 23:59, and 24:00 for its end',
    ],
    [window('Mon 24:00-01:00'), 5, 'freezes[0].weekly', expect.stringContaining('24:00 is no time')],
    [window('Mon 23:00-23:60'), 5, 'freezes[0].weekly', expect.stringContaining('23:60 is no time')],
    [
      window('Mon 08:00-08:00'),
      5,
      'freezes[0].weekly',
      'begins and ends at 08:00; write 00:00-24:00 for whole days',
    ],
    [freeze('calendar: a b'), 5, 'freezes[0].calendar', expect.stringContaining('SSM Change Calendar')],
    [
      freeze('weekly: "Mon 00:00-01:00", zone: UTC, except: { severty: HIGH }'),
      5,
      'freezes[0].except.severty',
      'unknown key "severty"; did you mean "severity"? Valid here: severity',
    ],
    [
      freeze('weekly: "Mon 00:00-01:00", zone: UTC, except: { severity: { atLeast: BAD } }'),
      5,
      'freezes[0].except.severity.atLeast',
      expect.stringContaining('unknown severity "BAD"'),
    ],
    [
      freeze('form: 2026-12-24T00:00'),
      5,
      'freezes[0].form',
      expect.stringContaining('unknown key "form"; did you mean "from"?'),
    ],
    [`${HEAD}limits: { changesPerHour: 0 }`, 4, 'limits.changesPerHour', 'must be at least 1'],
    [`${HEAD}limits: { changesPerHour: 1.5 }`, 4, 'limits.changesPerHour', 'must be a whole number'],
    [`${HEAD}limits: { changesPerHour: many }`, 4, 'limits.changesPerHour', 'must be a whole number'],
    [`${HEAD}limits: { changesPerHour: 10001 }`, 4, 'limits.changesPerHour', 'must be at most 10000'],
    [
      `${HEAD}limits: { changesPerDay: 1 }`,
      4,
      'limits.changesPerDay',
      expect.stringContaining('unknown key "changesPerDay"'),
    ],
    [`${HEAD}limits: { attempts: { times: 3 } }`, 4, 'limits.attempts.within', 'missing key "within"'],
    [
      `${HEAD}limits: { fights: { times: 3, within: 91d } }`,
      4,
      'limits.fights.within',
      'must be at most 90d',
    ],
    [
      `${HEAD}limits: { breaker: { failures: 3, within: 1h, retryAfter: soon } }`,
      4,
      'limits.breaker.retryAfter',
      expect.stringContaining('is not a duration'),
    ],
    [
      when('ou: prod'),
      4,
      'rules[0].when.ou',
      expect.stringContaining('is not the id of an organisational unit'),
    ],
    [when('reachable: yes'), 4, 'rules[0].when.reachable', 'must be true or false, not text'],
    [when('accountTags: {}'), 4, 'rules[0].when.accountTags', 'needs at least one tag'],
    [when('age: {}'), 4, 'rules[0].when.age', 'needs atLeast or atMost ({ atLeast: 1h })'],
    [
      when('age: { atLeast: 2h, atMost: 1h }'),
      4,
      'rules[0].when.age.atMost',
      'must not be shorter than atLeast',
    ],
    [when('not: {}'), 4, 'rules[0].when.not', 'needs at least one condition'],
    [
      when('not: { not: { source: config } }'),
      4,
      'rules[0].when.not.not',
      expect.stringContaining('unknown key "not"'),
    ],
    [when('playbook: "rds-*"'), 4, 'rules[0].when.playbook', '"rds-*" matches no playbook'],
    [
      `${HEAD}never: { roles: ["arn:aws:sts::*:assumed-role/a/b"] }`,
      4,
      'never.roles[0]',
      expect.stringContaining('is neither an ARN pattern for roles or users'),
    ],
    [
      `${HEAD}never: { roles: ["arn:aws:iam::*:role/teams/*"] }`,
      4,
      'never.roles[0]',
      expect.stringContaining('protects nothing: roles are told by their names'),
    ],
    [`${HEAD}never: { accounts: ["1"] }`, 4, 'never.accounts[0]', 'an account has 12 digits'],
  ])('%j', (text, line, key, message) => {
    const { problems } = errorOf(() => parsePolicy(text, '/etc/rectify.yaml', playbooks))
    expect(problems).toEqual([{ line, key, message }])
  })
})
