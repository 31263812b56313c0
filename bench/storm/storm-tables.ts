import { table } from '../markdown-table.ts'
import { costOfMonth, costOfRuns, type Row, together } from './cost.ts'
import type { BuildInStorm } from './storm.ts'

const NAME: Record<BuildInStorm['build'], string> = { this: 'this build', before: 'build of before' }

/** The storms for a person, as Markdown tables. */
export function stormTables(builds: readonly BuildInStorm[]): string {
  const { findings, delayMs } = builds[0]!
  return [
    `${findings} findings about as many groups through the deployed stack in the sandbox: from the first event to the last closed run`,
    '',
    table(
      ['build', '0 ms, s', `${delayMs} ms added to each call, s`],
      [...builds.map(timesOf), ...ratiosOf(builds)],
    ),
    `The same per 1,000 findings, with ${delayMs} ms added to each call`,
    '',
    table(['build', 'function', 'invocations', 's each', 'GB-s', 'kB of logs'], builds.flatMap(functionsOf)),
    table(
      [
        'build',
        'calls of the functions, per 1,000 findings',
        'write units per run',
        'of them in indexes',
        'read units per run',
        'kB stored per run',
      ],
      builds.map(usesOf),
    ),
    ...builds.flatMap((build) => [
      `1,000 automatic runs, ${NAME[build.build]}, from these counts and durations`,
      '',
      costs(costOfRuns(build, 'delayed')),
      `The same, each finding by itself, by ${build.singleFindings} of them`,
      '',
      costs(costOfRuns(build, 'single')),
      `A month without findings, ${NAME[build.build]}`,
      '',
      costs(costOfMonth(build)),
    ]),
  ].join('\n')
}

function timesOf({ build, direct, delayed }: BuildInStorm): string[] {
  return [NAME[build], direct.seconds.toFixed(1), delayed.seconds.toFixed(1)]
}

function ratiosOf([now, before]: readonly BuildInStorm[]): string[][] {
  if (!now || !before) return []
  const ratio = (kind: 'direct' | 'delayed') => (now[kind].seconds / before[kind].seconds).toFixed(2)
  return [['this / before', ratio('direct'), ratio('delayed')]]
}

function functionsOf({ build, findings, delayed }: BuildInStorm): string[][] {
  const scale = 1000 / findings
  return (['intake', 'runner', 'notifier'] as const).map((name) => {
    const { count, ms, memoryMb, logBytes } = delayed.functions[name]
    return [
      NAME[build],
      name,
      String(Math.round(count * scale)),
      (ms / count / 1000).toFixed(2),
      ((ms / 1000) * (memoryMb / 1024) * scale).toFixed(1),
      String(Math.round((logBytes / 1000) * scale)),
    ]
  })
}

function usesOf({ build, findings, delayed, metered, meteredFindings }: BuildInStorm): string[] {
  const calls = Object.entries(delayed.calls)
    .toSorted(([, a], [, b]) => b - a)
    .map(([call, count]) => `${Math.round((count * 1000) / findings)} ${call}`)
  const { writeUnits, indexUnits, readUnits, bytes } = metered.table!
  const perRun = [writeUnits, indexUnits, readUnits, bytes / 1000].map((all) =>
    (all / meteredFindings).toFixed(1),
  )
  return [NAME[build], calls.join(', '), ...perRun]
}

/** Rows of costs with their sum. */
export function costs(rows: readonly Row[]): string {
  return table(
    ['what', 'arithmetic', '$'],
    [
      ...rows.map(({ what, arithmetic, dollars }) => [what, arithmetic, dollars.toFixed(4)]),
      ['**together**', '', `**${together(rows).toFixed(4)}**`],
    ],
  )
}
