import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Metafile } from 'esbuild'
import { entrySize } from '../../bench/bundle-size.ts'
import { offered } from '../../playbooks/offered.ts'
import { bundleProgram } from '../../scripts/package.mjs'

const EVENT = resolve(import.meta.dirname, '../events/config-compliance-restricted-ssh.json')

let folder: string
let bundle: Metafile
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-package-'))
  bundle = await bundleProgram(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the program where no package can be found, and so none can be loaded. */
function alone(...args: string[]) {
  return startedWith([], ...args)
}

function startedWith(options: string[], ...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: folder }
  const main = join(folder, 'rectify.js')
  return spawnSync(process.execPath, [...options, main, ...args], { cwd: folder, env, encoding: 'utf8' })
}

describe('the packed program', () => {
  test.each([
    ['--help', [], 'Usage: rectify'],
    ['triage', ['--help'], 'Usage: rectify triage'],
    ['triage', [EVENT], 'ec2-close-open-ingress  rehearse  no policy file'],
    ['playbooks', [], 'ec2-close-open-ingress'],
    ['init', [], 'rectify.yaml'],
    ['policy', ['check'], 'rectify.yaml'],
    ['iam', [], '2012-10-17'],
  ])('loads no package for %s: no client of AWS, no state machine', (command, args, shown) => {
    const { status, stdout, stderr } = alone(command, ...args)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(shown)
  })

  test('has what pages of reports are made of beside the part that reads it', () => {
    const [reader] = Object.entries(bundle.outputs).find(
      ([, { inputs }]) => 'src/reports/page/page.ts' in inputs,
    )!
    const place = dirname(resolve(import.meta.dirname, '../..', reader))
    for (const name of ['report.css', 'report.js']) expect(existsSync(join(place, 'web', name))).toBe(true)
  })

  test('loads one where it is needed, which is then missed there', () => {
    const { status, stderr } = alone('plan', EVENT)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('Cannot find package') })
  })

  test.each([
    ['nothing for a command that is brief', 'triage', false],
    ['as ever for one that may be long', 'send', true],
  ])('compiles %s', (_, command, compiles) => {
    const event = readFileSync(EVENT, 'utf8')
    const file = join(folder, 'events.json')
    writeFileSync(file, JSON.stringify({ Records: Array.from({ length: 1000 }, () => ({ body: event })) }))
    const { stdout } = startedWith(['--trace-opt'], command, file)
    // Before its first line Node.js may have found a function or two of its own hot.
    const compiled = stdout.match(/completed (compiling|optimizing)/g) ?? []
    expect(compiled.length > 10).toBe(compiles)
  })

  test('reads less than 90 kB for its help, the parser of the command line among them', () => {
    const { all, parts } = entrySize(bundle, 'src/cli/this-process.ts')
    expect(all).toBeLessThan(90_000)
    const names = parts.map(([name]) => name)
    expect(names).toContain('commander')
    expect(names.filter((name) => /zod|yaml|playbooks|policy/.test(name))).toEqual([])
  })

  test('reads less than 220 kB for a triage, of it 110 for thirteen detectors, and 2 kB more for each playbook and service', () => {
    const { playbooks, services } = offered
    const brought = entrySize(bundle, 'playbooks/offered.ts').all
    expect(entrySize(bundle, 'src/cli/commands/findings/triage.ts').all - brought).toBeLessThan(220_000)
    expect(brought / (playbooks.length + services.length)).toBeLessThan(2_000)
  })
})
