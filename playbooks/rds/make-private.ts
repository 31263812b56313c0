import type { DBInstance } from '@aws-sdk/client-rds'
import { call } from '../../src/playbook/api.ts'
import { config, guardDuty, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { followedBy } from '../../src/playbook/setting/looks.ts'
import { outsideCut } from '../ec2/cuts/outside-cut.ts'
import { outsideCautions, outsideSources } from '../ec2/ingress/outside-sources.ts'
import { database, databases, isOfMultiAzCluster, toldBy } from './databases.ts'

/** A database, and who may connect to it from outside. */
const withOutside = followedBy(database, (seen) =>
  outsideSources(() => (seen().VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? [])),
)

/** Takes a database off the internet: from outside, its name leads to its private address. */
export const makePrivate = defineSetting({
  id: 'rds-make-private',
  title: 'Make a database private',
  about: {
    risk: 'The database has a public address: whoever its security groups let in, today or after the next mistake in them, tries its passwords and holes.',
    breaks:
      'Whoever connects from outside the VPC is cut off within seconds, because the name of the database leads elsewhere. The plan names the public ranges that its security groups let in; where there are any, where they cannot be read, and where the database is one of a cluster, a person is asked.',
  },
  implements: ['rds-instance-private'],
  ...databases,
  property: 'PubliclyAccessible',
  answers: [
    config('RDS_INSTANCE_PUBLIC_ACCESS_CHECK'),
    securityHub('RDS.2'),
    prowler('rds_instance_no_public_access'),
    // Who is attacked from outside need not be reached from there.
    guardDuty('CredentialAccess:RDS/*', 'Discovery:RDS/*'),
  ],
  suggestedMode: 'approve',
  look: withOutside,
  ...toldBy(([seen]: [DBInstance, unknown]) => seen),
  values: ([{ PubliclyAccessible: live }]) => (live === undefined ? null : { PubliclyAccessible: live }),
  should: { PubliclyAccessible: false },
  // It applies at once, whatever ApplyImmediately says, which would let in whatever else waits for the window.
  set: (DBInstanceIdentifier, values) => call('rds', 'ModifyDBInstance', { DBInstanceIdentifier, ...values }),
  unless: ([seen]) =>
    isOfMultiAzCluster(seen)
      ? `its cluster ${seen.DBClusterIdentifier} is a Multi-AZ cluster: whether that is public is chosen when it is made`
      : undefined,
  cuts: ([seen]) =>
    outsideCut({
      groups: (seen.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
      subnets: (seen.DBSubnetGroup?.Subnets ?? []).flatMap(({ SubnetIdentifier: id }) => id ?? []),
      port: seen.Endpoint?.Port,
      requester: 'amazon-rds',
      described: 'RDSNetworkInterface',
      what: 'the database',
    }),
  effect: 'whoever connects from outside the VPC is cut off; inside it nothing changes',
  cautions: ([{ DBClusterIdentifier: cluster }, sources]) => [
    ...outsideCautions(sources),
    ...(cluster === undefined
      ? []
      : [
          `the endpoints of its cluster ${cluster} lead to other instances too, each with a setting of its own`,
        ]),
  ],
})
