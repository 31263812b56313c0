import { narrowRoleTrust } from '../../../playbooks/iam/narrow-role-trust.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { edits, holding, inText, policyText, stays } from '../policy-rows.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const OWN = 'arn:aws:iam::123456789012:root'
const STRANGER = 'arn:aws:iam::444455556666:root'
const PARTNER = 'arn:aws:iam::777788889999:root'
const trust = (more: object) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...more })

const stranger = trust({ Sid: 'Stranger', Principal: { AWS: STRANGER } })
const partner = trust({ Principal: { AWS: PARTNER } })
const own = trust({ Principal: { AWS: OWN } })
const everybody = trust({ Principal: '*' })
const federated = trust({
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: 'token.actions.githubusercontent.com' },
})
const withSecret = { Condition: { StringEquals: { 'sts:ExternalId': 'a1b2' } } }
const secretIfThere = { Condition: { StringEqualsIfExists: { 'sts:ExternalId': 'a1b2' } } }
const fromDeployment = {
  Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/ci' } },
}
/** Whom the table's finding names beside the stranger would be another finding's. */
const NEITHER = 'lets in neither everybody nor those whom the finding names'

function there({ isThere, more }: LiveResource, action: string, name: unknown): void {
  const isIts = name === 'deploy' || String(more.arn).endsWith(`/${name}`)
  if (!isThere || !isIts) throw absent(action, 'NoSuchEntity')
}

/** As IAM gives it back. */
const encoded = (text: unknown) => encodeURIComponent(String(text)).replaceAll("'", '%27')

export const table: SettingTable = {
  playbook: narrowRoleTrust,
  // Without its path, as CloudTrail names it; the account of a root user by its number, as Access Analyzer does.
  finding: {
    source: 'accessanalyzer',
    type: 'ExternalAccess:AWS::IAM::Role',
    id: 'deploy',
    evidence: { principal: '444455556666' },
  },
  id: 'teams/web/deploy',
  should: holding(own, partner)!,
  other: holding(own, stranger),
  rows: [
    edits([own, stranger, partner], [own, partner]),
    edits(
      [trust({ Principal: { AWS: [STRANGER, PARTNER] } }), federated],
      [trust({ Principal: { AWS: [PARTNER] } }), federated],
    ),
    edits(
      [trust({ Principal: { AWS: STRANGER, Service: 'ec2.amazonaws.com' } })],
      [trust({ Principal: { Service: 'ec2.amazonaws.com' } })],
    ),
    edits([everybody, federated], [own, federated]),
    edits([trust({ Principal: { AWS: ['*', STRANGER, OWN] } })], [trust({ Principal: { AWS: [OWN] } })]),
    edits([{ ...everybody, ...withSecret }], [{ ...own, ...withSecret }], {
      caution: 'statement 1 has a condition (sts:ExternalId), and is public all the same',
    }),
    edits([{ ...stranger, ...secretIfThere }, own], [own]),
    edits([stranger], [{ ...stranger, Effect: 'Deny' }], { caution: 'nobody can assume the role any more' }),
    edits([own, stranger], [own], {
      more: { RoleLastUsed: { LastUsedDate: new Date('2026-11-01T12:00:00Z'), Region: 'eu-west-1' } },
      caution: 'the role was last used on 2026-11-01 in eu-west-1: see by whom',
    }),
    stays([own, partner, federated], 'alreadyCompliant', NEITHER),
    stays(
      [{ ...stranger, ...withSecret }],
      'notApplicable',
      `${STRANGER} is held to conditions (sts:ExternalId)`,
    ),
    stays(
      [{ ...stranger, ...fromDeployment }],
      'notApplicable',
      `${STRANGER} is held to conditions (aws:PrincipalArn)`,
    ),
    stays([trust({ NotPrincipal: { AWS: OWN } })], 'failed', 'statement 1 allows something to all but some'),
    stays([stranger], 'notApplicable', 'it is a role of an AWS service', {
      path: 'aws-service-role/ecs.amazonaws.com/',
    }),
    stays([stranger], 'notApplicable', 'Rectify works by it, and does not take itself out', {
      arn: 'arn:aws:iam::123456789012:role/ops/RectifyChange',
    }),
    inText('[]', 'failed', 'of a form that the grammar does not know'),
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say the trust policy of the role' } },
  ],
  change: 'iam:UpdateAssumeRolePolicy',
  wire: {
    async plant({ send }) {
      const RoleName = 'wire-trusting'
      const before = policyText(stranger, own)
      const { Role } = await send('iam', 'CreateRole', {
        RoleName,
        Path: '/teams/',
        AssumeRolePolicyDocument: before,
      })
      const live = async () =>
        decodeURIComponent((await send('iam', 'GetRole', { RoleName })).Role!.AssumeRolePolicyDocument!)
      return { id: Role!.Arn!, live, should: policyText(own) }
    },
    missing: 'wire-no-such-role',
  },
  aws: (role) => ({
    iam: {
      GetRole: ({ RoleName }) => {
        there(role, 'iam:GetRole', RoleName)
        const { path = 'teams/web/', arn, ...more } = role.more as Fields & { path?: string; arn?: string }
        const { policy } = role.values ?? {}
        return {
          Role: {
            Arn: arn ?? `arn:aws:iam::123456789012:role/${path}deploy`,
            ...(policy !== undefined && { AssumeRolePolicyDocument: encoded(policy) }),
            Tags: role.tags,
            ...more,
          },
        }
      },
      UpdateAssumeRolePolicy: ({ RoleName, PolicyDocument }) => {
        there(role, 'iam:UpdateAssumeRolePolicy', RoleName)
        role.values = { policy: PolicyDocument }
        return {}
      },
    },
  }),
}
