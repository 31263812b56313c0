import { closeSync, openSync, writeFileSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BadRequest } from '../engine/refusals.ts'
import { messageOf } from '../playbook/message-of.ts'

/**
 * Looks, before the work that may take long, whether reports can be written where they are to go, and no two to one place.
 * The files are created, and stay empty until then.
 * @param files by the option that names each; relative to `cwd`
 */
export async function mustBeWritable(cwd: string, files: Record<string, string | undefined>): Promise<void> {
  const named = Object.entries(files).flatMap(([option, file]) =>
    file === undefined ? [] : [{ option, file: resolve(cwd, file) }],
  )
  for (const [index, { option, file }] of named.entries()) {
    const same = named.slice(0, index).find((other) => other.file === file)
    if (same) throw new BadRequest('usage', `--${same.option} and --${option} name the same file`)
    await (await open(file, 'a').catch(unwritable)).close()
  }
}

/** Writes a whole report. */
export async function writeReport(cwd: string, file: string, text: string): Promise<void> {
  await writeFile(resolve(cwd, file), text).catch(unwritable)
}

/** A report that is written line by line. */
export interface LineFile {
  /** @param line without what ends it */
  line(line: string): void
  close(): void
}

/** Characters that are kept until they are written together. */
const KEPT = 65_536

/** Opens a report that is written as it comes: whoever gives the lines is not held up to wait, and none are kept. */
export function lineFile(cwd: string, file: string): LineFile {
  let kept = ''
  const writing = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      return unwritable(cause)
    }
  }
  const descriptor = writing(() => openSync(resolve(cwd, file), 'w'))
  const write = () => {
    writing(() => writeFileSync(descriptor, kept))
    kept = ''
  }
  return {
    line(line) {
      kept += `${line}\r\n`
      if (kept.length >= KEPT) write()
    },
    close() {
      write()
      closeSync(descriptor)
    },
  }
}

function unwritable(cause: unknown): never {
  throw new BadRequest('usage', `the report cannot be written: ${messageOf(cause)}`, { cause })
}
