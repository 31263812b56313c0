import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { bundleRunner } from '../../bench/runner-bundle.ts'

const SCRIPT = resolve(import.meta.dirname, '../../scripts/stack-trace.mjs')

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-trace-'))
  await bundleRunner(folder)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const translated = (trace: string, ...args: string[]) =>
  spawnSync(process.execPath, [SCRIPT, ...args], {
    input: trace,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  })

test('names the places of a trace in the sources, and leaves all else of it as it is', () => {
  const start = `await import(${JSON.stringify(pathToFileURL(join(folder, 'function.mjs')).href)})`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', start], {
    env: { PATH: process.env.PATH, RECTIFY_FUNCTION: 'runner' },
    encoding: 'utf8',
  })
  expect(stderr).toContain('RECTIFY_READ_ROLE_ARN is not set')
  expect(stderr).not.toContain('from-environment.ts')

  const { stdout, status } = translated(stderr, folder)
  expect(status).toBe(0)
  expect(stdout).toContain('RECTIFY_READ_ROLE_ARN is not set')
  expect(stdout).toMatch(/src\/lambda\/settings\/from-environment\.ts:\d+:\d+/)
  expect(stdout).toMatch(/src\/lambda\/runner\.ts:\d+:\d+/)
})

test('says what to do where there is no bundle', () => {
  const { stderr, status } = translated('at x', join(folder, 'nowhere'))
  expect(status).toBe(2)
  expect(stderr).toContain('run sam build on the version that is deployed')
})
