import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

const ROOT = resolve(import.meta.dirname, '..')
const PAGE = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')

const LINKS = [...PAGE.matchAll(/\[[^\]]+\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path!)

/** `[src/x.ts](src/x.ts) \`name\`` in a table. */
const namedIn = (text: string) =>
  [...text.matchAll(/\]\((src\/[^)]+\.ts)\) `(\w+)`/g)].map(([, file, name]) => ({
    file: file!,
    name: name!,
  }))

const NAMED = namedIn(PAGE)
/** Those of a finding's way, which is run here. */
const ON_ITS_WAY = namedIn(/^## A finding's way$([\s\S]*?)^## /m.exec(PAGE)?.[1] ?? '')

/** What needs the environment of a function, and is not run here. */
const ELSEWHERE = ['src/lambda/intake.ts']

interface Coverage {
  result: {
    url: string
    functions: { functionName: string; ranges: { count: number }[] }[]
  }[]
}

describe('the page of the architecture', () => {
  let folder: string
  let outcome: unknown
  /** `file name` of each function that a finding passed. */
  const passed = new Set<string>()

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rectify-way-'))
    const program = join(ROOT, 'test/support/finding-on-its-way.ts')
    const node = join(ROOT, 'node_modules/.bin/node')
    const env = { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: folder }
    const args = ['--disable-warning=ExperimentalWarning', program]
    outcome = JSON.parse(execFileSync(node, args, { env, encoding: 'utf8' }))
    for (const name of readdirSync(folder)) {
      const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage
      for (const { url, functions } of result.filter(({ url }) => url.startsWith('file:'))) {
        const file = relative(ROOT, fileURLToPath(url))
        for (const { functionName, ranges } of functions)
          if (ranges.some(({ count }) => count > 0)) passed.add(`${file} ${functionName}`)
      }
    }
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('links to nothing that is not there', () => {
    expect(LINKS.length).toBeGreaterThan(50)
    expect(LINKS.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('names functions that are in their files', () => {
    expect(NAMED.length).toBeGreaterThan(ON_ITS_WAY.length + 15)
    const missing = NAMED.filter(
      ({ file, name }) =>
        !new RegExp(`(function\\*?|const) ${name}\\b`).test(readFileSync(join(ROOT, file), 'utf8')),
    )
    expect(missing).toEqual([])
  })

  test('is the way that a finding goes: it passes each of them, and is put right', () => {
    expect(outcome).toMatchObject({ outcome: 'remediated' })
    expect(ON_ITS_WAY.length).toBeGreaterThan(20)
    const notPassed = ON_ITS_WAY.filter(
      ({ file, name }) => !ELSEWHERE.includes(file) && !passed.has(`${file} ${name}`),
    )
    expect(notPassed).toEqual([])
  })
})
