import type { ParseResult } from '../../findings/finding.ts'
import { triaging } from '../../reports/triage/triage-json.ts'
import { compileInThreads } from '../compilers.ts'
import {
  type EventInput,
  followingEvents,
  isLarge,
  type LargeFile,
  passingEvents,
} from '../input/events-input.ts'
import type { SeenResults } from './seen-results.ts'
import type { Answerer } from './thread-pool.ts'
import type { Terms } from './triage-question.ts'
import { triagedLines } from './triaged-lines.ts'

/** When threads are started, and which; as usual where it is not said. */
export interface Threading {
  /** From so many bytes of a file on. */
  large?: number
  workers?: (terms: Terms) => Answerer[]
}

/**
 * What is to be said of inputs of any length, as lines of JSON, in their order and piece by piece. Large files of lines
 * are read by several threads.
 * @param seen gets what passes
 */
export async function* passingLines(
  inputs: Iterable<EventInput>,
  terms: Terms,
  seen: SeenResults,
  threading: Threading = {},
): AsyncGenerator<string | Uint8Array> {
  const one = triaging(terms.heads, terms.policy, terms.now)
  for (const input of inputs) {
    const results = isLarge(input, threading.large)
      ? yield* byThreads(input, terms, seen, threading.workers)
      : passingEvents(input)
    if (results === undefined) continue
    for await (const each of results) {
      seen.add(each)
      yield triagedLines(each, one).text
    }
  }
}

/** @returns what is left to be read because it is no line by itself */
async function* byThreads(
  file: LargeFile,
  terms: Terms,
  seen: SeenResults,
  workers: Threading['workers'],
): AsyncGenerator<Uint8Array, AsyncGenerator<ParseResult[]> | undefined> {
  compileInThreads()
  const { linesOfLargeFile, triageWorkers } = await import('./large-file.ts')
  const lines = linesOfLargeFile(file, (workers ?? triageWorkers)(terms))
  for (;;) {
    const { done, value } = await lines.next()
    if (done) return value && followingEvents(file, value)
    for (const code of value.unread) seen.unread.add(code)
    yield value.text
  }
}
