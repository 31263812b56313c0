import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { dynamodb } from '../services.ts'

const ARN = 'arn:{partition}:dynamodb:{region}:{account}:table/{id}'

/** How detectors and the API name a table; of a global table, its replica in the region of the finding. */
export const tables = {
  resource: 'AWS::DynamoDB::Table',
  alsoNamed: ['AWS::DynamoDB::GlobalTable'],
  ids: nameIds(/[\w.-]/, 255, ['my-table']),
  arn: ARN,
  tagsOf: 'the table',
  readsOn: { 'dynamodb:ListTagsOfResource': [ARN] },
  tags: listed(
    dynamodb,
    'ListTagsOfResource',
    'Tags',
    (_, { resource }) => ({ ResourceArn: resource }),
    (tags) => tagsIn(tags),
  ),
}

export const ofTable = (TableName: string) => ({ TableName })
