import { median } from './figures.ts'
import type { Growth } from './growth/growth.ts'
import { growthTables } from './growth/growth-tables.ts'
import type { ManyGroups } from './many-groups.ts'
import { table } from './markdown-table.ts'
import type { Memory } from './memory.ts'
import type { MixedFindings } from './mixed-findings.ts'
import type { PerEvent } from './per-event.ts'
import { type Starts, startTables } from './start-tables.ts'
import type { Throttling } from './throttling.ts'

export interface Figures {
  node: string
  machine: string
  /** Absent where only the growth was asked for. */
  starts?: Starts
  /** Absent where only another part was asked for. */
  engine?: Engine
  /** Of this build, and of the one of before; absent where it was not asked for. */
  growth?: Growth[]
}

export interface Engine {
  perEvent: PerEvent[]
  mixed: MixedFindings
  manyGroups: ManyGroups[]
  memory: Memory
  rehearsal: Memory
  throttling: Throttling[]
}

/** The figures for a person, as Markdown tables. */
export function tables({ node, machine, starts, engine, growth }: Figures): string {
  return [
    `Node ${node}, ${machine}`,
    '',
    ...(starts ? startTables(starts) : []),
    ...(engine ? [...mixedTable(engine.mixed, starts), ...engineTables(engine)] : []),
    ...(growth ? growthTables(growth) : []),
  ].join('\n')
}

/** Beside it what a function takes that has yet to start, for its first message. */
function mixedTable({ playbooks, own, cpuMs }: MixedFindings, starts: Starts | undefined): string[] {
  const handled = starts?.runner.start.handled
  return [
    'Findings of all playbooks in turn, one engine, from the event to the decided plans; AWS from memory at the port (ms)',
    '',
    table(
      [
        'findings',
        'playbooks',
        'p50',
        'p95',
        'p99',
        'mean',
        'processor time each',
        'cold start, p50 (longest)',
      ],
      [
        [
          String(own.n),
          String(playbooks),
          ...[own.p50, own.p95, own.p99, own.mean, cpuMs].map((ms) => ms.toFixed(2)),
          handled ? `${handled.p50} (${handled.max})` : '',
        ],
      ],
    ),
  ]
}

function engineTables({ perEvent, manyGroups, memory, rehearsal, throttling }: Engine): string[] {
  const { groups, open } = manyGroups[0]!
  return [
    'Own time per event, warm, from the text of the event to the decided plan; AWS answered from memory at the port (ms)',
    '',
    table(
      ['playbook', 'n', 'p50', 'p99', 'mean', 'of it parsing, p50'],
      perEvent.map(({ playbook, plan, parse }) => [
        playbook,
        String(plan.n),
        plan.p50.toFixed(2),
        plan.p99.toFixed(2),
        plan.mean.toFixed(2),
        parse.p50.toFixed(2),
      ]),
    ),
    `${groups} groups, ${open} of them open: engine (SDK, SQLite store, proof by re-read) beside a bare SDK loop`,
    '',
    table(
      [
        'added per call',
        'rounds',
        'engine s',
        'bare loop s',
        'engine / bare',
        'engine CPU s',
        'bare CPU s',
        'calls',
      ],
      manyGroups.map(({ delayMs, engine, bare, ratio, engineCpu, bareCpu, engineCalls, bareCalls }) => [
        `${delayMs} ms`,
        String(engine.length),
        seconds(engine),
        seconds(bare),
        ratio.toFixed(2),
        engineCpu.toFixed(2),
        bareCpu.toFixed(2),
        `${sum(engineCalls)}, ${sum(bareCalls)}`,
      ]),
    ),
    table(
      [
        'added per call',
        'most at once',
        'commits per run',
        'longest from look to proof',
        'calls of the engine',
      ],
      manyGroups.map(({ delayMs, mostAtOnce, transactions, groups, oldestLookMs, engineCalls }) => [
        `${delayMs} ms`,
        String(mostAtOnce),
        (transactions / groups).toFixed(2),
        `${oldestLookMs} ms`,
        Object.entries(engineCalls)
          .map(([operation, count]) => `${count} ${operation}`)
          .join(', '),
      ]),
    ),
    `Peak RSS of a process that drives ${memory.batches[0]!.runs} runs at a time (MB)`,
    '',
    table(
      [
        'loaded, one run',
        ...memory.batches.map(({ runs }, batch) => `after ${(batch + 1) * runs}`),
        'heap in use',
      ],
      [[memory.loadedMb, ...memory.batches.map(({ peakMb }) => peakMb), memory.heapMb].map(String)],
    ),
    'Rehearsals of so many findings, one after the other in one process',
    '',
    table(
      ['findings', 's', 'findings per second', 'peak RSS MB'],
      rehearsal.batches.map(({ runs, seconds, peakMb }) => [
        String(runs),
        seconds.toFixed(2),
        String(Math.round(runs / seconds)),
        String(peakMb),
      ]),
    ),
    `${throttling[0]!.reads} reads, 32 at a time: one of them throttled once, and under EC2's token bucket (100, 20 a second)`,
    '',
    table(
      [
        'who',
        'calm s',
        'one throttle s',
        'ratio',
        'bucket: calls / perfect',
        'bucket: time / perfect',
        'given up',
      ],
      throttling.map(({ who, calm, once, ratio, lastingCalls, lastingSeconds, failed }) => [
        who,
        ...[calm, once, ratio, lastingCalls, lastingSeconds].map((figure) => figure.toFixed(2)),
        String(failed),
      ]),
    ),
  ]
}

/** Median, and the range over the rounds. */
function seconds(rounds: readonly number[]): string {
  const [least, most] = [Math.min(...rounds), Math.max(...rounds)]
  return `${median(rounds).toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
