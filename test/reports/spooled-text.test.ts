import { execFileSync } from 'node:child_process'
import { fstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, type Stats, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SpooledText } from '../../src/reports/spooled-text.ts'

const MODULE = new URL('../../src/reports/spooled-text.ts', import.meta.url)
/** More than is kept in memory, several times; characters of one to four bytes. */
const LINES = Array.from({ length: 20_000 }, (_, n) => `${n},ä€😀,${'x'.repeat(n % 97)}\r\n`)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-spooled-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function spooled(lines: readonly string[]): SpooledText {
  const text = new SpooledText(folder)
  for (const line of lines) text.add(line)
  return text
}
/** A piece is only good until the next. */
const whole = (text: SpooledText): string =>
  Buffer.concat(Array.from(text.pieces(), (piece) => Buffer.from(piece))).toString()

test('is what was added, however long it is', () => {
  for (const most of [0, 1, 5_000, LINES.length]) {
    const lines = LINES.slice(0, most)
    expect(whole(spooled(lines)) === lines.join('')).toBe(true)
  }
})

test('is held in pieces, and leaves nothing in the temporary folder, not even on the way', () => {
  const text = spooled(LINES)
  expect(readdirSync(folder)).toEqual([])
  const lengths = [...text.pieces()].map(({ length }) => length)
  expect(lengths.length).toBeGreaterThan(3)
  expect(Math.max(...lengths)).toBeLessThan(1024 * 1024)
})

test('is in a file without a name, of this user alone, until it was read', () => {
  const before = openFiles()
  const text = spooled(LINES)
  const own = [...openFiles()].filter(([file]) => !before.has(file)).map(([, stats]) => stats)
  expect(own.map(({ mode, nlink }) => ({ mode: mode & 0o777, nlink }))).toEqual([{ mode: 0o600, nlink: 0 }])
  expect(own[0]!.size).toBeGreaterThan(1_000_000)
  whole(text)
  expect([...openFiles().keys()].filter((file) => !before.has(file))).toEqual([])
})

/** What this process has open, by descriptor: the lowest that is free is the next one. */
function openFiles(): Map<number, Stats> {
  const open = new Map<number, Stats>()
  for (let file = 0; file < 1024; file++) {
    try {
      open.set(file, fstatSync(file))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error
    }
  }
  return open
}

test('is whole, and in its order, where there is no temporary folder, or none until later', () => {
  rmSync(folder, { recursive: true })
  expect(whole(spooled(LINES)) === LINES.join('')).toBe(true)
  const text = spooled(LINES)
  mkdirSync(folder)
  for (const line of LINES) text.add(line)
  expect(whole(text) === [...LINES, ...LINES].join('')).toBe(true)
})

test('is whole where the temporary folder is full on the way', () => {
  const lines = join(folder, 'lines.json')
  writeFileSync(lines, JSON.stringify(LINES))
  const program = `
    const { SpooledText } = await import('${MODULE}')
    const text = new SpooledText()
    for (const line of JSON.parse(require('node:fs').readFileSync('${lines}', 'utf8'))) text.add(line)
    process.stdout.write(Buffer.concat(Array.from(text.pieces(), (piece) => Buffer.from(piece))))`
  // No file may grow beyond that; the limit is in blocks of 512 or 1024 bytes, and falls into a piece.
  const limited = `ulimit -f 700; exec "$0" --no-warnings --input-type=commonjs -e "$1"`
  const async = `(async () => {${program}})()`
  const out = execFileSync('/bin/sh', ['-c', limited, process.execPath, async], {
    maxBuffer: 64 * 1024 * 1024,
  })
  expect(out.toString() === LINES.join('')).toBe(true)
})
