import type { Run } from '../../../src/run/run.ts'
import { sshOpen } from '../../engine/simulated-world.ts'
import type { SlackStack } from './slack-stack.ts'

/** A group that is open, and the run that asks about it. */
export async function opened(stack: SlackStack, group: string): Promise<Run> {
  const { world, deployment } = stack
  world.aws.groups.add(group, [
    { from: 22, cidr: '10.0.0.0/8' },
    { from: 22, cidr: '0.0.0.0/0' },
  ])
  await deployment.findings(sshOpen(world, group))
  await stack.drain()
  return (await world.store.list()).find(({ resource }) => resource.endsWith(`/${group}`))!
}

/** The groups of which something was changed. */
export function groupsChanged({ world }: SlackStack): string[] {
  return world.aws
    .changes()
    .map(({ input }) => String((input as { GroupId?: string }).GroupId))
    .sort()
}

export const outcomeOf = async ({ world }: SlackStack, { id }: Run) => (await world.store.get(id))?.outcome
