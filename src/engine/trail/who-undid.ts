import type { Run } from '../../run/run.ts'
import type { Railed } from '../rails/rail.ts'
import { type TrailEvent, trailText } from './trail-event.ts'

/** More are not read by anybody. */
const MOST = 3

/** Who changed a resource back since a run put it right, for a person; or why nobody is named. */
export async function whoUndid(
  { run, ports }: Pick<Railed, 'run' | 'ports'>,
  last: Run | undefined,
): Promise<{ by: string[] } | { nobody: string }> {
  if (ports.trail === undefined) return { nobody: 'nothing here can ask CloudTrail' }
  if (last?.changedAt === undefined) return { nobody: 'the last of these runs is not kept any more' }
  const { account, region, partition, resource: arn, target } = run
  const since = Date.parse(last.changedAt)
  const answer = await ports.trail({ account, region, partition }, { arn, name: target.id }, since)
  if ('silent' in answer) return { nobody: `CloudTrail does not tell: ${answer.silent}` }
  const { arn: caller } = await ports.aws.identity()
  const steps = last.plan?.steps ?? []
  const own = new Set(steps.map(({ call }) => call.operation))
  const opposite = new Set(
    steps.flatMap(({ undo }) => (Array.isArray(undo) ? undo : [])).map((each) => each.operation),
  )
  // A person at a terminal makes the engine's calls in her own name.
  const others = answer.events.filter(({ by, name }) => by !== caller || !own.has(name))
  const undoing = others.filter(({ name }) => opposite.has(name))
  const told = byWhom(undoing.length > 0 ? undoing : others)
  return told.length > 0 ? { by: told } : { nobody: 'CloudTrail has no change by anybody else since then' }
}

/** The latest of each, by caller and call. */
function byWhom(events: readonly TrailEvent[]): string[] {
  const latest = new Map(events.toReversed().map((each) => [`${each.by} ${each.name}`, each]))
  return [...latest.values()]
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, MOST)
    .map(trailText)
}
