import { closeSync, openSync, writeFileSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
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
 * The files of reports, before the work that may take long: no two are one, and each can be written. They are created,
 * and stay empty until then.
 * @param files by the option that names each; relative to `cwd`
 */
export async function reportFiles<Name extends string>(
  cwd: string,
  files: Partial<Record<Name, string>>,
): Promise<Partial<Record<Name, NamedFile>>> {
  const named = Object.entries<string | undefined>(files).flatMap(([name, file]) =>
    file === undefined ? [] : [{ name, file, path: resolve(cwd, file) }],
  )
  for (const { name, path } of named) {
    const other = named.find((each) => each.path === path)
    if (other && other.name !== name)
      throw new BadRequest('usage', `--${other.name} and --${name} name the same file`)
  }
  for (const { path } of named) await (await open(path, 'a').catch(unwritable)).close()
  return Object.fromEntries(named.map(({ name, ...file }) => [name, file])) as Partial<
    Record<Name, NamedFile>
  >
}

/** Writes a whole report. */
export async function writeReport({ path }: NamedFile, text: string): Promise<void> {
  await writeFile(path, text).catch(unwritable)
}

/** A report that is written piece by piece. */
export interface GrowingFile {
  write(text: string): void
  close(): void
}

/** Characters that are kept until they are written together. */
const KEPT = 65_536

/** Opens a report that is written as it comes: whoever gives the pieces cannot wait, and none are kept. */
export function growingFile({ path }: NamedFile): GrowingFile {
  let kept = ''
  const writing = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      return unwritable(cause)
    }
  }
  const descriptor = writing(() => openSync(path, 'w'))
  const writeKept = () => {
    writing(() => writeFileSync(descriptor, kept))
    kept = ''
  }
  return {
    write(text) {
      kept += text
      if (kept.length >= KEPT) writeKept()
    },
    close() {
      writeKept()
      closeSync(descriptor)
    },
  }
}

function unwritable(cause: unknown): never {
  throw new BadRequest('usage', `the report cannot be written: ${messageOf(cause)}`, { cause })
}
