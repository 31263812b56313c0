import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { offered } from '../../playbooks/offered.ts'
import { inputs } from '../../src/cli/input/events-input.ts'
import { lineBlocks } from '../../src/cli/lines/line-blocks.ts'
import { passingLines, type Threading } from '../../src/cli/lines/passing-lines.ts'
import { SeenResults } from '../../src/cli/lines/seen-results.ts'
import { ThreadPool } from '../../src/cli/lines/thread-pool.ts'
import type { Question } from '../../src/cli/lines/triage-question.ts'
import { triagedBlock } from '../../src/cli/lines/triaged-block.ts'
import { triaging } from '../../src/reports/triage/triage-json.ts'
import { sample } from '../findings/hand-written-events.ts'

const terms = { heads: offered.playbooks, policy: { kind: 'none' as const }, now: Date.now() }
const one = triaging(terms.heads, terms.policy, terms.now)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-large-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(...lines: string[]): string {
  const file = join(folder, `${Math.random()}.ndjson`)
  writeFileSync(file, lines.join('\n'))
  return file
}

/** What is said of a file that counts as large, or not, and why some of it could not be read. */
async function saidOf(file: string, threading: Threading) {
  const seen = new SeenResults()
  const options = { cwd: folder, stdin: () => process.stdin, note: () => undefined }
  const pieces: Uint8Array[] = []
  for await (const piece of passingLines(inputs([file], options), terms, seen, threading))
    pieces.push(Buffer.from(piece))
  return { text: Buffer.concat(pieces).toString(), unread: [...seen.unread].sort() }
}

/** Does what a thread does, without being one: it need not start. */
class InThisThread extends EventEmitter {
  async postMessage(question: Question): Promise<void> {
    await setImmediate()
    this.emit('message', triagedBlock(structuredClone(question, { transfer: [question.bytes.buffer] }), one))
  }
  async terminate(): Promise<number> {
    return 0
  }
}
const ALONE: Threading = { large: Number.POSITIVE_INFINITY }
const BESIDE: Threading = { large: 0, workers: () => [new InThisThread(), new InThisThread()] as never }

const EVENTS = ['config-compliance-restricted-ssh', 'guardduty-port-probe'].map((name) =>
  JSON.stringify(sample(name)),
)
/** More than two blocks of lines: events, what is none, blank lines, words, other letters than those of ASCII. */
const MANY = Array.from({ length: 900 }, (_, n) =>
  n % 7 === 3 ? ['', '{"no":"evënt ✓"}', '  ', '"text"', '17\r'][n % 5]! : EVENTS[n % EVENTS.length]!,
)
const at = (index: number, ...lines: string[]) => MANY.toSpliced(index, 0, ...lines)

describe('a large file of lines, read by threads', () => {
  test('is said to hold what is in it', async () => {
    const file = fileOf(...at(700, '{"detail":'))
    expect(await saidOf(file, { large: 0 })).toEqual(await saidOf(file, ALONE))
  })

  test.each([
    ['as it is, with a mark of its encoding', [`\uFEFF${MANY[0]}`, ...MANY, '']],
    ['of which a line ends too early', at(700, '{"detail":')],
    ['of which a line holds two values', at(700, `${EVENTS[0]}${EVENTS[1]}`)],
    ['of which a value has several lines', at(700, JSON.stringify(JSON.parse(EVENTS[0]!), null, 2))],
    [
      'of which one value has several lines from the beginning on',
      at(0, JSON.stringify({ Records: [] }, null, 2)),
    ],
    ['with prose in it', at(400, 'Connected.', 'Reading ...')],
    ['of which a line is longer than many', at(500, JSON.stringify({ Records: MANY.slice(0, 600) }))],
    ['that is one long list', [`[${EVENTS.join(',')}`, ...Array(400).fill(`,${EVENTS[0]}`), ']']],
  ])('gives what one reader gives, in the same order: %s', async (_, lines) => {
    const file = fileOf(...lines)
    const expected = await saidOf(file, ALONE)
    expect(expected.text.split('\n').length).toBeGreaterThan(300)
    expect(await saidOf(file, BESIDE)).toEqual(expected)
  })

  test('gives what one reader gives where bytes are no text', async () => {
    const file = fileOf(...MANY)
    writeFileSync(file, Buffer.from('{"no":"\xe9\xff"}\n'.repeat(400), 'latin1'), { flag: 'a' })
    expect(await saidOf(file, BESIDE)).toEqual(await saidOf(file, ALONE))
  })

  test('that holds one value calls it as one reader does', async () => {
    const file = fileOf('', '{"no":"event"}', '')
    const expected = await saidOf(file, ALONE)
    expect(expected.text).toContain(`"event":"${file}",`)
    expect(await saidOf(file, BESIDE)).toEqual(expected)
  })
})

describe('a block of lines', () => {
  const block = (text: string, room = 0) => {
    const bytes = new Uint8Array(new ArrayBuffer(Buffer.byteLength(text) + room))
    const length = new TextEncoder().encodeInto(text, bytes).written
    return triagedBlock({ bytes: bytes.subarray(0, length), event: 'e', line: 4 }, one)
  }

  test('is answered in the place of the lines, or elsewhere where there is no room', () => {
    const [short, long] = [block('1\n2\n'), block('1\n2\n', 1000)]
    expect(Buffer.from(short.lines!.text).toString()).toBe(Buffer.from(long.lines!.text).toString())
    expect(Buffer.from(long.lines!.text).toString()).toMatch(/"event":"e#\/4".*\n.*"event":"e#\/5"/)
    expect(long.lines!.text.buffer).toBe(long.buffer)
    expect(short.lines!.text.buffer).not.toBe(short.buffer)
  })

  test('is not answered where a line is no value, or may have more bytes than a document', () => {
    expect(block('{}\n{\n').lines).toBeUndefined()
    expect(block(`"${'x'.repeat(2_800_000)}"\n`).lines).toBeUndefined()
  })
})

test('the blocks of a file are all of it, at ends of lines, each with the number of its first line', () => {
  const lines = MANY.map((line, index) => (index === 450 ? `${'x'.repeat(1_500_000)}` : line))
  const file = fileOf(...lines)
  const spare: ArrayBuffer[] = []
  let line = 0
  const texts: string[] = []
  for (const { bytes, from } of lineBlocks(file, spare)) {
    expect(from).toEqual({ at: Buffer.byteLength(texts.join('')), line })
    const text = Buffer.from(bytes).toString()
    texts.push(text)
    line += text.split('\n').length - 1
    spare.push(bytes.buffer)
  }
  expect(texts.join('')).toBe(lines.join('\n'))
  expect(texts.length).toBeGreaterThan(3)
  expect(texts.slice(0, -1).filter((text) => !text.endsWith('\n'))).toEqual([])
})

test('a thread reads attack sequences where Node.js has no Map.groupBy', async () => {
  const file = new URL('../../src/cli/lines/triage-worker.ts', import.meta.url)
  const event = sample('guardduty-port-probe') as { detail: { type: string } }
  event.detail.type = 'AttackSequence:S3/CompromisedData'
  const bytes = new TextEncoder().encode(JSON.stringify(event))
  const worker = new Worker(`delete Map.groupBy; import('${file}')`, {
    eval: true,
    workerData: { ...terms, heads: [] },
  })
  try {
    worker.postMessage({ bytes, event: 'e', line: 4 })
    const [{ lines }] = await once(worker, 'message')
    expect(Buffer.from(lines.text).toString()).toContain('"type":"AttackSequence:S3/CompromisedData"')
  } finally {
    await worker.terminate()
  }
})

describe('threads', () => {
  const pool = (code: string) =>
    new ThreadPool<{ n: number }, number>(
      [1, 2].map(
        () => new Worker(`const { parentPort } = require('node:worker_threads'); ${code}`, { eval: true }),
      ),
    )
  const questions = Array.from({ length: 20 }, (_, n) => ({ n }))
  const asked = async (threads: ThreadPool<{ n: number }, number>) => {
    const answers: number[] = []
    try {
      for await (const answer of threads.answers(questions, () => new ArrayBuffer(1))) answers.push(answer)
    } finally {
      await threads.end()
    }
    return answers
  }

  test('answer in the order of the questions, however long each takes', async () => {
    const busy = `parentPort.on('message', ({ n }) => {
      for (const end = Date.now() + (n % 3) * 5; Date.now() < end; );
      parentPort.postMessage(n)
    })`
    expect(await asked(pool(busy))).toEqual(questions.map(({ n }) => n))
  })

  test('of which one throws fail there, and one that ends early too', async () => {
    const throws = `parentPort.on('message', ({ n }) => { if (n === 5) throw new Error('no five'); parentPort.postMessage(n) })`
    await expect(asked(pool(throws))).rejects.toThrow('no five')
    await expect(asked(pool('process.exit(0)'))).rejects.toThrow('a thread has ended before its work')
  })
})
