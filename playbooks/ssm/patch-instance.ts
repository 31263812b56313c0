import type { Instance } from '@aws-sdk/client-ec2'
import type { Command, InstancePatchState, ListCommandsCommandInput } from '@aws-sdk/client-ssm'
import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { durationParameter, durationSeconds } from '../../src/playbook/durations.ts'
import type { Json } from '../../src/playbook/json.ts'
import { config } from '../../src/playbook/matchers.ts'
import type { Step } from '../../src/playbook/plan.ts'
import {
  compliant,
  definePlaybook,
  fillArn,
  gone,
  notApplicable,
  type Tags,
} from '../../src/playbook/playbook.ts'

const ARN = 'arn:{partition}:ec2:{region}:{account}:instance/{id}'
const DOCUMENT = 'AWS-RunPatchBaseline'
const DOCUMENT_ARN = `arn:{partition}:ssm:{region}::document/${DOCUMENT}`

/** Seconds in which the agent must have taken the command up. */
const DELIVERY_SECONDS = 600

const parameters = z.strictObject({
  reboot: z
    ._default(z.boolean(), false)
    .check(z.describe('whether the instance may restart when a patch asks for it')),
  timeout: z._default(durationParameter, 'PT1H').check(z.describe('how long a patch run may take')),
})

type Parameters = z.output<typeof parameters>

interface Patches {
  missing: number
  failed: number
  /** Installed, in force after a restart. */
  pendingReboot: number
  /** ISO 8601 UTC: when the scan or install that says so ended. */
  endedAt: string
}

interface InstanceState {
  name: string
  power: string
  /** The Auto Scaling group that it belongs to. */
  group?: string
  /** `Online`, `ConnectionLost`, `Inactive`; absent: not managed by Systems Manager. */
  agent?: string
  /** Absent: never scanned. */
  patches?: Patches
  /** The command that installs patches there now, whoever sent it. */
  underWay?: string
}

/**
 * Installs what the patch baseline approves and the instance lacks. AWS reports the result elsewhere: the command ends
 * (`settle`), then the patch state says what is left (`proof`).
 */
export const patchInstance = definePlaybook<Parameters, InstanceState>({
  id: 'ssm-patch-instance',
  title: 'Install missing patches with Systems Manager',
  implements: ['ec2-patch'],
  resource: 'AWS::EC2::Instance',
  answers: [config('EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK')],
  parameters,
  suggestedMode: 'approve',
  arn: ARN,
  ids: /^i-[0-9a-z]+$/,
  reads: [
    'ec2:DescribeInstances',
    'ssm:DescribeInstanceInformation',
    'ssm:DescribeInstancePatchStates',
    'ssm:ListCommands',
    'ssm:GetCommandInvocation',
  ],
  writes: [
    { action: 'ssm:SendCommand', resource: ARN },
    { action: 'ssm:SendCommand', resource: DOCUMENT_ARN },
  ],

  async targets(finding, _parameters, { partition }) {
    // Config names it `i-...` or `AWS::SSM::ManagedInstanceInventory/i-...`, also on AWS::SSM::PatchCompliance.
    const ids = finding.resources.flatMap(({ id }) => /(?:^|\/)(m?i-[0-9a-z]+)$/.exec(id)?.[1] ?? [])
    const id = ids.find((candidate) => candidate.startsWith('i-'))
    if (!id) return notApplicable(ids[0] ? hybrid(ids[0]) : 'the finding names no instance')
    const resource = fillArn(ARN, { partition, region: finding.region, account: finding.account, id })
    return [{ resource, id, key: resource }]
  },

  async inspect({ id }, _parameters, aws, { first }) {
    const [reservations, agents, patchStates, commands] = await Promise.all([
      aws.list(
        'ec2',
        'DescribeInstances',
        { Filters: [{ Name: 'instance-id', Values: [id] }] },
        'Reservations',
      ),
      aws.list(
        'ssm',
        'DescribeInstanceInformation',
        { Filters: [{ Key: 'InstanceIds', Values: [id] }] },
        'InstanceInformationList',
      ),
      aws.list('ssm', 'DescribeInstancePatchStates', { InstanceIds: [id] }, 'InstancePatchStates'),
      first ? aws.read('ssm', 'ListCommands', patchCommands(id)) : undefined,
    ])
    const instance = reservations
      .flatMap(({ Instances }) => Instances ?? [])
      .find(({ InstanceId }) => InstanceId === id)
    const power = instance?.State?.Name ?? 'terminated'
    if (!instance || power === 'terminated' || power === 'shutting-down') return gone
    const agent = agents.find(({ InstanceId }) => InstanceId === id)?.PingStatus
    const patches = patchStates.find(({ InstanceId }) => InstanceId === id)
    const tags = tagsOf(instance)
    const group = tags['aws:autoscaling:groupName']
    const underWay = commands?.Commands?.find(installs)?.CommandId
    const state: InstanceState = {
      name: tags.Name ?? id,
      power,
      ...(group !== undefined && { group }),
      ...(agent !== undefined && { agent }),
      ...(patches && { patches: patchesOf(patches) }),
      ...(underWay !== undefined && { underWay }),
    }
    return { state, tags }
  },

  plan({ agent, power, patches, underWay }, _findings, { reboot, timeout }, target) {
    if (agent !== 'Online') {
      const why = agent ? `its SSM agent is ${agent}` : 'it has no SSM agent that reports to Systems Manager'
      return notApplicable(`the instance cannot be patched: ${why} (the instance is ${power})`)
    }
    if (underWay !== undefined) {
      return notApplicable(`patches are being installed by command ${underWay}: look again when it has ended`)
    }
    const { missing = 0, failed = 0, pendingReboot = 0 } = patches ?? {}
    const work = missing + failed + (reboot ? pendingReboot : 0)
    if (patches && work === 0) {
      if (pendingReboot === 0) return compliant({ reason: 'no patch is missing' })
      return notApplicable(
        `a reboot is pending for ${pendingReboot} installed patches; parameters.reboot allows it, or restart it yourself`,
      )
    }
    return {
      kind: 'steps',
      steps: [installStep(target.resource, target.id, reboot, timeout)],
      before: observed(patches),
      after: { missing: 0, failed: 0, ...(reboot && { pendingReboot: 0 }) },
      warnings: [
        reboot
          ? 'the instance restarts if a patch asks for it'
          : 'patches that need a restart stay pending until somebody restarts the instance',
        ...(patches ? [] : ['the instance was never scanned: what will be installed is not known']),
      ],
    }
  },

  observe: ({ patches }) => observed(patches),

  // Scans by others change the counts, too: what matters is whether work of the planned kind is left.
  status(_step, { patches }, { after }) {
    const left = 'pendingReboot' in (after as object) ? patches?.pendingReboot : 0
    return patches && patches.missing + patches.failed + (left ?? 0) === 0 ? 'done' : 'todo'
  },

  async impact({ name, power, group }, _aws, { id }) {
    return {
      summary: `instance ${name} (${id}), ${power}${group ? `, in Auto Scaling group ${group}` : ''}`,
      affected: [{ type: 'AWS::EC2::Instance', id, detail: name }],
      count: 1,
      ...(group && {
        notes: [`Auto Scaling group ${group} replaces instances from its image: patch that, too`],
      }),
    }
  },

  async settle(step, { id }, { details }, aws) {
    const command = commandId(details[step.id])
    // Accepted without an id: nothing can be asked, and what was accepted may run.
    if (!command) return { kind: 'running' }
    try {
      const answer = await aws.read('ssm', 'GetCommandInvocation', { CommandId: command, InstanceId: id })
      switch (answer.Status) {
        case 'Success':
          return { kind: 'ended' }
        case 'Failed':
        case 'TimedOut':
        case 'Cancelled':
          return { kind: 'failed', reason: `command ${command}: ${answer.StatusDetails ?? answer.Status}` }
        default:
          return { kind: 'running' }
      }
    } catch (error) {
      // Right after SendCommand the invocation is not there yet.
      if (error instanceof AwsError && error.code === 'InvocationDoesNotExist') return { kind: 'running' }
      throw error
    }
  },

  proof({ patches }, _plan, { at }) {
    if (!patches || !(Date.parse(patches.endedAt) > Date.parse(at))) return { kind: 'notYet' }
    const { missing, failed, pendingReboot } = patches
    if (missing + failed > 0) {
      return {
        kind: 'failed',
        reason: `after the patch run ${missing} patches are missing and ${failed} failed`,
      }
    }
    if (pendingReboot > 0) return { kind: 'unverified', reason: 'reboot pending' }
    return { kind: 'proven' }
  },
})

const hybrid = (id: string) => `${id} is a hybrid node (not an EC2 instance); these are not supported`

/** The newest come first. A command may outlive the run that sent it: delivery and execution have times of their own. */
const patchCommands = (id: string): ListCommandsCommandInput => ({
  InstanceId: id,
  Filters: [{ key: 'DocumentName', value: DOCUMENT }],
  MaxResults: 50,
})

const UNFINISHED: readonly (string | undefined)[] = ['Pending', 'InProgress', 'Cancelling']

/** Scans do no harm beside an installation. */
const installs = ({ Status, Parameters }: Command): boolean =>
  UNFINISHED.includes(Status) && Parameters?.Operation?.[0] === 'Install'

const tagsOf = ({ Tags = [] }: Instance): Tags =>
  Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))

const patchesOf = (state: InstancePatchState): Patches => ({
  missing: state.MissingCount ?? 0,
  failed: state.FailedCount ?? 0,
  pendingReboot: state.InstalledPendingRebootCount ?? 0,
  endedAt: state.OperationEndTime ? new Date(state.OperationEndTime).toISOString() : '',
})

const observed = (patches: Patches | undefined): Json =>
  patches
    ? { missing: patches.missing, failed: patches.failed, pendingReboot: patches.pendingReboot }
    : { missing: null, failed: null, pendingReboot: null }

function installStep(arn: string, id: string, reboot: boolean, timeout: string): Step {
  const [, partition = '', , region = '', account = ''] = arn.split(':')
  return {
    id: 'install',
    summary: `Install missing patches on ${id}${reboot ? ', restarting it if needed' : ', without a restart'}`,
    call: call('ssm', 'SendCommand', {
      DocumentName: DOCUMENT,
      InstanceIds: [id],
      Parameters: { Operation: ['Install'], RebootOption: [reboot ? 'RebootIfNeeded' : 'NoReboot'] },
      TimeoutSeconds: DELIVERY_SECONDS,
    }),
    undo: { irreversible: 'an installed patch is not taken out again; restore from a snapshot or an image' },
    retry: 'readFirst',
    mark: {
      field: 'Comment',
      find: call('ssm', 'ListCommands', { InstanceId: id }),
      items: 'Commands',
      id: 'CommandId',
    },
    settles: { timeoutSeconds: durationSeconds(timeout) },
    permissions: [arn, fillArn(DOCUMENT_ARN, { partition, region, account })].map((resource) => ({
      action: 'ssm:SendCommand',
      resource,
    })),
  }
}

/** The id as the engine notes it; not there while the answer is in doubt. */
const commandId = (detail: Json | undefined): string | undefined =>
  (detail as { CommandId?: string } | undefined)?.CommandId || undefined
