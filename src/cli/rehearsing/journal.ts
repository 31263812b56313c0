import { appendFile, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ulid } from 'ulid'
import type { Ignored } from '../../engine/ports.ts'
import { BadRequest } from '../../engine/refusals.ts'
import type { Rejection } from '../../findings/finding.ts'
import { sameJson } from '../../playbook/json.ts'
import type { Run } from '../../run/run.ts'
import type { Reached } from './portions.ts'

/** A piece of what a rehearsal came to. */
export type Entry = { run: Run } | { ignored: Ignored } | { rejected: Rejection }

/** What must be the same for a rehearsal to go on, each as a hash. */
export interface SameAs {
  /** Of what was asked for on the command line: what finds the rehearsal. */
  command: string
  /** Of what its files hold. */
  inputs: string
  policy: string
}

/** What is stored of a rehearsal beside its pieces. */
interface Stored extends SameAs {
  form: typeof FORM
  /** Name of the file with its pieces, and how much of it counts, in bytes. */
  pieces: string
  bytes: number
  /** ISO 8601 UTC: when it was begun. */
  begun: string
  /** Where the window began that is under way, and how many pieces came before it. */
  window: { from: Reached; entries: number }
  entries: number
}

/** Of the layout of all that is stored here: what has another is not gone on with. */
const FORM = 1

/** So much is kept in memory before it is written (characters): less than that is sooner done again than gone on with. */
const UNWRITTEN = 4 * 1024 * 1024
/** So much of it at most is not packed yet (characters): text takes ten times more memory, and V8 lets go of it late. */
const UNPACKED = 256 * 1024

/**
 * What a long rehearsal has come to so far, on disk, so that one that was interrupted can go on: its pieces as lines of JSON,
 * packed, and beside them how far it was. A rehearsal that is short, and not interrupted, leaves no file; one that has ended,
 * neither.
 */
export class Journal {
  readonly #folder: string
  readonly #same: SameAs
  #stored: Stored
  #isTold = false
  /** Lines that are not packed, and their characters. */
  #lines: string[] = []
  #unpacked = 0
  /** What is packed and not written: how many lines that is, and of how many characters. */
  #packed: Uint8Array[] = []
  #entries = 0
  #unwritten = 0

  private constructor(folder: string, same: SameAs, stored: Stored) {
    this.#folder = folder
    this.#same = same
    this.#stored = stored
  }

  /** For a rehearsal that begins. */
  static begun(folder: string, same: SameAs, now: number): Journal {
    const pieces = `${same.command.slice(-16)}-${ulid()}.ndjson.gz`
    const window = { from: { documents: 0 }, entries: 0 }
    const begun = new Date(now).toISOString()
    return new Journal(folder, same, { ...same, form: FORM, pieces, bytes: 0, begun, window, entries: 0 })
  }

  /** Whether one of this command was left that can go on. */
  static async isThere(folder: string, { command }: Pick<SameAs, 'command'>): Promise<boolean> {
    return (await readStored(folder, command).catch(() => undefined)) !== undefined
  }

  /**
   * For a rehearsal that goes on.
   * @throws BadRequest `usage` where there is none, or its inputs or policy are others than they were
   */
  static async found(folder: string, same: SameAs): Promise<Journal> {
    const stored = await readStored(folder, same.command)
    const anew = 'leave --resume out to begin anew'
    if (stored === undefined)
      throw new BadRequest(
        'usage',
        `there is nothing to go on with: no such rehearsal was interrupted; ${anew}`,
      )
    if (stored.form !== FORM)
      throw new BadRequest('usage', `the interrupted rehearsal is of another version of rectify; ${anew}`)
    for (const what of ['inputs', 'policy'] as const) {
      if (stored[what] === same[what]) continue
      const which = what === 'inputs' ? 'what the files hold is' : 'the policy is'
      throw new BadRequest('usage', `${which} not what it was when the rehearsal was interrupted; ${anew}`)
    }
    return new Journal(folder, same, stored)
  }

  /** ISO 8601 UTC. */
  get begun(): string {
    return this.#stored.begun
  }

  /** Where the window begins that is under way. */
  get from(): Reached {
    return this.#stored.window.from
  }

  /**
   * All pieces of before, those of the window under way apart.
   * @throws BadRequest `usage` where they cannot be read
   */
  async *entries(): AsyncGenerator<Entry & { isOfWindow: boolean }> {
    const { pieces, bytes, entries, window } = this.#stored
    if (bytes === 0) {
      if (entries > 0 || window.entries > 0) throw damaged()
      return
    }
    const { createReadStream } = process.getBuiltinModule('node:fs')
    const { createGunzip } = process.getBuiltinModule('node:zlib')
    const { pipeline } = process.getBuiltinModule('node:stream')
    const file = createReadStream(join(this.#folder, pieces), { end: bytes - 1 })
    // What goes wrong comes out of the end that is read.
    const text = pipeline(file, createGunzip(), () => undefined).setEncoding('utf8')
    let read = 0
    try {
      for await (const line of linesOf(text)) {
        read += 1
        yield { ...(JSON.parse(line) as Entry), isOfWindow: read > window.entries }
      }
    } catch (cause) {
      throw damaged(cause)
    }
    if (read !== entries) throw damaged()
  }

  /** A further window begins here, or the one goes on that was under way. */
  async window(from: Reached): Promise<void> {
    if (sameJson(from, this.#stored.window.from)) return
    // Its pieces come behind all others.
    if (this.#stored.bytes > 0) await this.#write()
    this.#stored.window = { from, entries: this.#stored.entries + this.#entries + this.#lines.length }
    if (this.#stored.bytes > 0) await this.#tell()
  }

  async add(entry: Entry): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`
    this.#lines.push(line)
    this.#unpacked += line.length
    if (this.#unpacked >= UNPACKED) await this.#pack()
    if (this.#unwritten >= UNWRITTEN) await this.store()
  }

  /** Writes all that is known so far. */
  async store(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    await this.#write()
    await this.#tell()
  }

  /** It has come to its end: nothing of it is needed any more. */
  async drop(): Promise<void> {
    await rm(join(this.#folder, this.#stored.pieces), { force: true })
    const newest = await readStored(this.#folder, this.#same.command).catch(() => undefined)
    // Whoever began the same anew meanwhile keeps its own.
    if (newest?.pieces === this.#stored.pieces)
      await rm(place(this.#folder, this.#same.command), { force: true })
  }

  /** Each time a part by itself, which is read behind the others. */
  async #pack(): Promise<void> {
    if (this.#lines.length === 0) return
    const { gzip } = process.getBuiltinModule('node:zlib')
    const { promisify } = process.getBuiltinModule('node:util')
    const lines = this.#lines
    this.#lines = []
    this.#entries += lines.length
    this.#unwritten += this.#unpacked
    this.#unpacked = 0
    this.#packed.push(await promisify(gzip)(lines.join(''), { level: 1 }))
  }

  /** What cannot be written is still there to be written. */
  async #write(): Promise<void> {
    await this.#pack()
    if (this.#packed.length === 0) return
    const packed = Buffer.concat(this.#packed)
    const path = join(this.#folder, this.#stored.pieces)
    // Behind it may be what a process that died did not come to count, or what was written in part.
    if (this.#stored.bytes === 0) await writeFile(path, packed)
    else {
      await cut(path, this.#stored.bytes)
      await appendFile(path, packed)
    }
    this.#stored.bytes += packed.length
    this.#stored.entries += this.#entries
    this.#packed = []
    this.#entries = 0
    this.#unwritten = 0
  }

  /** What an earlier rehearsal of the same left: from now on this one is gone on with. */
  async #clearOlder(): Promise<void> {
    const older = await readStored(this.#folder, this.#same.command).catch(() => undefined)
    if (older && older.pieces !== this.#stored.pieces)
      await rm(join(this.#folder, older.pieces), { force: true })
  }

  async #tell(): Promise<void> {
    const path = place(this.#folder, this.#same.command)
    if (!this.#isTold) await this.#clearOlder()
    this.#isTold = true
    const draft = `${path}.${ulid()}`
    await writeFile(draft, JSON.stringify(this.#stored))
    await rename(draft, path)
  }
}

/** JSON ends no line at U+2028 and U+2029, at which `node:readline` does. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

const place = (folder: string, command: string): string => join(folder, `${command.slice(-16)}.json`)

async function readStored(folder: string, command: string): Promise<Stored | undefined> {
  try {
    const stored = JSON.parse(await readFile(place(folder, command), 'utf8')) as Stored
    return stored.command === command ? stored : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw damaged(error)
  }
}

async function cut(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.truncate(bytes)
  } finally {
    await file.close()
  }
}

function damaged(cause?: unknown): BadRequest {
  const why = cause instanceof Error ? ` (${cause.message})` : ''
  return new BadRequest(
    'usage',
    `what was kept of the interrupted rehearsal cannot be read${why}; leave --resume out to begin anew`,
    { cause },
  )
}
