import { removePublicRepositoryStatement } from '../../../playbooks/ecr/remove-public-statement.ts'
import { edits, holding, inText, policyText, stays } from '../policy-rows.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const NAME = 'shop/web'
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const everybody = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: pull }
const partner = {
  Sid: 'Partner',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: pull,
}
const organization = {
  ...everybody,
  Sid: 'Organization',
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
}

function there({ isThere }: LiveResource, action: string, name: unknown = NAME): void {
  if (!isThere || name !== NAME) throw absent(action, 'RepositoryNotFoundException')
}

/** ECR gives back what it understood, laid out anew, as its answer in CloudTrail's SetRepositoryPolicy shows. */
function asEcrSaysIt(text: string): string {
  const { Version, Statement } = JSON.parse(text)
  const laidOut = Statement.map(({ Principal, Action, ...more }: Record<string, unknown>) => ({
    ...more,
    Action,
    Principal: typeof Principal === 'string' ? { AWS: Principal } : Principal,
  }))
  return JSON.stringify({ Version, Statement: laidOut }, null, 2)
}

export const table: SettingTable = {
  playbook: removePublicRepositoryStatement,
  finding: { source: 'prowler', type: 'ecr_repositories_not_publicly_accessible', id: NAME },
  id: NAME,
  should: holding(partner)!,
  other: holding(everybody, partner),
  rows: [
    edits([everybody, partner], [partner]),
    edits([partner, { ...everybody, Principal: { AWS: '*' } }], [partner], {}, asEcrSaysIt),
    edits([everybody], [], { changes: ['ecr:DeleteRepositoryPolicy'] }),
    edits(
      [{ ...everybody, Principal: { AWS: ['*', '444455556666'] } }, organization],
      [{ ...everybody, Principal: { AWS: ['444455556666'] } }, organization],
    ),
    stays([organization, partner], 'alreadyCompliant', 'no statement of the policy lets everybody in'),
    stays([], 'alreadyCompliant', 'no statement of the policy lets everybody in'),
    inText(
      '{"Statement":[{"Effect":"Allow","Principal":"all","Action":"*"}]}',
      'failed',
      'statement 1: Principal',
    ),
  ],
  change: 'ecr:SetRepositoryPolicy',
  wire: {
    async plant({ send }) {
      const repositoryName = 'rectify-wire/open'
      await send('ecr', 'CreateRepository', { repositoryName })
      await send('ecr', 'SetRepositoryPolicy', { repositoryName, policyText: policyText(partner, everybody) })
      const live = async () => {
        const { policyText: text } = await send('ecr', 'GetRepositoryPolicy', { repositoryName })
        return JSON.parse(text!)
      }
      return { id: repositoryName, live, should: JSON.parse(policyText(partner)) }
    },
    missing: 'no-such/repository',
  },
  aws: (repository) => ({
    ecr: {
      GetRepositoryPolicy: ({ repositoryName }) => {
        there(repository, 'ecr:GetRepositoryPolicy', repositoryName)
        if (!repository.values) throw absent('ecr:GetRepositoryPolicy', 'RepositoryPolicyNotFoundException')
        return { repositoryName, policyText: repository.values.policy }
      },
      ListTagsForResource: () => {
        there(repository, 'ecr:ListTagsForResource')
        return { tags: repository.tags }
      },
      SetRepositoryPolicy: ({ repositoryName, policyText: text }) => {
        there(repository, 'ecr:SetRepositoryPolicy', repositoryName)
        const isLaidOut = String(repository.values?.policy).includes('\n')
        repository.values = { policy: isLaidOut ? asEcrSaysIt(String(text)) : text }
        return {}
      },
      DeleteRepositoryPolicy: ({ repositoryName }) => {
        there(repository, 'ecr:DeleteRepositoryPolicy', repositoryName)
        repository.values = null
        return {}
      },
    },
  }),
}
