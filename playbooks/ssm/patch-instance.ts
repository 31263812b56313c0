import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { durationParameter } from '../../src/playbook/duration/duration-parameter.ts'
import { config, inspector, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { compliant, definePlaybook, gone, notApplicable, type Unproven } from '../../src/playbook/playbook.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { instanceIn, isOver, ofInstance } from '../ec2/instances.ts'
import { type InspectedPackages, inspectedPackages, packageNotes } from './inspected-packages.ts'
import { type MaintenanceWindow, windowCautions, windowsOf } from './maintenance-windows.ts'
import { MANAGED_INSTANCE, managedInstances } from './managed-instance.ts'
import {
  commandId,
  commandStands,
  DOCUMENT,
  DOCUMENT_ARN,
  INSTALL,
  installStep,
  outputText,
  underWay,
  unlessUnknown,
} from './patch-command.ts'
import { beyondInstalling, leftText, observed, type Patches, patchesOf } from './patch-state.ts'

const parameters = z.strictObject({
  reboot: z
    ._default(z.boolean(), false)
    .check(z.describe('whether the instance may restart when a patch asks for it')),
  timeout: z._default(durationParameter, 'PT1H').check(z.describe('how long a patch run may take')),
})

type Parameters = z.output<typeof parameters>

interface InstanceState {
  name: string
  power: string
  /** The Auto Scaling group that it belongs to. */
  group?: string
  /** `Online`, `ConnectionLost`, `Inactive`; absent: not managed by Systems Manager. */
  agent?: string
  /** Absent: never scanned. */
  patches?: Patches
  /** Maintenance windows that are meant for it. */
  windows: MaintenanceWindow[] | 'unread'
  /** What Inspector says, where it was Inspector that found it. */
  packages?: InspectedPackages
  /** The command that installs patches there now, whoever sent it. */
  running?: string
}

/**
 * Installs what the patch baseline approves and the instance lacks. AWS reports the result elsewhere: the command ends
 * (`settle`), then the patch state says what is left (`proof`).
 */
export const patchInstance = definePlaybook<Parameters, InstanceState>({
  id: 'ssm-patch-instance',
  title: 'Install missing patches with Systems Manager',
  about: {
    risk: 'A hole that is known and has a patch is the one that is used: programs look for it on every address.',
    breaks:
      'Installing takes processor time, restarts services and may ask for a reboot, which is not made unless `reboot` says so. The end is told by the live patch state, not by the command. Where a maintenance window is meant for the instance, by its id or its patch group, a person looks first.',
  },
  implements: ['ec2-patch'],
  ...MANAGED_INSTANCE,
  tagsOf: 'the instance',
  answers: [
    config('EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK'),
    securityHub('SSM.2'),
    prowler('ssm_managed_compliant_patching'),
    inspector('PACKAGE_VULNERABILITY', 'fixable'),
  ],
  parameters,
  suggestedMode: 'approve',
  reads: [
    'ec2:DescribeInstances',
    'ssm:DescribeInstanceInformation',
    'ssm:DescribeInstancePatchStates',
    'ssm:ListCommands',
    'ssm:ListCommandInvocations',
    'ssm:DescribeMaintenanceWindowSchedule',
    'inspector2:ListFindings',
  ],
  optionalReads: ['ssm:DescribeMaintenanceWindowSchedule', 'inspector2:ListFindings'],
  readsOn: { 'ssm:DescribeInstancePatchStates': [MANAGED_INSTANCE.arn] },
  writes: [
    { action: 'ssm:SendCommand', resource: MANAGED_INSTANCE.arn },
    { action: 'ssm:SendCommand', resource: DOCUMENT_ARN },
  ],

  targets: managedInstances,

  async inspect({ id }, _parameters, aws, { first, findings }) {
    const byId = { Filters: [{ Key: 'InstanceIds', Values: [id] }] }
    const [reservations, agents, patchStates, running] = await Promise.all([
      aws.list('ec2', 'DescribeInstances', ofInstance(id), 'Reservations'),
      unlessUnknown(aws.list('ssm', 'DescribeInstanceInformation', byId, 'InstanceInformationList'), []),
      unlessUnknown(
        aws.list('ssm', 'DescribeInstancePatchStates', { InstanceIds: [id] }, 'InstancePatchStates'),
        [],
      ),
      first ? unlessUnknown(underWay(aws, id), undefined) : undefined,
    ])
    const instance = instanceIn(reservations, id)
    if (!instance || isOver(instance)) return gone
    const agent = agents.find(({ InstanceId }) => InstanceId === id)?.PingStatus
    const patches = patchStates.find(({ InstanceId }) => InstanceId === id)
    const tags = tagsIn(instance.Tags)
    const group = tags['aws:autoscaling:groupName']
    const [windows = 'unread', packages] = first
      ? await Promise.all([
          windowsOf(aws, id, tags),
          findings.some(isOfInspector) ? inspectedPackages(aws, id) : undefined,
        ])
      : [[]]
    const state: InstanceState = {
      windows,
      ...(packages && { packages }),
      name: tags.Name ?? id,
      power: instance.State?.Name ?? 'in no known state',
      ...(group !== undefined && { group }),
      ...(agent !== undefined && { agent }),
      ...(patches && { patches: patchesOf(patches) }),
      ...(running !== undefined && { running }),
    }
    const { VpcId: vpc } = instance
    return { state, tags, ...(vpc !== undefined && { vpc }) }
  },

  plan({ agent, power, patches, running, windows }, findings, { reboot, timeout }, target) {
    if (agent !== 'Online') {
      const why = agent ? `its SSM agent is ${agent}` : 'it has no SSM agent that reports to Systems Manager'
      return notApplicable(`the instance cannot be patched: ${why} (the instance is ${power})`)
    }
    if (running !== undefined) {
      return notApplicable(`patches are being installed by command ${running}: look again when it has ended`)
    }
    const { missing = 0, failed = 0, pendingReboot = 0 } = patches ?? {}
    const work = missing + failed + (reboot ? pendingReboot : 0)
    const beyond = patches ? beyondInstalling(patches) : []
    if (patches && work === 0) {
      const restart = `a reboot is pending for ${pendingReboot} installed patches; parameters.reboot allows it, or restart it yourself`
      const against = [...(pendingReboot > 0 ? [restart] : []), ...beyond]
      if (against.length > 0) return notApplicable(against.join('; '))
      // The patch state does not gainsay Inspector: the baseline may leave out what it knows a fix of.
      if (findings.some(isOfInspector))
        return { ...notApplicable(notByBaseline(patches)), nothingKnownIsLeft: true }
      return compliant({ reason: 'no patch is missing' })
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
        ...(patches
          ? [
              `what is missing is as of ${patches.endedAt}: a Scan by ${DOCUMENT} tells it anew, and installs nothing`,
            ]
          : []),
        ...(patches ? [] : ['the instance was never scanned: what will be installed is not known']),
        ...beyond.map((what) => `${what}: an installation does not change that`),
      ],
      cautions: windowCautions(windows),
    }
  },

  observe: ({ patches }) => observed(patches),

  // Scans by others change the counts, too: what matters is whether work of the planned kind is left.
  status(_step, { patches }, { after }) {
    const left = 'pendingReboot' in (after as object) ? patches?.pendingReboot : 0
    return patches && patches.missing + patches.failed + (left ?? 0) === 0 ? 'done' : 'todo'
  },

  async impact({ name, power, group, packages }, _aws, { id }) {
    const notes = [
      ...(group ? [`Auto Scaling group ${group} replaces instances from its image: patch that, too`] : []),
      ...(packages ? packageNotes(packages) : []),
    ]
    return {
      summary: `instance ${name} (${id}), ${power}${group ? `, in Auto Scaling group ${group}` : ''}`,
      affected: [{ type: 'AWS::EC2::Instance', id, detail: name }],
      count: 1,
      ...(notes.length > 0 && { notes }),
    }
  },

  command: {
    settle: (_step, { id }, sent, aws) => commandStands(aws, id, commandId(sent)),

    // The live state outranks what the command said of itself, for good and for bad.
    proof({ patches }, { region }, sent) {
      if (!patches || !(Date.parse(patches.endedAt) > Date.parse(sent.at))) {
        return {
          kind: 'notYet',
          ...(sent.faults?.[INSTALL] !== undefined && { otherwise: asBefore(patches) }),
        }
      }
      if (patches.missing + patches.failed > 0) {
        const output = outputText(commandId(sent), region)
        return { kind: 'failed', reason: `after the patch run ${leftText(patches)}${output}` }
      }
      if (patches.pendingReboot > 0) return { kind: 'unverified', reason: 'reboot pending' }
      const beyond = beyondInstalling(patches)
      return beyond.length > 0 ? { kind: 'unverified', reason: beyond.join('; ') } : { kind: 'proven' }
    },
  },
})

const isOfInspector = ({ source }: Finding): boolean => source === 'inspector'

const notByBaseline = ({ endedAt }: Patches): string =>
  `as of ${endedAt} no patch is missing that the baseline approves, and Inspector knows a fix: scan it again, or approve the patch`

/** What a command that ended badly and wrote no patch state leaves: what the last one said before it. */
function asBefore(patches: Patches | undefined): Unproven {
  if (!patches) return { kind: 'unverified', reason: 'the instance has no patch state' }
  const { missing, failed, endedAt } = patches
  const reason = `no patch state was written since; as of ${endedAt} ${leftText(patches)}`
  return { kind: missing + failed > 0 ? 'failed' : 'unverified', reason }
}
