import { call } from '../../src/playbook/api.ts'
import { accessAnalyzer, cloudTrail, prowler } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { definePolicyEdit } from '../../src/playbook/policy-document/define-policy-edit.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ecr } from '../services.ts'

const ARN = 'arn:{partition}:ecr:{region}:{account}:repository/{id}'
const of = (repositoryName: string) => ({ repositoryName })

/** Takes everybody out of the policy of a private repository. */
export const removePublicRepositoryStatement = definePolicyEdit({
  id: 'ecr-remove-public-statement',
  title: 'Take everybody out of the policy of a repository of images',
  about: {
    risk: 'Anybody with an account of AWS can pull the images, or push others under their names, as far as the statement goes. Images hold code and often secrets, and what is pushed is run at the next deployment.',
    breaks:
      'Accounts that pull by the star alone get no image any more, which shows at their next deployment or when a node is replaced; the account itself goes on by its IAM policies. AWS does not say who pulled by which statement: conditions on it, and denials that weigh against it, make a person look first.',
  },
  implements: ['ecr-repository'],
  resource: 'AWS::ECR::Repository',
  ids: nameIds(/[a-z0-9._/-]/, 256, ['shop/web']),
  arn: ARN,
  tagsOf: 'the repository',
  answers: [
    prowler('ecr_repositories_not_publicly_accessible'),
    accessAnalyzer('AWS::ECR::Repository'),
    cloudTrail('ecr:SetRepositoryPolicy'),
  ],
  suggestedMode: 'approve',
  look: read(ecr, 'GetRepositoryPolicy', of, policyOf, {
    RepositoryPolicyNotFoundException: { policy: null },
  }),
  tags: read(
    ecr,
    'ListTagsForResource',
    (_, { resource }) => ({ resourceArn: resource }),
    ({ tags }) => tagsIn(tags),
  ),
  policyIn: ({ policy }) => policy,
  put: (repositoryName, policyText) => call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText }),
  drop: (repositoryName) => call('ecr', 'DeleteRepositoryPolicy', { repositoryName }),
  changes: [
    { action: 'ecr:SetRepositoryPolicy', resource: ARN },
    { action: 'ecr:DeleteRepositoryPolicy', resource: ARN },
  ],
  property: 'RepositoryPolicyText',
  effect: 'accounts that are not named pull and push no image any more',
})

function policyOf({ policyText }: { policyText?: string | undefined }): { policy: string | null } {
  if (!policyText) throw new Unplannable('AWS does not say the policy of the repository')
  return { policy: policyText }
}
