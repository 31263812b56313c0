import { table } from '../markdown-table.ts'
import { type Cost, sum } from './cost.ts'
import type { Growth } from './growth.ts'

/** The build of this checkout, and the one of before where there is one to compare with. */
export function growthTables([now, before]: Growth[]): string[] {
  return [
    ...tablesOf(now!, 'this build'),
    ...(before ? [...tablesOf(before, 'the build of before'), ...compared(now!, before)] : []),
  ]
}

const ASKED: [name: string, of: (cost: Cost) => number][] = [
  ['calls', ({ calls }) => sum(calls)],
  ['items', ({ keys }) => sum(keys)],
]

function tablesOf({ sizes, due }: Growth, build: string): string[] {
  const works = sizes[0]!.work.map(({ what }) => what)
  const heads = sizes.map(({ waiting, closed }) => `${waiting} wait, ${closed} ended`)
  const rows = works.flatMap((what, n) =>
    ASKED.map(([asked, of]) => {
      const measured = sizes.map(({ work }) => work[n]!)
      const counts = measured.map(({ cost }) => of(cost))
      const cells = counts.map((each, size) => `${measured[size]!.done ? '' : '> '}${each}`)
      return [
        what,
        asked,
        ...cells,
        counts
          .slice(1)
          .map((each) => ratio(each, counts[0]!))
          .join(', '),
      ]
    }),
  )
  return [
    `Calls, and items asked of the table, beside runs that wait and runs that have ended; ${build}`,
    '',
    table(['work', 'asked for', ...heads, 'times as in the empty table'], rows),
    `Sweeps of ${due.due} runs that are due, and none beside them, ${due.delayMs} ms added to each call; ${build}`,
    '',
    table(
      ['invocation', 's', 'done in its time', 'runs woken so far', 'calls'],
      due.invocations.map(({ seconds, done, woken, calls }, n) => [
        String(n + 1),
        seconds.toFixed(1),
        done ? 'yes' : 'no',
        String(woken),
        String(calls),
      ]),
    ),
  ]
}

function compared(now: Growth, before: Growth): string[] {
  const [its, that] = [now, before].map(({ sizes }) => sizes.at(-1)!)
  const rows = its!.work.map(({ what, cost }, n) => {
    const other = that!.work[n]!
    return [what, ...ASKED.map(([, of]) => `${other.done ? '' : '> '}${ratio(of(other.cost), of(cost))}`)]
  })
  return [
    `The build of before, in times of this build, with ${that!.waiting} runs that wait`,
    '',
    table(['work', ...ASKED.map(([asked]) => asked)], rows),
  ]
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(a / b < 10 ? 2 : 0)
}
