import type { Run } from '../../run/run.ts'
import type { Railed } from '../rails/rail.ts'
import { byEitherName } from './by-either-name.ts'
import { latestFirst, type TrailEvent, trailText } from './trail-event.ts'

/** More are not read by anybody. */
const MOST = 3

/** Who has undone what a run put right, as CloudTrail has it since: a clause for a person, also where it names nobody. */
export async function whoUndid(
  { run, ports }: Pick<Railed, 'run' | 'ports'>,
  last: Run | undefined,
): Promise<string> {
  if (ports.trail === undefined) return 'nothing here can ask CloudTrail'
  if (last?.changedAt === undefined) return 'the last of these runs is not kept any more'
  const { account, region, partition, resource: arn, target } = run
  const steps = last.plan?.steps ?? []
  const own = steps.map(({ call }) => call.operation)
  const undo = steps.flatMap((step) => (Array.isArray(step.undo) ? step.undo : []))
  const opposite = undo.map(({ operation }) => operation)
  const isOpposite = ({ name }: TrailEvent) => opposite.includes(name)
  const answer = await byEitherName(
    ports.trail,
    { account, region, partition },
    { arn, id: target.id },
    isOpposite,
    secondOf(last.changedAt),
  )
  if ('silent' in answer) return `CloudTrail does not tell: ${answer.silent}`
  const { arn: caller } = await ports.aws.identity()
  // A person at a terminal makes the engine's calls in her own name.
  const isOfTheFix = ({ by, name, at }: TrailEvent) =>
    by === caller && own.includes(name) && at <= (last.endedAt ?? last.changedAt!)
  const others = answer.events.filter((event) => !isOfTheFix(event))
  const undoing = others.filter(isOpposite)
  if (undoing.length > 0) return `the last time by ${byWhom(undoing)}`
  const { more } = answer
  const has =
    more === undefined ? 'CloudTrail has' : `CloudTrail does not tell all (${more}), and of what it tells has`
  if (others.length === 0) return `${has} no change by anybody else since the last time`
  return `${has} no call since the last time that is the opposite of the fix, and these name it: ${byWhom(others)}`
}

/** CloudTrail writes down whole seconds. ms since 1970, UTC. */
const secondOf = (moment: string): number => Math.floor(Date.parse(moment) / 1000) * 1000

/** The latest of each, by caller and call. */
function byWhom(events: readonly TrailEvent[]): string {
  const latest = new Map(events.toReversed().map((each) => [`${each.by} ${each.name}`, each]))
  const told = [...latest.values()].sort(latestFirst).slice(0, MOST)
  return told.map(trailText).join(', ')
}
