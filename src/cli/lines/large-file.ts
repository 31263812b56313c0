import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { HEAD, type PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { collectEarly } from '../early-collection.ts'
import type { LargeFile, Reached } from '../input/events-input.ts'
import { type LineBlock, lineBlocks } from './line-blocks.ts'
import { type Answerer, ThreadPool } from './thread-pool.ts'
import type { Answer, Question, Terms, TriagedBlock } from './triage-question.ts'

/**
 * Of the heap in which a thread makes what it reads, in MB: events are soon let go, and more than one piece of text fits.
 * 8 MB would take 17 MB more.
 */
const YOUNG_HEAP = 4
/** More threads than this wait for the one that reads and writes, and each takes memory. */
const MOST_THREADS = 4

/** Beside this file once the program is built. */
const WORKER = import.meta.url.endsWith('.ts') ? './triage-worker.ts' : './triage-worker.js'

/**
 * Triages a file of lines by several threads, as long as each line is a value by itself; the lines come in the order of
 * the file. One is only good until the next is asked for.
 * @returns where it stopped because a line is not; undefined at the end of the file
 */
export async function* linesOfLargeFile(
  { name, file }: LargeFile,
  workers: readonly Answerer[],
): AsyncGenerator<TriagedBlock, Reached | undefined> {
  const pool = new ThreadPool<Question, Answer>(workers)
  const spare: ArrayBuffer[] = []
  const asked: LineBlock['from'][] = []
  try {
    for await (const { buffer, lines } of pool.answers(questions(), ({ bytes }) => bytes.buffer)) {
      const from = asked.shift()
      if (!lines) return from
      yield lines
      spare.push(buffer)
    }
    return undefined
  } finally {
    await pool.end()
  }

  function* questions(): Generator<Question> {
    for (const { bytes, from } of lineBlocks(file, spare)) {
      asked.push(from)
      yield { bytes, event: name, line: from.line }
    }
  }
}

/** As many as this machine can have at work. */
export function triageWorkers({ heads, policy, now }: Terms): Worker[] {
  setFlagsFromString(`--max-semi-space-size=${YOUNG_HEAP}`)
  collectEarly()
  const workerData: Terms = { heads: heads.map(dataOf), policy, now }
  const length = Math.min(availableParallelism(), MOST_THREADS)
  return Array.from({ length }, () => new Worker(new URL(WORKER, import.meta.url), { workerData }))
}

/** A head without what else its playbook has: functions cannot be handed to a thread. */
function dataOf(playbook: PlaybookHead): PlaybookHead {
  const entries = HEAD.map((name) => [name, playbook[name]]).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries)
}
