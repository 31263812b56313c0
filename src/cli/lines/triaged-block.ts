import type { RejectionCode } from '../../findings/finding.ts'
import { parseLines } from '../../findings/read.ts'
import type { TriageOne } from '../../reports/triage/triage-json.ts'
import type { Answer, Question } from './triage-question.ts'
import { triagedLines } from './triaged-lines.ts'

/** So many bytes become text at once: V8 collects larger texts late. */
const PIECE = 64 * 1024
const NEWLINE = 0x0a
const fromUtf8 = new TextDecoder()
const toUtf8 = new TextEncoder()

/** Triages lines; what is to be said of them is put where they were, if there is room. */
export function triagedBlock({ bytes, event, line }: Question, one: TriageOne): Answer {
  const { buffer } = bytes
  const unread = new Set<RejectionCode>()
  let text = ''
  let next = line
  let values = 0
  for (const piece of pieces(bytes)) {
    const read = parseLines(fromUtf8.decode(piece), event, next)
    if (read === undefined) return { buffer }
    const lines = triagedLines(read.results, one)
    text += lines.text
    for (const code of lines.unread) unread.add(code)
    next = read.next
    values += read.results.length
  }
  // One value that is alone in a file is called otherwise.
  if (line === 0 && values < 2) return { buffer }
  return { buffer, lines: { text: inUtf8(text, buffer), unread: [...unread] } }
}

/** At ends of lines. */
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; ) {
    const last = from + PIECE < bytes.length ? bytes.lastIndexOf(NEWLINE, from + PIECE) : bytes.length - 1
    const end = last >= from ? last : bytes.indexOf(NEWLINE, from)
    const to = end < 0 ? bytes.length : end + 1
    yield bytes.subarray(from, to)
    from = to
  }
}

function inUtf8(text: string, buffer: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(buffer)
  const { read, written } = toUtf8.encodeInto(text, bytes)
  return read === text.length ? bytes.subarray(0, written) : toUtf8.encode(text)
}
