import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BadRequest } from '../../src/engine/refusals.ts'
import { emptyMoto, startMoto } from '../../src/sandbox/moto.ts'
import { ensureVenv } from '../../src/sandbox/venv.ts'

/** Resolves once nothing answers there any more; the test's own timeout is the limit. */
async function silent(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(url)
    } catch {
      return
    }
  }
}

describe('the emulator process', () => {
  test('answers on loopback when it is said to be ready, and leaves no process behind when stopped', async () => {
    const moto = await startMoto()
    expect(moto.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch(`${moto.url}/moto-api/data.json`)).status).toBe(200)
    await moto.stop()
    expect(() => process.kill(moto.pid, 0)).toThrow('ESRCH')
    await moto.stop()
  }, 300_000)

  test('that does not say that it is empty is not taken for empty', async () => {
    const server = createServer((_, answer) => void answer.writeHead(500).end('no such backend'))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await expect(emptyMoto(`http://127.0.0.1:${port}`)).rejects.toThrow(
      'not emptied: status 500, no such backend',
    )
    server.close()
  })

  test('ends when the process that started it is killed outright', async () => {
    const module = new URL('../../src/sandbox/moto.ts', import.meta.url).href
    const script = `const { startMoto } = await import(${JSON.stringify(module)}); console.log((await startMoto()).url)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [url] = await once(createInterface({ input: parent.stdout }), 'line')
    expect((await fetch(`${url}/moto-api/data.json`)).status).toBe(200)
    parent.kill('SIGKILL')
    await silent(url)
  })
})

describe('the emulator’s installation', () => {
  let folder: string
  let requirements: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rectify-venv-'))
    requirements = join(folder, 'requirements.txt')
    writeFileSync(requirements, '# nothing\n')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('is made once, also when two ask at the same time, and then needs neither Python nor network', async () => {
    const said: string[] = []
    const log = (line: string) => void said.push(line)
    const [one, two] = await Promise.all([
      ensureVenv({ folder, requirements, log }),
      ensureVenv({ folder, requirements, log }),
    ])
    expect(one).toBe(two)
    expect(existsSync(one)).toBe(true)
    expect(said).toHaveLength(1)
    expect(await ensureVenv({ folder, requirements, pythons: [] })).toBe(one)
  })

  test('is made anew when it was left half made or the requirements have changed', async () => {
    mkdirSync(join(folder, 'venv-making', 'half'), { recursive: true })
    mkdirSync(join(folder, 'venv'))
    writeFileSync(join(folder, 'venv', 'requirements.sha256'), 'of other requirements')
    const python = await ensureVenv({ folder, requirements })
    expect(existsSync(python)).toBe(true)
    expect(readdirSync(join(folder, 'venv'))).not.toContain('half')
    expect(readdirSync(folder)).not.toContain('venv-making')
  })

  test('that fails says what to do and leaves no environment that looks ready', async () => {
    writeFileSync(requirements, '/nowhere/at-all.whl\n')
    const failing = ensureVenv({ folder, requirements })
    await expect(failing).rejects.toBeInstanceOf(BadRequest)
    await expect(failing).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining('PyPI') })
    expect(existsSync(join(folder, 'venv'))).toBe(false)
  })

  test('without a usable Python says which one to install', async () => {
    const failing = ensureVenv({ folder, requirements, pythons: ['no-such-python', 'false'] })
    await expect(failing).rejects.toBeInstanceOf(BadRequest)
    await expect(failing).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('Python 3.10'),
    })
  })
})
