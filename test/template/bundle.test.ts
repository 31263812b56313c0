import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Metafile } from 'esbuild'
import { entrySize, withStaticImports } from '../../bench/bundle-size.ts'
import { bundleRunner } from '../../bench/runner-bundle.ts'
import { playbooks } from '../../playbooks/index.ts'
import { starterPolicy } from '../../src/policy/file/starter.ts'
import { template } from './cloudformation.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const POLICY = readFileSync(join(ROOT, 'rectify.yaml'), 'utf8')
/** A handler that needs what ours need: Node's modules by require(), something that is loaded late, its policy. */
const HANDLER = `
import { readFileSync } from 'node:fs'
export async function handler() {
  const late = await import('../late.ts')
  return { os: require('node:os').EOL, late: late.value, policy: readFileSync(process.env.LAMBDA_TASK_ROOT + '/rectify.yaml', 'utf8') }
}`

test('the policy at the top is exactly what `rectify init` writes: everything is rehearsed', () => {
  expect(POLICY).toBe(starterPolicy(playbooks))
})

describe('a bundle built as the template says', () => {
  const { BuildProperties } = template('template.yaml').template.Resources.IntakeFunction!.Metadata!
  let source: string
  let bundle: string

  beforeAll(() => {
    source = mkdtempSync(join(tmpdir(), 'rectify-bundle-'))
    bundle = join(source, 'dist')
    write('src/lambda/function.ts', readFileSync(join(ROOT, 'src/lambda/function.ts'), 'utf8'))
    write('src/lambda/intake.ts', HANDLER)
    for (const other of ['runner', 'sweeper', 'notifier', 'slack', 'cards', 'writeback'])
      write(`src/lambda/${other}.ts`, `throw new Error('${other} was loaded')`)
    write('src/late.ts', `export const value = 'late'`)
    write('rectify.yaml', POLICY)
    const args = [...flags(BuildProperties), '--bundle', '--platform=node', `--outdir=${bundle}`]
    const entries = BuildProperties.EntryPoints as string[]
    const { status, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/esbuild'), [...args, ...entries], {
      cwd: source,
    })
    expect(`${status} ${stderr}`).toMatch(/^0 /)
  })
  afterAll(() => rmSync(source, { recursive: true, force: true }))

  test('has the handler and its policy at its root, where Lambda and the function look for them', () => {
    const { stdout, stderr } = started('intake')
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ os: '\n', late: 'late', policy: POLICY })
  })

  test('starts as the part that the function is told to be, which fails as it would by itself', () => {
    for (const part of ['runner', 'sweeper', 'notifier', 'slack', 'cards', 'writeback'])
      expect(started(part).stderr).toContain(`Error: ${part} was loaded`)
  })

  test('does not start as a part that is none, and says which there are', () => {
    expect(started('').stderr).toContain(
      'RECTIFY_FUNCTION is not set, not one of intake, runner, sweeper, notifier, slack, cards, writeback: deploy this function with template.yaml',
    )
    expect(started('constructor').stderr).toContain('RECTIFY_FUNCTION is "constructor", not one of intake,')
  })

  test('loads late what is imported late', () => {
    expect(readFileSync(join(bundle, 'intake.mjs'), 'utf8')).not.toContain('"late"')
  })

  function started(part: string) {
    const script = `const { handler } = await import(${JSON.stringify(pathToFileURL(join(bundle, 'function.mjs')).href)});
      console.log(JSON.stringify(await handler()))`
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, LAMBDA_TASK_ROOT: bundle, NODE_OPTIONS: '', RECTIFY_FUNCTION: part },
      encoding: 'utf8',
    })
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(source, path)), { recursive: true })
    writeFileSync(join(source, path), text)
  }
})

describe('the runner, bundled', () => {
  let folder: string
  let bundle: Metafile

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rectify-runner-'))
    bundle = await bundleRunner(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('reads less than 396 kB, AWS clients aside, before it can take its first message', () => {
    expect(entrySize(bundle, 'src/lambda/runner.ts').own).toBeLessThan(396_000)
  })

  test('reads in one file what is known of all services: playbooks take them from one list', () => {
    const inputs = Object.values(bundle.outputs).map((output) => Object.keys(output.inputs))
    const files = inputs.filter((sources) =>
      sources.some((one) => /^playbooks\/[^/]+\/service\.ts$/.test(one)),
    )
    expect(files).toHaveLength(1)
  })

  test('imports no node:http, for whose WebSocket Node.js would load all of undici', () => {
    const read = [...withStaticImports(bundle.outputs, 'src/lambda/runner.ts')]
    const imported = read
      .flatMap((file) => bundle.outputs[file]!.imports)
      .flatMap(({ kind, path }) => (kind === 'import-statement' ? [path] : []))
    expect(imported).toContain('node:https')
    expect(imported.filter((path) => /^(node:)?http$/.test(path))).toEqual([])
  })

  test('reads in few files what it starts with: each costs as much as some kilobytes', () => {
    expect(withStaticImports(bundle.outputs, 'src/lambda/runner.ts').size).toBeLessThan(90)
  })

  test('reads no library for addresses: few policies and few runs have any', () => {
    const { parts } = entrySize(bundle, 'src/lambda/runner.ts')
    expect(parts.map(([name]) => name)).not.toContain('ipaddr.js')
  })

  test('reads of a playbook less than a kilobyte, its head: the rest has a chunk of its own', () => {
    const { parts } = entrySize(bundle, 'src/lambda/runner.ts')
    const heads = parts.find(([name]) => name === 'playbooks/heads.ts')?.[1] ?? 0
    expect(heads).toBeGreaterThan(0)
    expect(heads).toBeLessThan(1_000 * playbooks.length)
    const chunks = Object.values(bundle.outputs).map(({ entryPoint = '' }) => entryPoint)
    const own = chunks.filter((file) => /^playbooks\/[^/]+\/(?!client\.ts)/.test(file))
    expect(own).toHaveLength(playbooks.length)
  })

  test('has of EC2 what playbooks use: its whole client is 1.1 MB, and a cold start would read it', () => {
    const used = Object.values(bundle.outputs).map(({ inputs }) =>
      Object.entries(inputs).reduce(
        (sum, [source, { bytesInOutput }]) => sum + (source.includes('/client-ec2/') ? bytesInOutput : 0),
        0,
      ),
    )
    expect(Math.max(...used)).toBeGreaterThan(0)
    expect(Math.max(...used)).toBeLessThan(100_000)
  })
})

/** The properties as SAM hands them to esbuild: `MainFields` is `--main-fields`, lists are `--key:value`, false is nothing. */
function flags(properties: Record<string, unknown>): string[] {
  return Object.entries(properties)
    .filter(([key]) => key !== 'EntryPoints' && key !== 'UseNpmCi')
    .flatMap(([key, value]) => {
      const flag = `--${key.replaceAll(/(?!^)([A-Z])/g, '-$1').toLowerCase()}`
      if (Array.isArray(value)) return value.map((item) => `${flag}:${item}`)
      if (typeof value === 'boolean') return value ? [flag] : []
      return [`${flag}=${value}`]
    })
}
