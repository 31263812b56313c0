import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Entry, Journal, type SameAs } from '../../src/cli/rehearsing/journal.ts'
import { sampleRun } from '../support/sample-run.ts'

const SAME: SameAs = { command: `sha256:${'a'.repeat(64)}`, inputs: 'sha256:1', policy: 'sha256:2' }
const NOW = Date.parse('2026-11-20T08:00:00.000Z')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = (id: string): Entry => ({ run: sampleRun({ id }) })

async function kept(journal: Journal) {
  const all: [what: string, isOfWindow: boolean][] = []
  for await (const { isOfWindow, ...entry } of journal.entries())
    all.push(['run' in entry ? entry.run.id : JSON.stringify(entry), isOfWindow])
  return all
}

test('what was stored is there when it goes on, and says which of it is of the window under way', async () => {
  const journal = Journal.begun(folder, SAME, NOW)
  await journal.window({ documents: 0 })
  await journal.add(run('1'))
  await journal.window({ documents: 7 })
  await journal.add({ ignored: { finding: 'f', reason: 'archived' } })
  await journal.add(run('2'))
  await journal.store()
  await journal.add(run('lost, because nobody stored it'))

  const found = await Journal.found(folder, SAME)
  expect(found.from).toEqual({ documents: 7 })
  expect(found.begun).toBe('2026-11-20T08:00:00.000Z')
  expect(await kept(found)).toEqual([
    ['1', false],
    ['{"ignored":{"finding":"f","reason":"archived"}}', true],
    ['2', true],
  ])
  await found.add(run('3'))
  await found.store()
  expect((await kept(await Journal.found(folder, SAME))).map(([what]) => what)).toContain('3')
})

/** A piece of more than a tenth of what is packed at once, which is a sixteenth of what is written at once. */
const long = (id: string): Entry => ({ ignored: { finding: id, reason: 'x'.repeat(30_000) } })

test.each([
  ['is not packed yet', 5],
  ['is packed and not written yet', 20],
  ['is written', 300],
])('what is packed on the way is told as one, where the window begins in what %s', async (_, begin) => {
  const ids = Array.from({ length: 340 }, (_, n) => String(n))
  const journal = Journal.begun(folder, SAME, NOW)
  for (const [n, id] of ids.entries()) {
    if (n === 25) expect(readdirSync(folder)).toEqual([])
    if (n === begin) await journal.window({ documents: n })
    await journal.add(long(id))
  }
  expect(readdirSync(folder)).toHaveLength(2)
  await journal.store()

  const found = await Journal.found(folder, SAME)
  expect(found.from).toEqual({ documents: begin })
  const all: [id: string, isOfWindow: boolean][] = []
  for await (const { isOfWindow, ...entry } of found.entries())
    if ('ignored' in entry) all.push([entry.ignored.finding, isOfWindow])
  expect(all).toEqual(ids.map((id, n) => [id, n >= begin]))
})

test('what a process wrote that died before it counted it is cut off', async () => {
  const journal = Journal.begun(folder, SAME, NOW)
  await journal.add(run('1'))
  await journal.store()
  const pieces = join(folder, readdirSync(folder).find((name) => name.endsWith('.gz'))!)
  writeFileSync(pieces, Buffer.concat([readFileSync(pieces), Buffer.from([0x1f, 0x8b, 8, 0, 1])]))
  const found = await Journal.found(folder, SAME)
  await found.add(run('2'))
  await found.store()
  expect((await kept(await Journal.found(folder, SAME))).map(([id]) => id)).toEqual(['1', '2'])
})

test('a text that has the line ends of Unicode is read as it was', async () => {
  const journal = Journal.begun(folder, SAME, NOW)
  for (const reason of ['a\u2028b', 'a\u2029b', 'a\rb', 'a\r\nb', 'ä€😀'.repeat(30_000)])
    await journal.add({ ignored: { finding: 'f', reason } })
  await journal.store()
  const reasons: string[] = []
  for await (const entry of (await Journal.found(folder, SAME)).entries())
    if ('ignored' in entry) reasons.push(entry.ignored.reason)
  expect(reasons).toEqual(['a\u2028b', 'a\u2029b', 'a\rb', 'a\r\nb', 'ä€😀'.repeat(30_000)])
})

describe('where a piece cannot be written', () => {
  /** The file of the pieces, whether it is there or not. */
  const pieces = () => {
    const name = readdirSync(folder).find((each) => each.endsWith('.json'))!
    return join(folder, (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { pieces: string }).pieces)
  }
  const idsKept = async () => (await kept(await Journal.found(folder, SAME))).map(([id]) => id)

  test('the first one is still there to be written, with all windows before', async () => {
    const journal = Journal.begun(folder, SAME, NOW)
    await journal.store()
    mkdirSync(pieces())
    await journal.add(run('1'))
    await journal.window({ documents: 5 })
    await journal.add(run('2'))
    await expect(journal.store()).rejects.toThrow('EISDIR')
    expect((await Journal.found(folder, SAME)).from).toEqual({ documents: 0 })
    rmdirSync(pieces())
    await journal.store()
    expect((await Journal.found(folder, SAME)).from).toEqual({ documents: 5 })
    expect(await idsKept()).toEqual(['1', '2'])
  })

  test('a further one is still there to be written', async () => {
    const journal = Journal.begun(folder, SAME, NOW)
    await journal.add(run('1'))
    await journal.store()
    const elsewhere = `${pieces()}.elsewhere`
    renameSync(pieces(), elsewhere)
    mkdirSync(pieces())
    await journal.add(run('2'))
    await expect(journal.store()).rejects.toThrow('EISDIR')
    rmdirSync(pieces())
    renameSync(elsewhere, pieces())
    await journal.add(run('3'))
    await journal.store()
    expect(await idsKept()).toEqual(['1', '2', '3'])
  })

  test('a part of the first one that was written is written over', async () => {
    const journal = Journal.begun(folder, SAME, NOW)
    await journal.store()
    writeFileSync(pieces(), 'half of a pie')
    const found = await Journal.found(folder, SAME)
    await found.add(run('1'))
    await found.store()
    await found.add(run('2'))
    await found.store()
    expect(await idsKept()).toEqual(['1', '2'])
  })
})

describe('it leaves no file', () => {
  test('when it is short and comes to its end', async () => {
    const journal = Journal.begun(join(folder, 'none'), SAME, NOW)
    await journal.window({ documents: 0 })
    await journal.add(run('1'))
    await journal.window({ documents: 1 })
    await journal.drop()
    expect(readdirSync(folder)).toEqual([])
  })

  test('when it was stored and comes to its end', async () => {
    const journal = Journal.begun(folder, SAME, NOW)
    await journal.add(run('1'))
    await journal.store()
    await (await Journal.found(folder, SAME)).drop()
    expect(readdirSync(folder)).toEqual([])
  })

  test('of an earlier one of the same, once one that began anew is stored', async () => {
    for (const id of ['1', '2']) {
      const journal = Journal.begun(folder, SAME, NOW)
      await journal.add(run(id))
      await journal.store()
    }
    expect(readdirSync(folder)).toHaveLength(2)
    expect(await kept(await Journal.found(folder, SAME))).toEqual([['2', true]])
  })
})

describe('it does not go on', () => {
  test.each<[string, Partial<SameAs>, RegExp]>([
    ['of which there is none', { command: `sha256:${'b'.repeat(64)}` }, /there is nothing to go on with/],
    ['whose files hold something else', { inputs: 'sha256:9' }, /what the files hold is not what it was/],
    ['under another policy', { policy: 'sha256:9' }, /the policy is not what it was/],
  ])('with one %s', async (_, other, message) => {
    const journal = Journal.begun(folder, SAME, NOW)
    await journal.add(run('1'))
    await journal.store()
    await expect(Journal.found(folder, { ...SAME, ...other })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(message),
    })
    expect(await Journal.isThere(folder, SAME)).toBe(true)
  })

  test('with one that counts pieces and has none', async () => {
    const journal = Journal.begun(folder, SAME, NOW)
    await journal.store()
    const file = join(folder, readdirSync(folder)[0]!)
    for (const lost of [
      { entries: 4, window: { from: { documents: 5 }, entries: 0 } },
      { entries: 0, window: { from: { documents: 5 }, entries: 4 } },
    ]) {
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...lost }))
      await expect(kept(await Journal.found(folder, SAME))).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('leave --resume out'),
      })
    }
  })

  test('with one that is damaged, and says to begin anew', async () => {
    const journal = Journal.begun(folder, SAME, NOW)
    await journal.add(run('1'))
    await journal.store()
    const pieces = join(folder, readdirSync(folder).find((name) => name.endsWith('.gz'))!)
    writeFileSync(pieces, 'not packed')
    await expect(kept(await Journal.found(folder, SAME))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('leave --resume out'),
    })
  })
})
