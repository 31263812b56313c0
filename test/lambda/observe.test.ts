import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Context, SQSEvent } from 'aws-lambda'
import type { Outcome } from '../../src/run/run.ts'
import { sampleRun } from '../support/sample-run.ts'

let observe: typeof import('../../src/lambda/observe.ts')
let records: typeof import('../../src/lambda/incoming/loose-records.ts')
let lines: string[]
let warned: string[]

beforeAll(async () => {
  // Powertools then writes to the console of the process, where a test can hear it; its metrics only if told so.
  process.env.POWERTOOLS_DEV = 'true'
  process.env.POWERTOOLS_METRICS_DISABLED = 'false'
  observe = await import('../../src/lambda/observe.ts')
  records = await import('../../src/lambda/incoming/loose-records.ts')
})
beforeEach(() => {
  lines = []
  warned = []
  const into = (list: string[]) => (line: unknown) => void list.push(String(line))
  jest.spyOn(console, 'log').mockImplementation(into(lines))
  jest.spyOn(console, 'info').mockImplementation(() => undefined)
  jest.spyOn(console, 'warn').mockImplementation(into(warned))
})
afterEach(() => {
  observe.metrics.clearMetrics()
  jest.restoreAllMocks()
})

/** How often a metric was counted, by its value of a dimension; '' where it has none. */
function counted(metric: string, dimension = 'outcome'): Record<string, number> {
  const all: Record<string, number> = {}
  for (const line of lines.map((text) => JSON.parse(text))) {
    if (!(metric in line)) continue
    const key = line[dimension] ?? ''
    const values = [line[metric]].flat() as number[]
    all[key] = (all[key] ?? 0) + values.reduce((sum, value) => sum + value, 0)
  }
  return all
}

describe('the metrics of runs', () => {
  test('count each outcome by its own name: what was so already has remediated nothing', () => {
    const outcomes: Outcome[] = ['alreadyCompliant', 'remediated', 'alreadyCompliant', 'failed']
    for (const outcome of outcomes) observe.told({ kind: 'closed', run: sampleRun({ outcome }) })
    observe.publishMetrics()
    expect(counted('RunsClosed')).toEqual({ '': 4, alreadyCompliant: 2, remediated: 1, failed: 1 })
    expect(counted('RunsFailed')).toEqual({ '': 1 })
  })
})

describe('the metrics of what is held', () => {
  const hold = (rail: 'limit' | 'pause', runs: number) => ({
    ...{ key: `${rail} ${runs}`, rail, reason: `${rail} ${runs}`, runs, isCut: false },
    ...{ severities: {}, playbooks: {} },
  })

  test('count the runs, in all and by what holds them', () => {
    observe.tellHeld([hold('limit', 55), hold('pause', 2), hold('limit', 5)])
    observe.publishMetrics()
    expect(counted('RunsHeld', 'rail')).toEqual({ '': 62, limit: 60, pause: 2 })
  })

  test('are none where nothing is held', () => {
    observe.tellHeld([])
    observe.publishMetrics()
    expect(lines).toEqual([])
  })
})

describe('the metrics of findings', () => {
  test('count those that no playbook answers, beside all that came', () => {
    const finding = sampleRun({}).findings[0]!
    observe.tellTaken(3, { jobs: [], ignored: [], unanswered: [finding, finding] })
    observe.tellTaken(1, { jobs: [], ignored: [], unanswered: [] })
    observe.publishMetrics()
    expect(counted('FindingsTaken')).toEqual({ '': 4 })
    expect(counted('FindingsUnanswered')).toEqual({ '': 2 })
  })
})

describe('a handler that has nothing to count', () => {
  test('says nothing about it', async () => {
    const handler = records.takingRecords(() => async () => undefined)
    const context = { getRemainingTimeInMillis: () => 10_000 } as Context
    const event = { Records: [{ messageId: '1', body: '{}' }] } as SQSEvent
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] })
    expect(warned).toEqual([])
  })

  test('is no other: all of them publish what was counted by the one function that looks first', () => {
    const folder = resolve(import.meta.dirname, '../../src/lambda')
    const publishing = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        name.endsWith('.ts') && readFileSync(resolve(folder, name), 'utf8').includes('publishStoredMetrics'),
    )
    expect(publishing).toEqual(['observe.ts'])
  })
})
