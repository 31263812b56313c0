import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { rds } from './service.ts'

/** AWS Config says `db-ABC…`, the API the name, which has no capitals. */
const RESOURCE_ID = /^db-[A-Z0-9]+$/
const ARN = 'arn:{partition}:rds:{region}:{account}:db:{id}'

/** Lets nobody delete a database instance before its protection is taken away. */
export const protectFromDeletion = defineSetting({
  id: 'rds-protect-from-deletion',
  title: 'Protect a database from deletion',
  about: {
    risk: 'One call, one wrong stack update or one stolen key deletes the database with all that is in it.',
    breaks:
      'Whoever deletes the database on purpose, by a stack or by Terraform too, has to take the protection away first. Connections are not touched.',
  },
  implements: ['rds-deletion-protection'],
  resource: 'AWS::RDS::DBInstance',
  ids: nameIds(/[a-zA-Z0-9-]/, 63, ['my-database']),
  arn: ARN,
  tagsOf: 'the database',
  property: 'DeletionProtection',
  answers: [
    config('RDS_INSTANCE_DELETION_PROTECTION_ENABLED'),
    securityHub('RDS.8'),
    prowler('rds_instance_deletion_protection'),
  ],
  suggestedMode: 'auto',
  readsOn: { 'rds:DescribeDBInstances': [ARN] },
  look: listed(rds, 'DescribeDBInstances', 'DBInstances', byId, ([found]) => found),
  otherIds: { like: RESOURCE_ID, idIn: ({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier },
  tags: ({ TagList }) => tagsIn(TagList),
  values: ({ DeletionProtection: live }) => (live === undefined ? null : { DeletionProtection: live }),
  should: { DeletionProtection: true },
  // Without ApplyImmediately: that would let in whatever else waits for the maintenance window.
  set: (DBInstanceIdentifier, values) => call('rds', 'ModifyDBInstance', { DBInstanceIdentifier, ...values }),
  unless: ({ DBClusterIdentifier: cluster }) => cluster && `its cluster ${cluster} is protected as a whole`,
  effect:
    'deleting the database, by CloudFormation or Terraform too, fails until the protection is taken away',
})

function byId(id: string) {
  return { Filters: [{ Name: RESOURCE_ID.test(id) ? 'dbi-resource-id' : 'db-instance-id', Values: [id] }] }
}
