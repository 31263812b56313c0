import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventText } from '../../src/cli/input/event-bytes.ts'
import { readEvents } from '../../src/cli/input/events-input.ts'
import { BadRequest } from '../../src/engine/refusals.ts'
import { parseStream } from '../../src/findings/read.ts'
import { sample, sampleText } from '../findings/hand-written-events.ts'

describe('events', () => {
  let cwd: string
  let notes: string[]
  const read = (paths: string[], stdin: string | Uint8Array = '') => {
    notes = []
    const bytes = typeof stdin === 'string' ? Buffer.from(stdin) : stdin
    const pieces = async function* () {
      // Byte by byte at first: a pipe promises no more.
      for (let at = 0; at < 3; at++) yield bytes.subarray(at, at + 1)
      yield bytes.subarray(3)
    }
    return readEvents(paths, { cwd, stdin: pieces, note: (line) => void notes.push(line) })
  }

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'rectify-events-'))
    mkdirSync(join(cwd, 'folder/above'), { recursive: true })
    mkdirSync(join(cwd, 'bare'))
    mkdirSync(join(cwd, 'packed'))
    mkdirSync(join(cwd, 'folder/named-like-a-file.json'))
    writeFileSync(join(cwd, 'folder/b.json'), sampleText('config-compliance-patch'))
    writeFileSync(join(cwd, 'folder/a.json'), '')
    writeFileSync(join(cwd, 'folder/notes.txt'), 'not an event')
    writeFileSync(join(cwd, 'folder/above/d.json.zip'), 'not read')
    writeFileSync(
      join(cwd, 'folder/above/c.ndjson'),
      `${JSON.stringify(sample('guardduty-port-probe'))}\n{"a":1}\n`,
    )
    writeFileSync(join(cwd, 'named.txt'), sampleText('guardduty-port-probe'))
  })
  afterAll(() => rmSync(cwd, { recursive: true }))

  test('of a folder come from its event files and those of its folders, in order, each named by its path', async () => {
    const { findings, rejected } = await read(['folder'])
    expect(findings.map((each) => each.source)).toEqual(['guardduty', 'config'])
    expect(rejected).toMatchObject([
      { event: 'folder/a.json', code: 'notJson' },
      { event: 'folder/above/c.ndjson#/1', code: 'unknownShape' },
    ])
  })

  test('that a folder leaves out are named, each file', async () => {
    await read(['folder'])
    expect(notes).toEqual([
      expect.stringMatching(/^left out, .*: folder\/above\/d\.json\.zip, folder\/notes\.txt$/),
    ])
    await read(['named.txt'])
    expect(notes).toEqual([])
  })

  test('of a folder with many other files name some of those', async () => {
    mkdirSync(join(cwd, 'project'))
    writeFileSync(join(cwd, 'project/a.json'), sampleText('config-compliance-patch'))
    for (let n = 0; n < 30; n++) writeFileSync(join(cwd, `project/${10 + n}.txt`), '')
    await read(['project'])
    expect(notes).toEqual([expect.stringMatching(/: project\/10\.txt, .*, project\/29\.txt and 10 more$/)])
  })

  test("of a folder are not looked for in what is a tool's", async () => {
    for (const folder of ['.git', 'node_modules/package', 'events']) {
      mkdirSync(join(cwd, 'checkout', folder), { recursive: true })
      writeFileSync(join(cwd, 'checkout', folder, 'b.json'), sampleText('config-compliance-patch'))
    }
    expect((await read(['checkout'])).findings).toHaveLength(1)
    expect(notes).toEqual([expect.stringMatching(/: checkout\/\.git, checkout\/node_modules$/)])
    expect((await read(['checkout/.git'])).findings).toHaveLength(1)
  })

  test('come from a packed file as from the file itself, also in a folder and from standard input', async () => {
    const plain = (await read(['folder/b.json'])).findings
    const packed = gzipSync(`${JSON.stringify(sample('config-compliance-patch'))}\n`)
    writeFileSync(join(cwd, 'packed/lines.jsonl.gz'), packed)
    expect((await read(['packed/lines.jsonl.gz'])).findings).toEqual(plain)
    expect((await read(['packed'])).findings).toEqual(plain)
    expect((await read(['-'], packed)).findings).toEqual(plain)
  })

  test.each([
    ['utf16le', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf16be', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('in %s with a byte order mark are read', async (name, encode) => {
    const plain = (await read(['folder/b.json'])).findings
    writeFileSync(join(cwd, `${name}.json`), encode(sampleText('config-compliance-patch')))
    expect(await read([`${name}.json`])).toEqual({ findings: plain, rejected: [] })
    expect((await read(['-'], gzipSync(encode(sampleText('config-compliance-patch'))))).findings).toEqual(
      plain,
    )
  })

  test('in a packed file that is cut off are refused by its name', async () => {
    writeFileSync(join(cwd, 'cut.json.gz'), gzipSync(sampleText('config-compliance-patch')).subarray(0, 100))
    expect(await read(['cut.json.gz', 'named.txt'])).toMatchObject({
      findings: [{ source: 'guardduty' }],
      rejected: [
        { event: 'cut.json.gz', code: 'notJson', reason: expect.stringContaining('cannot be unpacked') },
      ],
    })
  })

  test('that unpack to more than is allowed are too large', async () => {
    const file = async function* () {
      yield gzipSync(' '.repeat(2_000))
    }
    for await (const result of parseStream(eventText(file(), 1_000), 'big.json.gz'))
      expect(result).toEqual([
        {
          findings: [],
          rejected: [{ event: 'big.json.gz', code: 'tooLarge', reason: 'unpacks to more than 1000 bytes' }],
        },
      ])
    expect.hasAssertions()
  })

  test('of a file come whatever its name is', async () => {
    expect((await read(['named.txt', join(cwd, 'folder/b.json')])).findings).toHaveLength(2)
  })

  test('come from standard input for a dash', async () => {
    expect((await read(['-'], sampleText('guardduty-port-probe'))).findings).toHaveLength(1)
    expect((await read(['-'], '')).rejected).toMatchObject([{ event: '-', code: 'notJson' }])
  })

  test.each(['missing.json', 'bare'])(
    'that %s does not have are a bad request that names it',
    async (path) => {
      const failure = await read(['named.txt', path]).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(BadRequest)
      expect(failure).toMatchObject({ kind: 'input', message: expect.stringContaining(path) })
    },
  )
})
