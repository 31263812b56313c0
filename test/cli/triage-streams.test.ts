import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { sample } from '../findings/hand-written-events.ts'
import { errorOf, inEmptyFolder, MAIN } from '../support/program-without-aws.ts'

const { folder, run } = inEmptyFolder()
const SSH = sample('config-compliance-restricted-ssh')
const PROBE = sample('guardduty-port-probe')
const SAMPLE = sample('guardduty-sample')
const LINES = `${JSON.stringify(SSH)}\n`.repeat(100)
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('triage --ndjson', () => {
  test('gives each finding a line, and each event that cannot be read, as they come', async () => {
    writeFileSync(
      join(folder(), 'e.json'),
      [SSH, { no: 'event' }, SAMPLE].map((each) => JSON.stringify(each)).join('\n'),
    )
    const { status, stdout } = await run('triage', 'e.json', '--ndjson')
    expect(status).toBe(2)
    expect(linesOf(stdout)).toMatchObject([
      { type: 'INCOMING_SSH_DISABLED', actions: [{ playbook: 'ec2-close-open-ingress', mode: 'rehearse' }] },
      { rejected: { event: 'e.json#/1', code: 'unknownShape' } },
      { ignored: 'sample', actions: [] },
    ])
  })

  test('gives the findings that --json gives in one document', async () => {
    writeFileSync(join(folder(), 'e.json'), JSON.stringify([SSH, PROBE, SAMPLE], null, 2))
    const one = await run('triage', 'e.json', '--json')
    const lines = await run('triage', 'e.json', '--ndjson')
    expect(lines.status).toBe(0)
    expect(linesOf(lines.stdout)).toEqual((one.document() as { findings: unknown[] }).findings)
  })

  test('and --json together are a wrong request', async () => {
    const ran = await run('triage', '-', '--ndjson', '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'usage', message: expect.stringContaining('--ndjson') })
  })

  test('ends when nobody reads it any more, however much there is', async () => {
    const child = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      MAIN,
      'triage',
      '-',
      '--ndjson',
    ])
    const ended = once(child, 'exit')
    let written = 0
    child.stdin.on('error', () => undefined)
    const go = () => {
      while (child.exitCode === null && written < 400_000_000) {
        written += LINES.length
        if (!child.stdin.write(LINES)) return void child.stdin.once('drain', go)
      }
      child.stdin.end()
    }
    child.stdout.once('data', () => child.stdout.destroy())
    go()
    await ended
    expect(written).toBeLessThan(100_000_000)
  })
})

describe('triage for people', () => {
  test('sums findings up by source, playbook and reason', async () => {
    const events = [SSH, SSH, PROBE, SAMPLE, { no: 'event' }]
    writeFileSync(join(folder(), 'e.json'), JSON.stringify(events))
    const { stdout } = await run('triage', 'e.json')
    expect(stdout).toMatch(/^4 findings, 1 unreadable$/m)
    expect(stdout).toMatch(/^ +2 +config +ec2-close-open-ingress +rehearse: no policy file$/m)
    expect(stdout).toMatch(/^ +1 +guardduty +– +ignored: sample$/m)
    expect(stdout).toMatch(/^ +1 +– +– +unreadable: unknownShape$/m)
  })

  test('shows some hundred of many, and counts them all', async () => {
    writeFileSync(join(folder(), 'e.json'), JSON.stringify(Array(700).fill(SSH)))
    const { stdout } = await run('triage', 'e.json')
    expect(stdout.split('\n').length).toBeLessThan(230)
    expect(stdout).toMatch(/\.\.\. and 500 more/)
    expect(stdout).toMatch(/^ +700 +config/m)
  })
})
