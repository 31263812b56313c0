import { closeSync, openSync, readSync } from 'node:fs'
import { MAX_BYTES } from '../../findings/text/json-documents.ts'
import type { Reached } from '../input/events-input.ts'

/** Some lines of a file, in bytes; the last one of the file may be without its end, and so is one that is too long. */
export interface LineBlock {
  bytes: Uint8Array<ArrayBuffer>
  /** What is before it. */
  from: Reached
}

/** Of a block, in bytes: some hundred events, so that handing it over costs nothing beside reading it. */
const BLOCK = 512 * 1024
const NEWLINE = 0x0a

/**
 * Takes a file apart at ends of lines. A block holds more than 512 kB where a line does.
 * @param spare buffers that nobody uses any more: they are filled again, because what lies outside of V8's heap is
 *   collected late
 */
export function* lineBlocks(path: string, spare: ArrayBuffer[]): Generator<LineBlock> {
  const file = openSync(path, 'r')
  try {
    let rest = new Uint8Array()
    let from: Reached = { at: 0, line: 0 }
    for (let position = 0; ; ) {
      const buffer = bufferOf(rest.length + BLOCK, spare)
      const bytes = new Uint8Array(buffer)
      bytes.set(rest)
      const read = readSync(file, bytes, rest.length, bytes.length - rest.length, position)
      position += read
      const filled = rest.length + read
      if (filled === 0) return
      const isAll = read === 0 || filled > MAX_BYTES
      const whole = isAll ? filled : bytes.lastIndexOf(NEWLINE, filled - 1) + 1
      rest = bytes.slice(whole, filled)
      if (whole === 0) continue
      const block = bytes.subarray(0, whole)
      const next = { at: from.at + whole, line: from.line + linesIn(block) }
      yield { bytes: block, from }
      from = next
    }
  } finally {
    closeSync(file)
  }
}

function bufferOf(size: number, spare: ArrayBuffer[]): ArrayBuffer {
  const used = spare.pop()
  return used !== undefined && used.byteLength >= size ? used : new ArrayBuffer(2 * size)
}

function linesIn({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): number {
  // That of a typed array looks at each byte by itself.
  const bytes = Buffer.from(buffer, byteOffset, length)
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}
