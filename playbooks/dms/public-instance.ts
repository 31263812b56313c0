import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { notApplicable, ownTargets, targetOf, Unplannable } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { allOf, listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { dms } from '../services.ts'

const ARN = 'arn:{partition}:dms:{region}:{account}:rep:{id}'
const INSTANCE = {
  resource: 'AWS::DMS::ReplicationInstance',
  // A text of AWS's own, or the end of the ARN that whoever made it has chosen.
  ids: nameIds(/[A-Za-z0-9-]/, 64, ['ABCDEFGHIJKLMNOPQRSTUVWXYZ']),
  arn: ARN,
}

const ofInstance = (_: string, { resource }: { resource: string }) => ({
  Filters: [{ Name: 'replication-instance-arn', Values: [resource] }],
})

const instance = allOf({
  itself: listed(dms, 'DescribeReplicationInstances', 'ReplicationInstances', ofInstance, ([found]) => found),
  tasks: listed(dms, 'DescribeReplicationTasks', 'ReplicationTasks', ofInstance, (tasks) => tasks),
  tags: listed(
    dms,
    'ListTagsForResource',
    'TagList',
    (_, { resource }) => ({ ResourceArn: resource }),
    (tags) => tagsIn(tags),
  ),
})

/** Says how a replication instance that has a public address is replaced: DMS changes that of none that is there. */
export const publicInstance = defineAdvice({
  id: 'dms-public-instance',
  title: 'Replace a public replication instance',
  about: {
    risk: 'The instance has a public address and the passwords of both databases: whoever gets into it reads all that is copied.',
    breaks:
      'Nothing is changed: DMS cannot take the address away. A task stops while a person moves it to another instance, and copies on from where it was.',
  },
  implements: ['dms-public'],
  ...INSTANCE,
  tagsOf: 'the replication instance',
  answers: [
    config('DMS_REPLICATION_NOT_PUBLIC'),
    securityHub('DMS.1'),
    prowler('dms_instance_no_public_access'),
  ],
  readsOn: { 'dms:ListTagsForResource': [ARN] },

  /** The rule reports the account: then each public instance is a target. */
  async targets(finding, _parameters, aws) {
    if (!finding.resources.some(({ id }) => id === finding.account)) {
      const named = ownTargets(INSTANCE, finding)
      if (named.length > 0) return named
      return notApplicable('the finding names neither a replication instance nor the account')
    }
    const all = await aws.list('dms', 'DescribeReplicationInstances', {}, 'ReplicationInstances')
    return all
      .filter(({ PubliclyAccessible }) => PubliclyAccessible)
      .map(({ ReplicationInstanceArn: arn = '' }) => targetOf(INSTANCE, arn, finding))
  },

  look: instance,
  tags: ({ tags }) => tags,
  vpc: ({ itself }) => itself.ReplicationSubnetGroup?.VpcId,
  wrong: ({ itself }, { id }) => {
    if (itself.PubliclyAccessible === undefined)
      throw new Unplannable(`AWS does not say whether ${id} is public`)
    const [address = 'a public address'] = itself.ReplicationInstancePublicIpAddresses ?? []
    return itself.PubliclyAccessible
      ? `the replication instance ${itself.ReplicationInstanceIdentifier} answers the internet, at ${address}`
      : undefined
  },
  todo: ({ itself, tasks }, { resource }) => [
    `make another one without: aws dms create-replication-instance --replication-instance-identifier NAME --replication-instance-class ${itself.ReplicationInstanceClass} --replication-subnet-group-identifier ${itself.ReplicationSubnetGroup?.ReplicationSubnetGroupIdentifier} --no-publicly-accessible`,
    'see that it reaches both databases: aws dms test-connection --replication-instance-arn NEW --endpoint-arn ENDPOINT',
    ...tasks.flatMap(({ ReplicationTaskArn: task, ReplicationTaskIdentifier: name, Status }) => [
      ...(Status === 'running'
        ? [`stop ${name}: aws dms stop-replication-task --replication-task-arn ${task}`]
        : []),
      `move ${name}: aws dms move-replication-task --replication-task-arn ${task} --target-replication-instance-arn NEW`,
      ...(Status === 'running'
        ? [
            `go on with ${name}: aws dms start-replication-task --replication-task-arn ${task} --start-replication-task-type resume-processing`,
          ]
        : []),
    ]),
    `delete the public one: aws dms delete-replication-instance --replication-instance-arn ${resource}`,
  ],
  unless: ({ itself }) =>
    itself.ReplicationInstanceStatus === 'deleting' ? 'it is being deleted' : undefined,
})
