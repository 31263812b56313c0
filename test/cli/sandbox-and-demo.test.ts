import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { MAIN, rectify } from '../support/program-without-aws.ts'

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the sandbox says in one line how it is reached, and ends with status 0 at %s',
  async (signal) => {
    const child = spawn(process.execPath, [MAIN, 'sandbox', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      if (chunk.endsWith('\n')) child.kill(signal)
    })
    const [status] = await once(child, 'close')
    expect(status).toBe(0)
    const { endpoint, region, account, env, seeds, pid } = JSON.parse(stdout)
    expect(stdout.trimEnd()).not.toContain('\n')
    expect(env).toMatchObject({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region })
    expect(account).toMatch(/^\d{12}$/)
    expect(seeds['web-ssh-open']).toMatch(/^sg-/)
    expect(pid).toBe(child.pid)
  },
)

test('the demo puts right what is wrong, leaves the rest alone, takes one back and cleans up behind itself', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'rectify-demo-test-'))
  try {
    const ran = await rectify(['demo', '--json'], {
      cwd,
      env: { TMPDIR: cwd, AWS_PROFILE: 'mine', AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:1' },
    })
    const { ok, scenes } = ran.document() as {
      ok: boolean
      scenes: { name: string; wrong?: string; runs: { outcome: string }[] }[]
    }
    expect(scenes.filter(({ wrong }) => wrong !== undefined)).toEqual([])
    expect({ ok, status: ran.status }).toEqual({ ok: true, status: 0 })
    const outcomes = scenes.flatMap(({ runs }) => runs.map(({ outcome }) => outcome))
    expect(outcomes).toEqual(
      expect.arrayContaining(['remediated', 'alreadyCompliant', 'exempted', 'notApplicable', 'undone']),
    )
    expect(await readdir(cwd)).toEqual([])
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}, 180_000)
