import type { InstancePatchState } from '@aws-sdk/client-ssm'
import { patchInstance as playbook } from '../../../playbooks/ssm/patch-instance.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { isGoneLook } from '../../../src/playbook/playbook.ts'
import { type Answers, type FakeReader, fakeReader } from '../../support/reader.ts'

export const ID = 'i-0abc1234def567890'
export const ARN = `arn:aws:ec2:eu-central-1:111122223333:instance/${ID}`
export const TARGET = { resource: ARN, id: ID, key: ARN }
export const NOTHING = { addresses: [] }
export const SENT_AT = '2026-01-01T12:00:00.000Z'
export const SENT = { at: SENT_AT, details: { install: { CommandId: 'c-1' } } }

export const defaults = playbook.parameters.parse({})
export const rebooting = playbook.parameters.parse({ reboot: true })

export function finding(id: string, type = 'AWS::SSM::PatchCompliance'): Finding {
  return {
    id: 'f1',
    version: '2026-01-01T00:00:00.000Z#0001',
    source: 'config',
    type: 'EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK',
    title: 'not patched',
    severity: 'MEDIUM',
    status: 'active',
    account: '111122223333',
    region: 'eu-central-1',
    partition: 'aws',
    resources: [{ type, id }],
    observedAt: '2026-01-01T00:00:00.000Z',
    evidence: {},
  }
}

export type Counts = Partial<InstancePatchState>

interface Machine {
  power?: string
  agent?: string | null
  patches?: Counts | null
  tags?: { Key: string; Value: string }[]
}

export function machine(
  { power = 'running', agent = 'Online', patches = { MissingCount: 3 }, tags = [] }: Machine = {},
  more: Answers = {},
): FakeReader {
  const ended = { OperationEndTime: new Date('2026-01-01T00:00:00Z') }
  return fakeReader({
    'ec2:DescribeInstances': () => ({
      Reservations: [{ Instances: [{ InstanceId: ID, State: { Name: power }, Tags: tags }] }],
    }),
    'ssm:DescribeInstanceInformation': () => ({
      InstanceInformationList: agent ? [{ InstanceId: ID, PingStatus: agent }] : [],
    }),
    'ssm:DescribeInstancePatchStates': () => ({
      InstancePatchStates: patches ? [{ InstanceId: ID, ...ended, ...patches }] : [],
    }),
    'ssm:ListCommands': () => ({ Commands: [] }),
    'ssm:DescribeMaintenanceWindowSchedule': () => ({ ScheduledWindowExecutions: [] }),
    ...more,
  })
}

export async function look(aws: FakeReader) {
  const seen = await playbook.inspect(TARGET, defaults, aws, { first: true, findings: [] })
  if (isGoneLook(seen)) throw new Error('gone')
  return seen
}

export async function planOf(how: Machine, parameters = defaults) {
  const { state } = await look(machine(how))
  return playbook.plan(state, [], parameters, TARGET, NOTHING)
}
