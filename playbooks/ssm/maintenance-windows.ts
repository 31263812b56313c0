import type { Reader, Tags } from '../../src/playbook/playbook.ts'

/** A time for maintenance that others have agreed on. */
export interface MaintenanceWindow {
  name: string
  /** When it opens next, as AWS says it (ISO 8601). */
  opens: string
}

/** By these tags windows are usually aimed at instances, besides by their ids: patch groups. */
const AIMED_BY = ['Patch Group', 'PatchGroup']

/**
 * The maintenance windows that are aimed at an instance, by its id or its patch group, each with its next time. Those
 * that are aimed at other tags AWS tells to nobody who does not ask for these.
 * @returns undefined: it could not be read, which is a warning of the run
 */
export async function windowsOf(
  aws: Reader,
  id: string,
  tags: Tags,
): Promise<MaintenanceWindow[] | undefined> {
  const groups = AIMED_BY.flatMap((key) => (tags[key] ? [{ Key: `tag:${key}`, Values: [tags[key]] }] : []))
  const aims = [{ Key: 'InstanceIds', Values: [id] }, ...groups]
  const answers = await Promise.all(
    aims.map((aim) =>
      aws.optional('ssm', 'DescribeMaintenanceWindowSchedule', {
        ResourceType: 'INSTANCE',
        Targets: [aim],
      }),
    ),
  )
  if (answers.some((answer) => answer === undefined)) return undefined
  const next = new Map<string, MaintenanceWindow>()
  for (const { WindowId = '', Name = WindowId, ExecutionTime: opens = '' } of answers.flatMap(
    (answer) => answer?.ScheduledWindowExecutions ?? [],
  )) {
    const known = next.get(WindowId)
    if (!known || opens < known.opens) next.set(WindowId, { name: Name, opens })
  }
  return [...next.values()].sort((a, b) => (a.opens < b.opens ? -1 : 1))
}

/** Why a person shall look before the instance is patched outside of them. */
export function windowCautions(windows: readonly MaintenanceWindow[] | 'unread'): string[] {
  if (windows === 'unread') return ['whether a maintenance window is meant for it could not be read']
  return windows.map(({ name, opens }) => `maintenance window ${name} is meant for it, and opens at ${opens}`)
}
