/** Arithmetic on what was counted: what 1,000 automatic runs and a month without any cost. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invocations } from './invocations.ts'
import type { BuildInStorm } from './storm.ts'

/** List prices of us-east-1 in US dollars, as docs/operations.md has them; free tiers and discounts left out. */
export const PRICE = {
  /** On arm64. */
  gbSecond: 0.0000133334,
  invocation: 0.2e-6,
  standardRequest: 0.4e-6,
  fifoRequest: 0.5e-6,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** Of a GB and month, with the backup. */
  stored: 0.25 + 0.2,
  logGb: 0.5,
  schedule: 1e-6,
  keyRequest: 0.03e-4,
  alarm: 0.1,
  metric: 0.3,
}
export const RUNS = 1000
const MONTHS_KEPT = 3
/** Of 30 days, every five minutes. */
const SWEEPS = 8640
/** Lambda asks an idle queue five at a time, for 20 s each. */
export const POLLS = (5 * 30 * 24 * 3600) / 20

export interface Row {
  what: string
  arithmetic: string
  dollars: number
}

/**
 * What 1,000 runs cost; durations are those with latency added.
 * @param kind whether many come at once, or each by itself
 */
export function costOfRuns(build: BuildInStorm, kind: 'delayed' | 'single'): Row[] {
  const { metered, meteredFindings } = build
  const { functions, calls } = build[kind]
  const { intake, runner, notifier } = functions
  const findings = kind === 'single' ? build.singleFindings : build.findings
  const scaled = (count: number) => (count * RUNS) / findings
  const sent = scaled((calls['sqs:SendMessage'] ?? 0) + (calls['sqs:SendMessageBatch'] ?? 0))
  const use = metered.table!
  const perRun = (count: number) => count / meteredFindings
  const logGb = scaled(intake.logBytes + runner.logBytes + notifier.logBytes) / 1e9
  return [
    requests('intake queue', RUNS, scaled(intake.count), PRICE.standardRequest),
    compute('intake', intake, scaled),
    requests('runs queue', sent, scaled(runner.count), PRICE.fifoRequest),
    compute('runner', runner, scaled),
    {
      what: 'table, writes',
      arithmetic: `(${amount(perRun(use.writeUnits - use.indexUnits))} units for ${amount(perRun(use.items))} items in transactions + ${amount(perRun(use.indexUnits))} in the indexes) × 1,000 × 0.625/M`,
      dollars: perRun(use.writeUnits) * RUNS * PRICE.writeUnit,
    },
    {
      what: 'table, reads',
      arithmetic: `${amount(perRun(use.readUnits))} units × 1,000 × 0.125/M`,
      dollars: perRun(use.readUnits) * RUNS * PRICE.readUnit,
    },
    {
      what: 'table, 90 days',
      arithmetic: `${amount(perRun(use.bytes) / 1000)} kB × 1,000 × ${PRICE.stored} × ${MONTHS_KEPT} months`,
      dollars: ((perRun(use.bytes) * RUNS) / 1e9) * PRICE.stored * MONTHS_KEPT,
    },
    compute('notifier', notifier, scaled),
    {
      what: 'logs',
      arithmetic: `${amount((logGb * 1e6) / RUNS)} kB × 1,000 × ${PRICE.logGb}`,
      dollars: logGb * PRICE.logGb,
    },
  ]
}

/** What a month costs in which nothing happens, in a stack with all parameters as they are. */
export function costOfMonth({ folder, metered, delayed }: BuildInStorm): Row[] {
  const { sweeper } = delayed.functions
  const seconds = sweeper.ms / sweeper.count / 1000
  const gb = sweeper.memoryMb / 1024
  const logBytes = sweeper.logBytes / sweeper.count
  const read = metered.table!.readUnitsOfSweep
  const alarms = alarmsIn(folder)
  // Of events, and of ends that detectors are told; the runs have a FIFO queue.
  const standard = takesFrom(folder, 'WritebackQueue') ? 2 : 1
  return [
    {
      what: 'sweeper',
      arithmetic: `8,640 × ${gb} GB × ${amount(seconds)} s × ${PRICE.gbSecond}, + 8,640 × (0.20/M + 1.00/M)`,
      dollars: SWEEPS * (gb * seconds * PRICE.gbSecond + PRICE.invocation + PRICE.schedule),
    },
    {
      what: 'its reads of the table',
      arithmetic: `8,640 × ${amount(read)} units × 0.125/M, + 8,640 requests for the table's key × 0.03/10,000`,
      dollars: SWEEPS * (read * PRICE.readUnit + PRICE.keyRequest),
    },
    {
      what: 'its logs',
      arithmetic: `8,640 × ${amount(logBytes / 1000)} kB × ${PRICE.logGb}`,
      dollars: ((SWEEPS * logBytes) / 1e9) * PRICE.logGb,
    },
    {
      what: 'Lambda polling the queues',
      arithmetic: `5 long polls of 20 s = 648,000 requests × (${standard} × 0.40/M + 0.50/M)`,
      dollars: POLLS * (standard * PRICE.standardRequest + PRICE.fifoRequest),
    },
    { what: 'alarms', arithmetic: `${alarms} × 0.10`, dollars: alarms * PRICE.alarm },
    {
      what: 'own metrics that each sweep writes',
      arithmetic: `${sweeper.metrics.length} × 0.30`,
      dollars: sweeper.metrics.length * PRICE.metric,
    },
  ]
}

/**
 * Alarms of a build's template that every stack has, or those that are there on a condition only.
 * @param folder of its checkout
 */
export function alarmsIn(folder: string, condition?: string): number {
  const template = readFileSync(join(folder, 'template.yaml'), 'utf8')
  const conditions = [...template.matchAll(/Type: AWS::CloudWatch::Alarm$(?:\n +Condition: (\w+)$)?/gm)]
  return conditions.filter(([, its]) => its === condition).length
}

/** Whether a function of a build's template takes from a queue. */
function takesFrom(folder: string, queue: string): boolean {
  return readFileSync(join(folder, 'template.yaml'), 'utf8').includes(`Queue: !GetAtt ${queue}.Arn`)
}

export const together = (rows: readonly Row[]): number =>
  rows.reduce((total, { dollars }) => total + dollars, 0)

/** Of a function: its time by its memory, and each invocation. */
export function compute(
  what: string,
  { count, ms, memoryMb }: Invocations,
  scaled: (count: number) => number,
): Row {
  const [gb, seconds, invocations] = [memoryMb / 1024, scaled(ms) / 1000, scaled(count)]
  const each = amount(seconds / invocations)
  return {
    what,
    arithmetic: `${gb} GB × ${each} s × ${amount(invocations)} = ${amount(gb * seconds)} GB-s × ${PRICE.gbSecond}, + ${amount(invocations)} × 0.20/M`,
    dollars: gb * seconds * PRICE.gbSecond + invocations * PRICE.invocation,
  }
}

/** Of a queue: what is put in, and for each invocation one request that takes and one that deletes. */
export function requests(what: string, sent: number, invocations: number, price: number): Row {
  return {
    what,
    arithmetic: `(${amount(sent)} sent + 2 × ${amount(invocations)} batches taken and deleted) × ${amount(price * 1e6)}/M`,
    dollars: (sent + 2 * invocations) * price,
  }
}

/** Three digits that count, and thousands apart. */
export function amount(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}
