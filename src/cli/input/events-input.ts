import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { BadRequest } from '../../engine/refusals.ts'
import type { ParseResult, Rejection } from '../../findings/finding.ts'
import { joined, parseText } from '../../findings/read.ts'
import { messageOf } from '../../playbook/message-of.ts'
import { eventText } from './event-bytes.ts'

/** What counts as an event file in a folder; a file that is named is read whatever its name. */
const EVENT_FILE = /\.(json|jsonl|ndjson)(\.gz)?$/i
const EVENT_FILES = '*.json, *.jsonl, *.ndjson, and these packed: *.gz'

export interface InputOptions {
  /** What relative paths are relative to. */
  cwd: string
  stdin: () => Promise<Uint8Array>
  /** Told which files of a folder are left out. */
  note: (line: string) => void
}

/** What one event file holds, or why it cannot be said. */
export type EventText = { name: string } & ({ text: string } | { refused: Rejection })

/**
 * Findings from event files, folders (with their sub-folders, in order of name) and `-`, standard input.
 * @throws BadRequest `input` naming the path, when one cannot be read or a folder holds no event file
 */
export async function readEvents(paths: string[], options: InputOptions): Promise<ParseResult> {
  const results: ParseResult[] = []
  for await (const one of eventTexts(paths, options)) {
    results.push('refused' in one ? { findings: [], rejected: [one.refused] } : parseText(one.text, one.name))
  }
  return joined(results)
}

/** What the event files hold, one after the other. Paths, options and errors: see `readEvents`. */
export async function* eventTexts(paths: string[], options: InputOptions): AsyncGenerator<EventText> {
  for (const path of paths) {
    if (path === '-') {
      yield { name: path, ...eventText(await options.stdin(), path) }
      continue
    }
    for (const file of filesOf(path, options)) {
      yield {
        name: file,
        ...eventText(
          readable(file, () => readFileSync(resolve(options.cwd, file))),
          file,
        ),
      }
    }
  }
}

function filesOf(path: string, { cwd, note }: InputOptions): string[] {
  const place = resolve(cwd, path)
  if (!readable(path, () => statSync(place)).isDirectory()) return [path]
  const entries = readable(path, () => readdirSync(place, { recursive: true, withFileTypes: true }))
  const all = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(place, join(entry.parentPath, entry.name)))
    .sort()
  const files = all.filter((name) => EVENT_FILE.test(name))
  const others = all.filter((name) => !EVENT_FILE.test(name)).map((name) => join(path, name))
  if (others.length > 0) note(`left out, no event files (${EVENT_FILES}): ${others.join(', ')}`)
  if (files.length === 0)
    throw new BadRequest('input', `${path}: no event files in this folder (${EVENT_FILES})`)
  return files.map((name) => join(path, name))
}

function readable<T>(path: string, reading: () => T): T {
  try {
    return reading()
  } catch (cause) {
    const why = messageOf(cause)
    throw new BadRequest('input', `${path}: cannot be read: ${why}`, { cause })
  }
}
