import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { BadRequest } from '../../engine/refusals.ts'
import { BadEvent } from '../../findings/bad-event.ts'
import type { ParseResult, Rejection } from '../../findings/finding.ts'
import { parseStream } from '../../findings/read.ts'
import { messageOf } from '../../playbook/message-of.ts'
import { eventText, utf8Text } from './event-bytes.ts'

/** What counts as an event file in a folder; a file that is named is read whatever its name. */
const EVENT_FILE = /\.(json|jsonl|ndjson)(\.gz)?$/i
const EVENT_FILES = '*.json, *.jsonl, *.ndjson, and these packed: *.gz'

/** Of a file at once, in bytes. The text of larger pieces is collected late: a long file then takes 50 MB more. */
const PIECE = 64 * 1024
/** Of what is packed and not kept, in bytes: some million findings. */
const MAX_PASSING_BYTES = 16 * 1024 ** 3
/** Of the files of a folder that are left out. */
const MOST_NAMED = 20
/** What is in these is a tool's, and no event of anybody: a checkout has tens of thousands of files there. */
const OF_TOOLS = ['.git', 'node_modules']
/** From so many bytes of a file on threads take less time, though each has to start first. */
const LARGE = 16 * 1024 * 1024
/** So many events of one file that cannot be read are no findings with some mistakes, but something else. */
const MAX_REJECTED = 100_000

export interface InputOptions {
  /** What relative paths are relative to. */
  cwd: string
  stdin: () => AsyncIterable<Uint8Array>
  /** Told which files of a folder are left out. */
  note: (line: string) => void
}

/** What one event file holds, or why it cannot be said. */
export type EventText = { name: string } & ({ text: string } | { refused: Rejection })

/**
 * Findings from event files, folders (with their sub-folders, `.git` and `node_modules` apart, in order of name) and `-`, standard
 * input.
 * @throws BadRequest `input` naming the path, when one cannot be read, a folder holds no event file, or 100,000 events of
 *   one cannot be read
 */
export async function readEvents(paths: string[], options: InputOptions): Promise<ParseResult> {
  const all: ParseResult = { findings: [], rejected: [] }
  for (const { name, bytes } of inputs(paths, options)) {
    const before = all.rejected.length
    for await (const results of parseStream(eventText(bytes), name)) {
      for (const { findings, rejected } of results) {
        for (const finding of findings) all.findings.push(finding)
        for (const rejection of rejected) all.rejected.push(rejection)
      }
      refuseNoEvents(name, all.rejected.length - before)
    }
  }
  return all
}

/** Throws `BadRequest` for an input of which so many events cannot be read. */
export function refuseNoEvents(name: string, rejected: number): void {
  if (rejected > MAX_REJECTED)
    throw new BadRequest('input', `${name}: more than ${MAX_REJECTED} events in it cannot be read`)
}

/** The same of one input, piece by piece, a result for each document, for input of any length: nothing of it is kept. */
export function passingEvents({ name, bytes }: EventInput): AsyncGenerator<ParseResult[]> {
  return parseStream(eventText(bytes, MAX_PASSING_BYTES), name)
}

/** The same of what follows in a file, whose lines so far were read by `parseLines`. */
export function followingEvents(
  { name, file }: LargeFile,
  { at, line }: Reached,
): AsyncGenerator<ParseResult[]> {
  return parseStream(utf8Text(fileBytes(name, file, at)), name, line)
}

/** What the event files hold, one after the other. Paths, options and errors: see `readEvents`. */
export async function* eventTexts(paths: string[], options: InputOptions): AsyncGenerator<EventText> {
  for (const { name, bytes } of inputs(paths, options)) {
    try {
      const pieces: string[] = []
      for await (const piece of eventText(bytes)) pieces.push(piece)
      yield { name, text: pieces.join('') }
    } catch (error) {
      if (!(error instanceof BadEvent)) throw error
      yield { name, refused: { event: name, code: error.code, reason: error.message } }
    }
  }
}

/** An event file, or standard input. */
export interface EventInput {
  name: string
  bytes: AsyncIterable<Uint8Array>
  /** Absolute; none of standard input. */
  file?: string
}

/** A file for which it pays to start threads. */
export interface LargeFile extends EventInput {
  file: string
}

/** @param large in bytes */
export function isLarge(input: EventInput, large = LARGE): input is LargeFile {
  const stat = input.file === undefined ? undefined : statSync(input.file, { throwIfNoEntry: false })
  return stat?.isFile() === true && stat.size >= large
}

/** How far in a file one has come. */
export interface Reached {
  /** Bytes before it. */
  at: number
  /** Lines before it. */
  line: number
}

/** What paths mean, one after the other. Paths, options and errors: see `readEvents`. */
export function* inputs(paths: string[], options: InputOptions): Generator<EventInput> {
  for (const path of paths) {
    if (path === '-') yield { name: path, bytes: options.stdin() }
    else
      for (const name of filesOf(path, options)) {
        const file = resolve(options.cwd, name)
        yield { name, bytes: fileBytes(name, file), file }
      }
  }
}

async function* fileBytes(name: string, path: string, at = 0): AsyncGenerator<Uint8Array> {
  try {
    yield* statSync(path).isFile() ? piecesOf(path, at) : streamed(path)
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

/** A file that is there is read as it is: streams cost a short command 2 MB. */
function* piecesOf(path: string, at: number): Generator<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    for (let position = at; ; ) {
      const piece = new Uint8Array(PIECE)
      const read = readSync(file, piece, 0, PIECE, position)
      if (read === 0) return
      position += read
      yield piece.subarray(0, read)
    }
  } finally {
    closeSync(file)
  }
}

/** What somebody is still writing, `<(command)`, is waited for without holding everything up. */
const streamed = (path: string): AsyncIterable<Uint8Array> =>
  process.getBuiltinModule('node:fs').createReadStream(path, { highWaterMark: PIECE })

function filesOf(path: string, { cwd, note }: InputOptions): string[] {
  const place = resolve(cwd, path)
  if (!readable(path, () => statSync(place)).isDirectory()) return [path]
  const all = readable(path, () => [...within(place)])
    .map((found) => relative(place, found))
    .sort()
  const files = all.filter((name) => EVENT_FILE.test(name))
  const others = all.filter((name) => !EVENT_FILE.test(name)).map((name) => join(path, name))
  if (others.length > 0) note(`left out, no event files (${EVENT_FILES}): ${someOf(others)}`)
  if (files.length === 0)
    throw new BadRequest('input', `${path}: no event files in this folder (${EVENT_FILES})`)
  return files.map((name) => join(path, name))
}

/** The files in a folder and in its sub-folders; of a tool's folder no more than that it is there. */
function* within(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !OF_TOOLS.includes(entry.name)) yield* within(path)
    else yield path
  }
}

/** A folder that holds a whole project has thousands. */
function someOf(names: readonly string[]): string {
  const left = names.length - MOST_NAMED
  return names.slice(0, MOST_NAMED).join(', ') + (left > 0 ? ` and ${left} more` : '')
}

function readable<T>(path: string, reading: () => T): T {
  try {
    return reading()
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

const unreadable = (path: string, cause: unknown): BadRequest =>
  new BadRequest('input', `${path}: cannot be read: ${messageOf(cause)}`, { cause })
