// The least that reading a file of events can take: each line of it becomes text and a value, on as many threads as `triage`
// has, and nothing is done with it.
import { openSync, readSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const BLOCK = 4 * 1024 * 1024
const NEWLINE = 0x0a

if (isMainThread) {
  const file = process.argv[2]
  const threads = Math.min(4, availableParallelism())
  const part = Math.ceil(statSync(file).size / threads)
  for (let n = 0; n < threads; n++)
    new Worker(new URL(import.meta.url), { workerData: { file, from: n * part, to: (n + 1) * part } })
} else parsePart(workerData)

/** The lines that begin in a part of the file. */
function parsePart({ file, from, to }) {
  const handle = openSync(file)
  const decoder = new TextDecoder()
  const bytes = Buffer.alloc(BLOCK)
  // The line that is under way at the beginning is another's.
  let at = from === 0 ? 0 : endOfLine(handle, bytes, from - 1)
  while (at < to) {
    const length = readSync(handle, bytes, 0, BLOCK, at)
    if (length === 0) return
    const end = bytes.subarray(0, length).lastIndexOf(NEWLINE) + 1
    for (let line = 0; line < end; ) {
      const next = bytes.indexOf(NEWLINE, line) + 1
      if (at + line >= to) return
      parsed(decoder.decode(bytes.subarray(line, next)))
      line = next
    }
    at += end
  }
}

function endOfLine(handle, bytes, from) {
  readSync(handle, bytes, 0, BLOCK, from)
  return from + bytes.indexOf(NEWLINE) + 1
}

/** Some events of the corpus are cut, as those were that were stored by others. */
function parsed(line) {
  try {
    JSON.parse(line)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
}
