import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { BadRequest } from '../engine/refusals.ts'
import { messageOf } from '../playbook/message-of.ts'

/** A file that an option of the command line names, to be written. */
export interface NamedFile {
  /** As it was given. */
  file: string
  /** Absolute. */
  path: string
}

/**
 * The files of reports, before the work that may take long: no two are one, none is what is read, and each can be written.
 * Nothing is created, and what stands there stays, until there is a report.
 * @param files by the option that names each; relative to `cwd`
 * @param read what the command reads, likewise
 * @throws BadRequest `usage`
 */
export function reportFiles<Name extends string>(
  cwd: string,
  files: Partial<Record<Name, string>>,
  read: readonly string[] = [],
): Partial<Record<Name, NamedFile>> {
  const named = Object.entries<string | undefined>(files).flatMap(([name, file]) =>
    file === undefined ? [] : [{ name, file, path: resolve(cwd, file), place: placeOf(resolve(cwd, file)) }],
  )
  for (const { name, place } of named) {
    const other = named.find((each) => each.place === place)
    if (other && other.name !== name)
      throw new BadRequest('usage', `--${other.name} and --${name} name the same file`)
  }
  const places = new Set(read.map((path) => placeOf(resolve(cwd, path))))
  const over = named.find(({ place }) => places.has(place))
  if (over)
    throw new BadRequest(
      'usage',
      `--${over.name} ${over.file} names what is to be read: it would be written over`,
    )
  for (const { path } of named) mustBeWritable(path)
  return Object.fromEntries(named.map(({ name, file, path }) => [name, { file, path }])) as Partial<
    Record<Name, NamedFile>
  >
}

/** Where a path really leads: by links as well, and of a file that is not there yet. */
function placeOf(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const folder = dirname(path)
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path
}

function mustBeWritable(path: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    if (there?.isDirectory()) throw new Error(`${path} is a folder`)
    accessSync(there ? path : dirname(path), constants.W_OK)
  } catch (cause) {
    unwritable(cause)
  }
}

/** Writes a whole report, a long one in pieces of UTF-8. */
export async function writeReport({ path }: NamedFile, text: string | Iterable<Uint8Array>): Promise<void> {
  await writeFile(path, text).catch(unwritable)
}

/** A report that is written piece by piece. */
export interface GrowingFile {
  write(text: string): void
  /** It is whole. */
  end(): void
  /** It will not be whole: what has not been written is not. */
  abandon(): void
}

/** Characters that are kept until they are written together. */
const KEPT = 65_536

/**
 * A report that is written as it comes: whoever gives the pieces cannot wait, and none are kept. The file is opened with the
 * first pieces that are written.
 */
export function growingFile({ path }: NamedFile): GrowingFile {
  let kept = ''
  let descriptor: number | undefined
  const writeKept = () => {
    try {
      descriptor ??= openSync(path, 'w')
      writeFileSync(descriptor, kept)
    } catch (cause) {
      unwritable(cause)
    }
    kept = ''
  }
  const abandon = () => {
    if (descriptor !== undefined) closeSync(descriptor)
    descriptor = undefined
  }
  return {
    write(text) {
      kept += text
      if (kept.length >= KEPT) writeKept()
    },
    end() {
      writeKept()
      abandon()
    },
    abandon,
  }
}

function unwritable(cause: unknown): never {
  throw new BadRequest('usage', `the report cannot be written: ${messageOf(cause)}`, { cause })
}
