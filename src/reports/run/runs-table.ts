import { stripVTControlCharacters } from 'node:util'
import type { Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { endText } from './run-text.ts'

/** A column that is cut keeps at least so many characters, or it is left out. */
const LEAST = 8
/** Shortest beginning of an id that is shown: the time of the run, and two characters more. */
const SHORT_ID = 12
const HEAD = ['RUN', 'STARTED', 'OUTCOME', 'RESOURCE', 'PLAYBOOK', 'WHY']

/**
 * Runs as a table, one line each, in the order given.
 * @param width columns of the terminal, in which each line is made to fit: ids and times are shortened, and what is
 *   said last is cut or left out. Without it everything is whole.
 */
export function runsTable(runs: Run[], paint: Paint, width?: number): string {
  if (runs.length === 0) return 'no runs'
  const whole = runs.map((run) => [run.id, secondOf(run), ...restOf(run, paint)])
  const rows = width === undefined ? whole : fitting(runs, whole, width)
  const head = HEAD.slice(0, rows[0]?.length).map(paint.faint)
  return columns([head, ...rows]).join('\n')
}

function restOf(run: Run, paint: Paint): string[] {
  const end = endText(run, paint) + (run.undoneBy ? paint.faint(' (undone)') : '')
  return [end, visible(run.target.id), run.playbook, visible(run.reason)]
}

const secondOf = ({ startedAt }: Run) => `${startedAt.slice(0, 19)}Z`
const minuteOf = ({ startedAt }: Run) => `${startedAt.slice(5, 16).replace('T', ' ')}Z`

/** The columns as far as they fit, the last of them cut. */
function fitting(runs: Run[], whole: string[][], width: number): string[][] {
  const idOf = shortened(runs)
  const short = runs.map((run, index) => [idOf(run), minuteOf(run), ...(whole[index] ?? []).slice(2)])
  for (const rows of [whole, short]) {
    for (const count of rows === whole ? [6] : [6, 5]) {
      const room = width - widthOf(rows.map((row) => row.slice(0, count - 1)))
      if (room >= LEAST)
        return rows.map((row) => [...row.slice(0, count - 1), cut(row[count - 1] ?? '', room)])
    }
  }
  return short.map((row) => row.slice(0, 4))
}

/** The shortest beginnings of the ids by which these runs can be told apart, all of one length. */
function shortened(runs: Run[]): (run: Run) => string {
  let length = SHORT_ID
  while (new Set(runs.map(({ id }) => id.slice(0, length))).size < runs.length) length++
  return ({ id }) => id.slice(0, length)
}

/** How far the columns reach, with the gap behind the last. */
function widthOf(rows: string[][]): number {
  const [line = ''] = columns([HEAD.slice(0, rows[0]?.length), ...rows].map((row) => [...row, '|']))
  return stripVTControlCharacters(line).length - 1
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`
}
