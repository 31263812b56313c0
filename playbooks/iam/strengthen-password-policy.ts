import type { PasswordPolicy } from '@aws-sdk/client-iam'
import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub, trustedAdvisor } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { onAll, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { iam } from '../services.ts'

const number = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most))

const parameters = z.strictObject({
  minimumLength: z
    ._default(number(6, 128), 14)
    .check(z.describe('characters that a password has at least; a longer minimum stays')),
  maximumAge: z
    ._default(z.nullable(number(1, 1095)), 90)
    .check(z.describe('days after which a password has to be changed; a shorter age stays; null: as it is')),
  reusePrevention: z
    ._default(number(1, 24), 24)
    .check(z.describe('how many passwords may not be used again; a higher number stays')),
})

/** What each kind of character is asked by. */
const KINDS = [
  'RequireUppercaseCharacters',
  'RequireLowercaseCharacters',
  'RequireNumbers',
  'RequireSymbols',
] as const

type Policy = Record<(typeof KINDS)[number], boolean> & {
  MinimumPasswordLength: number
  AllowUsersToChangePassword: boolean
  MaxPasswordAge?: number
  PasswordReusePrevention?: number
  HardExpiry?: boolean
}

/**
 * Makes the account's rules for passwords stricter, and none looser. A change replaces all of them, and what is left out
 * goes back to IAM's default, so that each is sent.
 */
export const strengthenPasswordPolicy = defineSetting({
  id: 'iam-strengthen-password-policy',
  title: "Strengthen the account's password policy",
  about: {
    risk: 'Short passwords that are never changed are guessed, or known from elsewhere, and one of them opens the console of the account.',
    breaks:
      'Nobody is signed out. A user whose password is older than `maximumAge` has to choose another at the next sign-in; that, and a policy that locks users out for good (hard expiry), make a person look first. Access keys and roles have no password.',
  },
  implements: ['iam-password-policy'],
  ...ofTheAccount('arn:{partition}:iam::{account}:password-policy/{id}'),
  answers: [
    config('IAM_PASSWORD_POLICY'),
    securityHub('IAM.7', 'IAM.10', 'IAM.11', 'IAM.12', 'IAM.13', 'IAM.14', 'IAM.15', 'IAM.16', 'IAM.17'),
    // IAM password policy.
    trustedAdvisor('Yw2K9puPzl'),
    prowler('iam_password_policy_*'),
  ],
  ruleParameters: ['IAM_PASSWORD_POLICY'],
  parameters,
  suggestedMode: 'approve',
  look: onAll(
    read(
      iam,
      'GetAccountPasswordPolicy',
      () => ({}),
      ({ PasswordPolicy: live }) => {
        if (live?.MinimumPasswordLength === undefined)
          throw new Unplannable('AWS does not say the password policy of the account')
        return { live: policyIn(live) as Policy | null }
      },
      { NoSuchEntity: { live: null }, NoSuchEntityException: { live: null } },
    ),
  ),
  values: ({ live }) => live,
  should: (given, { live }) => stricter(live, given),
  set: (_, values) => call('iam', 'UpdateAccountPasswordPolicy', values as Policy),
  unset: () => call('iam', 'DeleteAccountPasswordPolicy', {}),
  changes: [
    { action: 'iam:UpdateAccountPasswordPolicy', resource: '*' },
    { action: 'iam:DeleteAccountPasswordPolicy', resource: '*' },
  ],
  unproven: ({ live }, { parameters: given, findings }) => {
    const after = stricter(live, given)
    const lacks = findings.flatMap((finding) => lacking(after, asksOf(finding)))
    return lacks.length > 0
      ? `the finding asks for more than the policy's parameters: ${[...new Set(lacks)].join(', ')}`
      : undefined
  },
  effect: 'passwords that are chosen from then on have to follow the rules; those that are there stay valid',
  cautions: ({ live }, { parameters: { maximumAge } }) => {
    const age = live?.MaxPasswordAge
    const shortens = maximumAge !== null && (age === undefined || age > maximumAge)
    if (!shortens) return []
    const locks = live?.HardExpiry === true ? ', and is locked out until an administrator helps' : ''
    return [
      `whoever has a password of more than ${maximumAge} days has to change it at the next sign-in${locks}`,
    ]
  },
})

/** IAM leaves out what is not set. */
function policyIn(live: PasswordPolicy): Policy {
  const { MaxPasswordAge, PasswordReusePrevention, HardExpiry } = live
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, live[kind] ?? false])) as Record<
    (typeof KINDS)[number],
    boolean
  >
  return {
    MinimumPasswordLength: live.MinimumPasswordLength ?? 0,
    ...kinds,
    AllowUsersToChangePassword: live.AllowUsersToChangePassword ?? false,
    ...(MaxPasswordAge ? { MaxPasswordAge } : {}),
    ...(PasswordReusePrevention ? { PasswordReusePrevention } : {}),
    // IAM says false, or nothing, where passwords that have expired can be changed.
    ...(HardExpiry ? { HardExpiry } : {}),
  }
}

function stricter(live: Policy | null, given: z.output<typeof parameters>): Policy {
  const ages = [live?.MaxPasswordAge, given.maximumAge ?? undefined].filter((age) => age !== undefined)
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, true])) as Record<
    (typeof KINDS)[number],
    boolean
  >
  return {
    MinimumPasswordLength: Math.max(live?.MinimumPasswordLength ?? 0, given.minimumLength),
    ...kinds,
    // Who has to change a password must be able to.
    AllowUsersToChangePassword: live?.AllowUsersToChangePassword ?? true,
    ...(ages.length > 0 && { MaxPasswordAge: Math.min(...ages) }),
    PasswordReusePrevention: Math.max(live?.PasswordReusePrevention ?? 0, given.reusePrevention),
    ...(live?.HardExpiry ? { HardExpiry: true } : {}),
  }
}

/** What a check holds the policy to. */
interface Asks {
  length?: number
  /** Days. */
  age?: number
  reuse?: number
}

/** By type of finding: Security Hub user guide, IAM.7 to IAM.17; the names of Prowler's checks. */
const ASKS: Readonly<Record<string, Asks>> = {
  'IAM.7': { length: 8 },
  'IAM.10': { length: 7, age: 90, reuse: 4 },
  'IAM.15': { length: 14 },
  'IAM.16': { reuse: 24 },
  'IAM.17': { age: 90 },
  iam_password_policy_minimum_length_14: { length: 14 },
  iam_password_policy_reuse_24: { reuse: 24 },
  iam_password_policy_expires_passwords_within_90_days_or_less: { age: 90 },
  // AWS Config developer guide, iam-password-policy: its defaults.
  IAM_PASSWORD_POLICY: { length: 14, age: 90, reuse: 24 },
}

function asksOf({ type, evidence: { ruleParameters = {} } }: Finding): Asks {
  const said = (name: string) => (ruleParameters[name] ? Number(ruleParameters[name]) : undefined)
  const own = {
    length: said('MinimumPasswordLength'),
    age: said('MaxPasswordAge'),
    reuse: said('PasswordReusePrevention'),
  }
  const told = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  return { ...(Object.hasOwn(ASKS, type) && ASKS[type]), ...told }
}

function lacking({ MinimumPasswordLength, MaxPasswordAge, PasswordReusePrevention }: Policy, asks: Asks) {
  const { length = 0, age = Number.POSITIVE_INFINITY, reuse = 0 } = asks
  return [
    ...(MinimumPasswordLength < length ? [`${length} characters`] : []),
    ...((MaxPasswordAge ?? Number.POSITIVE_INFINITY) > age ? [`another password after ${age} days`] : []),
    ...((PasswordReusePrevention ?? 0) < reuse ? [`none of the last ${reuse} passwords`] : []),
  ]
}
