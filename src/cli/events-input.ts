import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { BadRequest } from '../engine/engine.ts'
import type { ParseResult } from '../findings/finding.ts'
import { joined, parseText } from '../findings/read.ts'

/** What counts as an event file in a folder; a file that is named is read whatever its name. */
const EVENT_FILE = /\.(json|jsonl|ndjson)$/i

/**
 * Findings from event files, folders (with their sub-folders, in order of name) and `-`, standard input.
 * @param options.cwd what relative paths are relative to
 * @throws BadRequest `input` naming the path, when one cannot be read or a folder holds no event file
 */
export async function readEvents(
  paths: string[],
  options: { cwd: string; stdin: () => Promise<string> },
): Promise<ParseResult> {
  const results: ParseResult[] = []
  for await (const { name, text } of eventTexts(paths, options)) results.push(parseText(text, name))
  return joined(results)
}

/** What the event files hold, one after the other. Paths, options and errors: see `readEvents`. */
export async function* eventTexts(
  paths: string[],
  options: { cwd: string; stdin: () => Promise<string> },
): AsyncGenerator<{ name: string; text: string }> {
  for (const path of paths) {
    if (path === '-') {
      yield { name: path, text: await options.stdin() }
      continue
    }
    for (const file of await filesOf(path, options.cwd)) {
      yield { name: file, text: await readable(file, readFile(resolve(options.cwd, file), 'utf8')) }
    }
  }
}

async function filesOf(path: string, cwd: string): Promise<string[]> {
  const place = resolve(cwd, path)
  if (!(await readable(path, stat(place))).isDirectory()) return [path]
  const entries = await readable(path, readdir(place, { recursive: true, withFileTypes: true }))
  const files = entries
    .filter((entry) => EVENT_FILE.test(entry.name) && !entry.isDirectory())
    .map((entry) => relative(place, join(entry.parentPath, entry.name)))
    .sort()
  if (files.length === 0) {
    throw new BadRequest('input', `${path}: no event files in this folder (*.json, *.jsonl, *.ndjson)`)
  }
  return files.map((name) => join(path, name))
}

async function readable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new BadRequest('input', `${path}: cannot be read: ${why}`, { cause })
  }
}
