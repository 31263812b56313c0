import type { Seen } from './aws-in-memory.ts'
import type { AwsProcess } from './aws-process.ts'
import { bareLoop } from './bare-loop.ts'
import { openEngine } from './engine-job.ts'
import { median } from './figures.ts'
import { isOpen } from './security-groups.ts'

export interface ManyGroups {
  groups: number
  open: number
  /** ms added to each call. */
  delayMs: number
  /** Seconds of each round, in order. */
  engine: number[]
  bare: number[]
  /** Seconds of processor time of this process, median of the rounds: hardly moved by what else the machine does. */
  engineCpu: number
  bareCpu: number
  /** Median over the rounds of engine / bare of the same round. */
  ratio: number
  engineCalls: Record<string, number>
  bareCalls: Record<string, number>
  /** Most requests that AWS had under way at the same time. */
  mostAtOnce: number
  /** Commits of the store, of all runs together. */
  transactions: number
  /** ms from the look of a run to its proof, the longest: no look was older when its change was sent. */
  oldestLookMs: number
}

/**
 * The same job by the engine and by a bare SDK loop, in turn and in one process, so that a slow moment of the machine
 * hits both. Which of the two goes first changes with each round.
 */
export async function manyGroups(
  aws: AwsProcess,
  { groups, delayMs, rounds }: { groups: number; delayMs: number; rounds: number },
): Promise<ManyGroups> {
  const numbers = Array.from({ length: groups }, (_, number) => number)
  const engine: Awaited<ReturnType<typeof byEngine>>[] = []
  const bare: Awaited<ReturnType<typeof byLoop>>[] = []
  const world = { groups, delayMs }
  // One round before those that count: modules are loaded, code is compiled.
  await aws.reset({ groups, delayMs: 0 })
  await byLoop(aws, numbers)
  await aws.reset({ groups, delayMs: 0 })
  await byEngine(aws, numbers)
  for (let round = 0; round < rounds; round++) {
    const turns = [
      async () => engine.push(await byEngine(aws, numbers)),
      async () => bare.push(await byLoop(aws, numbers)),
    ]
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) {
      await aws.reset(world)
      await turn()
    }
  }
  const last = engine.at(-1)!
  return {
    groups,
    open: numbers.filter(isOpen).length,
    delayMs,
    engine: engine.map(({ seconds }) => seconds),
    bare: bare.map(({ seconds }) => seconds),
    engineCpu: median(engine.map(({ cpu }) => cpu)),
    bareCpu: median(bare.map(({ cpu }) => cpu)),
    ratio: median(engine.map(({ seconds }, round) => seconds / bare[round]!.seconds)),
    engineCalls: callsBy(last.seen),
    bareCalls: callsBy(bare.at(-1)!.seen),
    mostAtOnce: Math.max(...engine.map(({ seen }) => seen.mostAtOnce)),
    transactions: last.transactions,
    oldestLookMs: Math.max(...engine.map(({ oldestLookMs }) => oldestLookMs)),
  }
}

async function byEngine(aws: AwsProcess, numbers: readonly number[]) {
  const engine = openEngine(aws.endpoint)
  try {
    const before = process.cpuUsage()
    const { seconds, runs, transactions } = await engine.handle(numbers, 'apply')
    const cpu = cpuSince(before)
    const ages = runs
      .filter(({ changedAt }) => changedAt !== undefined)
      .map(({ lookedAt = '', verifiedAt = '' }) => Date.parse(verifiedAt) - Date.parse(lookedAt))
    return { seconds, cpu, transactions, oldestLookMs: Math.max(...ages), seen: await allClosed(aws) }
  } finally {
    await engine.close()
  }
}

async function byLoop(aws: AwsProcess, numbers: readonly number[]) {
  const before = process.cpuUsage()
  const { seconds } = await bareLoop(aws.endpoint, numbers)
  return { seconds, cpu: cpuSince(before), seen: await allClosed(aws) }
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Both must have done the whole job. */
async function allClosed(aws: AwsProcess): Promise<Seen> {
  const seen = await aws.seen()
  if (seen.openRules > 0) throw new Error(`${seen.openRules} rules are still open`)
  return seen
}

function callsBy({ calls }: Seen): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1
  return counts
}
