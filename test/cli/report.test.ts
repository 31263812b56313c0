import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { FigureTally } from '../../src/reports/figures/figures.ts'
import type { RunFilter } from '../../src/run/store.ts'
import { visitRuns } from '../../src/run/visit-runs.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { openGroup } from '../engine/approval-scenes.ts'
import { AUTO } from '../engine/simulated-world.ts'
import { unpacked } from '../support/packed-runs.ts'
import { inEmptyFolder } from '../support/program-without-aws.ts'
import { sampleRun } from '../support/sample-run.ts'
import { asking, callOn, closed, memoryStack } from './in-memory-stack.ts'

const { folder, run } = inEmptyFolder()

describe('report', () => {
  test('of the local runs has the same figures in each form, without AWS', async () => {
    const store = sqliteStore(join(folder(), '.rectify'))
    const startedAt = new Date(Date.now() - 3_600_000).toISOString()
    const verifiedAt = new Date(Date.parse(startedAt) + 90_000).toISOString()
    const name = '=HYPERLINK("https://evil.example")\u202e<b>'
    const made = sampleRun({ startedAt, verifiedAt, name, revision: 1 })
    await store.commit({ id: `${made.id}-1`, run: made, audit: [], expect: { revision: 0 } })
    await store.close()

    const ran = await run('report', '--since', '24h', '--markdown', 'r.md', '--csv', 'r.csv', '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      ...{ runs: 1, outcomes: { remediated: 1 }, isComplete: true },
      timeToRemediate: { count: 1, p50: 90_000, p95: 90_000, fromFinding: 0, fromStart: 1 },
      byPlaybook: [{ name: 'ec2-close-open-ingress', runs: 1, remediated: 1 }],
      cost: { automatic: 1, asked: 0 },
    })
    expect(readFileSync(join(folder(), 'r.md'), 'utf8')).toContain(
      '| ec2-close-open-ingress | 1 | 0 | 1 | 0 | 0 | 1.5 min | 1.5 min |',
    )
    const lines = readFileSync(join(folder(), 'r.csv'), 'utf8').trimEnd().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^run,undoOf,started,/)
    expect(lines[1]).toContain(`"'=HYPERLINK(""https://evil.example"")`)
    expect(lines[1]).not.toContain('\u202e')
  })
})

describe('report --stack', () => {
  test('tells what a deployment did, and what was taken back', async () => {
    const { stack, id } = await closed()
    await callOn(stack, 'undo', id, '--yes')
    const { document } = await callOn(stack, 'report')
    expect(document).toMatchObject({
      ...{ runs: 1, undone: 1, reopened: 0, outcomes: { remediated: 1 } },
      cost: { automatic: 1, asked: 0, inSlack: 0 },
    })
  })

  test('says when nothing was done', async () => {
    const ran = await callOn(memoryStack(openGroup(AUTO)), 'report')
    expect([ran.status, ran.text]).toEqual([0, expect.stringMatching(/^no run since \d{4}-\d\d-\d\d$/)])
  })

  test('writes a page that shows the newest runs, and nothing of AWS as markup', async () => {
    const { world, stack, id } = await closed()
    const file = join(folder(), 'report.html')
    const ran = await callOn(stack, 'report', '--since', '7d', '--html', file)
    expect(ran.text).toMatch(/time to remediate +p50 \S+ \S+, p95 .* \(1\); since the finding 1/)
    const page = readFileSync(file, 'utf8')
    expect(page).toContain('<strong>1 run about 1 finding.</strong>')
    expect(page).toContain('<dt>put right, and came back</dt><dd>0</dd>')
    expect(unpacked(page)).toContain(`"id":"${id}"`)
    expect(world.aws.changes()).toHaveLength(1)
  })

  test.each([
    [['--since', 'soon'], 'give a time'],
    [['--markdown', 'r', '--csv', 'r'], '--markdown and --csv name the same file'],
    [['--csv', 'no/such/folder.csv'], 'the report cannot be written'],
  ])('refuses %s, status 2', async (args, message) => {
    const ran = await callOn(memoryStack(openGroup(AUTO)), 'report', ...args)
    expect(ran.status).toBe(2)
    expect(JSON.stringify(ran.document)).toContain(message)
  })

  test('tells what waits for a person, and how long a person took', async () => {
    const { world, stack, id } = await asking()
    expect((await callOn(stack, 'report')).document).toMatchObject({ open: { all: 1, asking: 1 } })
    world.clock.advance(60_000)
    await callOn(stack, 'approve', id)
    expect((await callOn(stack, 'report')).document).toMatchObject({
      ...{ open: { all: 0 }, timeToDecide: { count: 1, p50: 60_000 }, cost: { automatic: 0, asked: 1 } },
    })
  })
})

test('100,000 runs are counted without holding any', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const held = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const made = sampleRun()
  const list = async ({ behind, limit = 0 }: RunFilter = {}) => {
    const from = behind ? Number(behind.id) + 1 : 0
    return Array.from({ length: Math.min(limit, 100_000 - from) }, (_, more) => {
      const index = from + more
      const key = `arn:aws:ec2:eu-central-1:123456789012:security-group/sg-${index}`
      return { ...made, id: String(index), key, startedAt: new Date(1e9 - index).toISOString() }
    })
  }
  const tally = new FigureTally()
  const before = held()
  expect(await visitRuns({ list }, {}, (each) => tally.add(each))).toEqual({ runs: 100_000, isCut: false })
  expect(held() - before).toBeLessThan(35e6)
  expect(tally.result({ since: '', until: '' })).toMatchObject({ runs: 100_000 })
})
