import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { afterEach, expect, test } from '@jest/globals'
import { SandboxReady } from './pinned-documents.ts'
import { cleanEnvironment, start } from './program-in-sandbox.ts'

/** `rectify sandbox` as a process: what it says when it is ready, and that it leaves nothing behind. */

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** Starts it and waits for its one line. */
async function ready(...args: string[]) {
  const running = start(['sandbox', '--json', ...args], { cwd: process.cwd(), env: cleanEnvironment() })
  stops.push(() => running.child.kill('SIGKILL'))
  const lines = createInterface({ input: running.child.stdout! })
  const [line] = (await once(lines, 'line')) as [string]
  return { ...running, said: SandboxReady.parse(JSON.parse(line)) }
}

const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' })
    return false
  }
}

test('writes what the detectors say of it: what the demo shows, and one file and more of each other detector', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rectify-events-'))
  try {
    const { child, ended, said } = await ready('--events', folder)
    child.kill('SIGTERM')
    await ended
    const event = (name: string) => readFileSync(join(folder, name), 'utf8')
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['detectors', 'ssh-open.json']))
    expect(readdirSync(join(folder, 'detectors'))).toEqual(
      expect.arrayContaining(['health.json', 'macie.json', 'prowler.json', 'securityhub-v2.json']),
    )
    expect(event('ssh-open.json')).toContain(said.seeds['web-ssh-open'])
    expect(event('detectors/macie.json')).toContain(said.seeds['exports-bucket'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  'one line when it is ready, AWS behind it; after %s status 0 and nothing left',
  async (signal) => {
    const { child, ended, said } = await ready()
    expect(said.env.AWS_ENDPOINT_URL).toBe(said.endpoint)
    const ec2 = new EC2Client({
      endpoint: said.endpoint,
      region: said.env.AWS_REGION,
      credentials: {
        accessKeyId: said.env.AWS_ACCESS_KEY_ID,
        secretAccessKey: said.env.AWS_SECRET_ACCESS_KEY,
      },
    })
    const { SecurityGroups } = await ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [said.seeds['web-ssh-open']!] }),
    )
    expect(SecurityGroups).toHaveLength(1)
    expect(isThere(said.pid)).toBe(true)

    child.kill(signal)
    const { status, stdout } = await ended
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(isThere(said.pid)).toBe(false)
    await expect(fetch(said.endpoint)).rejects.toThrow()
  },
)
