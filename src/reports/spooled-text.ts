import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** So many characters are kept as text until they are put away together: what is shorter makes no file. */
const KEPT = 256 * 1024

/** So much is read back at once (bytes). */
const PIECE = 256 * 1024

/**
 * A text that grows to any length before anybody may read it, and takes no more memory for that: what is long is put away
 * in a temporary file. The file has no name any more once it is open: nobody else can open it, and it is gone when the
 * process is, however that ends. What the folder does not take (there is none, it is full) is kept in memory.
 */
export class SpooledText {
  readonly #folder: string
  #text = ''
  #file: number | undefined
  /** What the file holds (bytes). */
  #length = 0
  /** What comes behind that, and was not taken. */
  readonly #refused: Buffer[] = []

  /** @param folder for the file; default: that of the system for temporary files */
  constructor(folder: string = tmpdir()) {
    this.#folder = folder
  }

  add(text: string): void {
    this.#text += text
    if (this.#text.length >= KEPT) this.#putAway()
  }

  /**
   * All of it, in pieces of UTF-8, once: nothing can be added any more. A piece is only good until the next is asked for.
   * @throws where the file cannot be read
   */
  *pieces(): Generator<Uint8Array> {
    try {
      const bytes = Buffer.allocUnsafe(Math.min(PIECE, this.#length))
      for (let at = 0; at < this.#length; ) {
        const piece = this.#readAt(at, bytes)
        yield piece
        at += piece.length
      }
      yield* this.#refused
      yield Buffer.from(this.#text)
    } finally {
      if (this.#file !== undefined) closeSync(this.#file)
    }
  }

  #putAway(): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    // What follows a piece that was refused comes behind it.
    if (this.#refused.length > 0 || !this.#isTaken(bytes)) this.#refused.push(bytes)
  }

  #isTaken(bytes: Buffer): boolean {
    try {
      this.#file ??= openNameless(this.#folder)
      writeFileSync(this.#file, bytes)
    } catch {
      return false
    }
    this.#length += bytes.length
    return true
  }

  #readAt(at: number, bytes: Buffer): Buffer {
    const read = readSync(this.#file!, bytes, 0, Math.min(bytes.length, this.#length - at), at)
    if (read === 0) throw new Error('the temporary file of the report has lost its end')
    return bytes.subarray(0, read)
  }
}

/** A new file that no name leads to, for this user alone. */
function openNameless(within: string): number {
  const own = mkdtempSync(join(within, 'rectify-'))
  try {
    return openSync(join(own, 'report'), 'wx+', 0o600)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
