import * as z from 'zod'
import { call } from '../../src/playbook/api.ts'
import { config } from '../../src/playbook/matchers.ts'
import { compliant, definePlaybook } from '../../src/playbook/playbook.ts'
import type { Step } from '../../src/playbook/step.ts'

/** Stops sharing `snap-0a` and then `snap-0b`: a plan of two calls, of which one may fail. */
export const twoSteps = ({ together }: { together: boolean }) =>
  definePlaybook<object, { shared: string[] }>({
    id: 'test-two-steps',
    title: 'Make two snapshots private',
    implements: [],
    resource: 'AWS::EC2::Snapshot',
    answers: [config('TWO_STEPS')],
    parameters: z.strictObject({}),
    suggestedMode: 'auto',
    arn: 'arn:{partition}:ec2:{region}::snapshot/{id}',
    tagsOf: 'the snapshots',
    reads: ['ec2:DescribeSnapshots'],
    writes: [{ action: 'ec2:ModifySnapshotAttribute', resource: 'arn:{partition}:ec2:{region}::snapshot/*' }],

    async inspect(_target, _parameters, aws) {
      const everybody = { RestorableByUserIds: ['all'] }
      const shared = await aws.list('ec2', 'DescribeSnapshots', everybody, 'Snapshots')
      return { state: { shared: shared.map(({ SnapshotId = '' }) => SnapshotId).sort() }, tags: {} }
    },

    plan({ shared }) {
      if (shared.length === 0) return compliant()
      return {
        kind: 'steps',
        before: { shared },
        after: { shared: [] },
        steps: shared.map((id) => unshare(id, together)),
      }
    },

    observe: ({ shared }) => ({ shared }),
    status: ({ id }, { shared }) => (shared.includes(id) ? 'todo' : 'done'),
  })

function unshare(id: string, together: boolean): Step {
  const everybody = {
    SnapshotId: id,
    Attribute: 'createVolumePermission' as const,
    GroupNames: ['all'],
  }
  return {
    kind: 'call',
    id,
    summary: `stop sharing ${id}`,
    call: call('ec2', 'ModifySnapshotAttribute', { ...everybody, OperationType: 'remove' }),
    undo: [call('ec2', 'ModifySnapshotAttribute', { ...everybody, OperationType: 'add' })],
    ...(together && { together }),
    permissions: [],
  }
}
