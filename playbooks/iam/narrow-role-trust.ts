import type { Role } from '@aws-sdk/client-iam'
import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { cloudTrail, externalAccess } from '../../src/playbook/matchers.ts'
import { notApplicable, Unplannable } from '../../src/playbook/playbook.ts'
import { definePolicyEdit } from '../../src/playbook/policy-document/define-policy-edit.ts'
import { nameIds, partsOf } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { iam } from '../services.ts'
import { narrowed } from './role-trust.ts'

const ARN = 'arn:{partition}:iam::{account}:role/{id}'

/** `RectifyRead` and `RectifyChange` of members, and the roles of the stack. */
const OWN = /:role\/(?:.*\/)?rectify[^/]*$/i

const parameters = z.strictObject({
  knownAccounts: z
    ._default(z.array(z.string().check(z.regex(/^\d{12}$/))), [])
    .check(z.describe('accounts that roles trust on purpose, by their 12 digits: they are never taken out')),
})

/** Takes those out of a role's trust policy whom a detector names, and puts the account itself in place of everybody. */
export const narrowRoleTrust = definePolicyEdit({
  id: 'iam-narrow-role-trust',
  title: 'Narrow who may assume a role',
  about: {
    risk: 'Whoever is let in by the trust policy has all the rights of the role, for as long as he likes. A star lets in every account of AWS; an account that nobody knows, with no external id asked of it, lets in whoever works there.',
    breaks:
      'Those who are taken out can no longer assume the role: monitoring that a vendor runs from his account, or a deployment from another account of yours. Trust that asks for an external id or is narrowed by another condition, identity providers and known accounts stay. When the role was used last is in the plan, and makes a person look first.',
  },
  implements: ['accessanalyzer-iam-role'],
  resource: 'AWS::IAM::Role',
  // With its path, without which its ARN is another: `service-role/reports`.
  ids: nameIds(/[\w+=,.@/-]/, 576, ['deploy']),
  arn: ARN,
  tagsOf: 'the role',
  answers: [externalAccess('AWS::IAM::Role'), cloudTrail('iam:UpdateAssumeRolePolicy', 'iam:CreateRole')],
  parameters,
  suggestedMode: 'approve',
  look: read(
    iam,
    'GetRole',
    (id) => ({ RoleName: id.slice(id.lastIndexOf('/') + 1) }),
    ({ Role }) => roleIn(Role),
  ),
  // CloudTrail names roles without their path.
  otherIds: { like: /^[^/]+$/, idIn: ({ arn }) => arn.slice(arn.indexOf('/') + 1) },
  tags: ({ tags }) => tagsIn(tags),
  policyIn: ({ policy }) => policy,
  edit(document, { arn }, { parameters: { knownAccounts }, findings }) {
    const { partition, account } = partsOf(arn)
    const analysed = findings.filter(({ source }) => source === 'accessanalyzer')
    const { stays, ...edit } = narrowed(document, {
      own: `arn:${partition}:iam::${account}:root`,
      named: analysed.flatMap(({ evidence: { principal } }) => principal ?? []),
      known: knownAccounts,
    })
    if (edit.changes.length === 0 && stays.length > 0) return notApplicable([...new Set(stays)].join('; '))
    return edit
  },
  already: 'the trust policy lets in neither everybody nor those whom the finding names',
  put: (id, PolicyDocument) =>
    call('iam', 'UpdateAssumeRolePolicy', { RoleName: id.slice(id.lastIndexOf('/') + 1), PolicyDocument }),
  changes: [{ action: 'iam:UpdateAssumeRolePolicy', resource: ARN }],
  unless: ({ arn }) => {
    if (OWN.test(arn)) return 'Rectify works by it, and does not take itself out'
    if (arn.includes(':role/aws-service-role/'))
      return 'it is a role of an AWS service, which alone can change it'
    return arn.includes(':role/aws-reserved/sso.amazonaws.com/')
      ? 'IAM Identity Center manages it'
      : undefined
  },
  cautions: ({ used }) => (used === undefined ? [] : [`the role was last used on ${used}: see by whom`]),
  property: 'AssumeRolePolicyDocument',
  effect:
    'those who are taken out cannot assume the role any more; sessions that they have last until they end',
})

function roleIn({ Arn, AssumeRolePolicyDocument: text, Tags = [], RoleLastUsed }: Partial<Role> = {}) {
  if (!Arn || !text) throw new Unplannable('AWS does not say the trust policy of the role')
  const { LastUsedDate: at, Region: region } = RoleLastUsed ?? {}
  const used = at && `${at.toISOString().slice(0, 10)}${region ? ` in ${region}` : ''}`
  return { arn: Arn, policy: decoded(text), tags: Tags, used }
}

/** IAM gives back documents as parts of an address (RFC 3986). */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new Unplannable('the trust policy is not encoded as IAM documents it', { cause })
  }
}
