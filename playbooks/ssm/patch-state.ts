import type { InstancePatchState } from '@aws-sdk/client-ssm'
import type { Json } from '../../src/playbook/json.ts'

/**
 * What the newest patch operation on an instance says of it: all that AWS counts against it
 * (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InstancePatchState.html).
 */
export interface Patches {
  missing: number
  failed: number
  /** Installed, in force after a restart. */
  pendingReboot: number
  /** Installed before they came onto the baseline's list of rejected patches. */
  rejected: number
  /** Windows: security updates that the baseline does not approve yet. The baseline says whether they count. */
  available: number
  /** All patches that AWS counts as non-compliant, of whatever severity; absent where it does not say. */
  nonCompliant?: number
  /** ISO 8601 UTC: when the scan or install that says so ended. */
  endedAt: string
}

export function patchesOf(state: InstancePatchState): Patches {
  const { CriticalNonCompliantCount, SecurityNonCompliantCount, OtherNonCompliantCount } = state
  const bySeverity = [CriticalNonCompliantCount, SecurityNonCompliantCount, OtherNonCompliantCount]
  return {
    missing: state.MissingCount ?? 0,
    failed: state.FailedCount ?? 0,
    pendingReboot: state.InstalledPendingRebootCount ?? 0,
    rejected: state.InstalledRejectedCount ?? 0,
    available: state.AvailableSecurityUpdateCount ?? 0,
    ...(bySeverity.some((count) => count !== undefined) && {
      nonCompliant: bySeverity.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    }),
    endedAt: state.OperationEndTime ? new Date(state.OperationEndTime).toISOString() : '',
  }
}

/** The counts that an installation changes, in the shape of a plan's `before` and `after`. */
export const observed = (patches: Patches | undefined): Json =>
  patches
    ? { missing: patches.missing, failed: patches.failed, pendingReboot: patches.pendingReboot }
    : { missing: null, failed: null, pendingReboot: null }

/** What AWS counts against an instance and no installation changes, each in words for a person. */
export function beyondInstalling(patches: Patches): string[] {
  const { missing, failed, pendingReboot, rejected, available, nonCompliant } = patches
  const unexplained = (nonCompliant ?? 0) - (missing + failed + pendingReboot + rejected)
  const said =
    rejected > 0
      ? [`${counted(rejected, 'installed patch is', 'installed patches are')} on the rejected list`]
      : []
  // Where AWS says that all that is non-compliant is named already, the baseline does not count what is available.
  if (available > 0 && (nonCompliant === undefined || unexplained > 0)) {
    const updates = counted(available, 'security update is', 'security updates are')
    return [...said, `${updates} available that the baseline does not approve yet`]
  }
  if (unexplained <= 0) return said
  return [
    ...said,
    `${counted(unexplained, 'further patch is', 'further patches are')} non-compliant, AWS says`,
  ]
}

/** `2 patches are missing and 1 failed`. */
export const leftText = ({ missing, failed }: Patches): string =>
  `${counted(missing, 'patch is', 'patches are')} missing and ${failed} failed`

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
