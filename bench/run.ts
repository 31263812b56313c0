/**
 * `npm run bench`: the figures of BENCHMARKS.md.
 * Options: `--quick` (fewer events and rounds), `--json` (one document on stdout instead of tables), `--runner` (of the
 * deployed runner and of the receiver of Slack only: their sizes and cold starts), `--growth` (only whether work costs more
 * where more runs wait and have ended), `--storm` (only findings through the deployed stack, and what they cost), `--slack`
 * (only approvals in a stand-in Slack through the deployed stack, where hundreds wait and where none do), `--triage` (only
 * events read from a file: RECTIFY_EVENT_CORPUS names their folder), `--policy` (only decisions by a large policy),
 * `--rehearsal` (only rehearsals of 10,000 and 100,000 findings),
 * `--before DIR` (growth, storm, triage and decisions of another build, too: a checkout of an earlier commit with its
 * packages installed).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../src/sandbox/stack/template.ts'
import { type AwsProcess, startAws } from './aws-process.ts'
import { entrySize } from './bundle-size.ts'
import { coldStart } from './cold-start.ts'
import { type Growth, growth } from './growth/growth.ts'
import { manyGroups } from './many-groups.ts'
import { memory } from './memory.ts'
import { perEvent } from './per-event.ts'
import { deciding, decidingTable } from './policy/deciding.ts'
import { rehearsals, rehearsalsTable } from './rehearsal.ts'
import { bundleRunner } from './runner-bundle.ts'
import { approvals } from './slack/approvals.ts'
import { approvalsTables } from './slack/approvals-tables.ts'
import { receiverStart } from './slack/receiver-start.ts'
import type { Starts } from './start-tables.ts'
import { storms } from './storm/storm.ts'
import { stormTables } from './storm/storm-tables.ts'
import { type Engine, type Figures, tables } from './tables.ts'
import { throttling } from './throttling.ts'
import { triage, triageTable } from './triage.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    runner: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    storm: { type: 'boolean', default: false },
    slack: { type: 'boolean', default: false },
    triage: { type: 'boolean', default: false },
    policy: { type: 'boolean', default: false },
    rehearsal: { type: 'boolean', default: false },
    before: { type: 'string' },
  },
})
const { quick } = options

// Nothing here may ever reach a real account.
Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'eu-west-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
})
for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL'])
  Reflect.deleteProperty(process.env, name)

// So that what was made is cleared away.
process.once('SIGINT', () => process.exit(130))

const tell = (line: string) => process.stderr.write(`${line}\n`)
const groups = quick ? 200 : 1000
const rounds = quick ? 2 : 7

if (options.storm) await storm()
else if (options.slack) await slack()
else if (options.triage) await triageFigures()
else if (options.policy) await policyFigures()
else if (options.rehearsal) await rehearsalFigures()
else await figures()

async function storm(): Promise<void> {
  const size = quick ? { findings: 50, few: 10 } : { findings: 1000, few: 50 }
  const builds = await storms({ ...size, before: options.before }, tell)
  print(builds, () => stormTables(builds))
}

async function slack(): Promise<void> {
  tell('approvals in Slack ...')
  const size = quick ? { decisions: 5, beside: 20, counted: 2 } : { decisions: 50, beside: 500, counted: 5 }
  const told = await approvals(size)
  print(told, () => approvalsTables(told))
}

async function triageFigures(): Promise<void> {
  tell('triage of a file ...')
  const corpus = process.env.RECTIFY_EVENT_CORPUS ?? join(ROOT, '../../shared/events')
  const before = options.before && resolve(options.before)
  const size = quick ? { events: 10_000, rounds: 1 } : { events: 100_000, rounds: 3 }
  const measured = await triage(corpus, { before, ...size })
  print(measured, () => triageTable(measured))
}

async function policyFigures(): Promise<void> {
  tell('decisions by a large policy ...')
  const size = quick ? { decisions: 300, rounds: 1 } : { decisions: 1_000, rounds: 3 }
  const before = options.before && resolve(options.before)
  const measured = await deciding({ sizes: [1, 10], ...size }, before || undefined)
  print(measured, () => decidingTable(measured))
}

async function rehearsalFigures(): Promise<void> {
  tell('rehearsals ...')
  const aws = await startAws()
  try {
    const before = options.before && resolve(options.before)
    const findings = quick ? 1_000 : 10_000
    const compared = [0, 60].map((delayMs) => ({
      findings,
      delayMs,
      rounds: quick ? 1 : 3,
      isCompared: true,
    }))
    const large = { findings: 10 * findings, delayMs: 0, rounds: 1, isCompared: false }
    const measured = await rehearsals(aws, [...compared, large], before || undefined)
    print(measured, () => rehearsalsTable(measured))
  } finally {
    aws.stop()
  }
}

async function figures(): Promise<void> {
  const aws = await startAws()
  try {
    const all: Figures = {
      node: process.version,
      machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
      ...(options.growth ? { growth: await growthFigures(aws) } : { starts: await startFigures(aws) }),
      ...(!options.growth && !options.runner && { engine: await engineFigures(aws) }),
    }
    print(all, () => tables(all))
  } finally {
    aws.stop()
  }
}

function print(all: object, asTables: () => string): void {
  process.stdout.write(options.json ? `${JSON.stringify(all, null, 2)}\n` : asTables())
}

async function startFigures(aws: AwsProcess): Promise<Starts> {
  tell('the deployed runner ...')
  const folder = mkdtempSync(join(tmpdir(), 'rectify-runner-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const bundle = await bundleRunner(folder)
  const rounds = quick ? 3 : 10
  const runner = {
    size: entrySize(bundle, 'src/lambda/runner.ts'),
    start: await coldStart(aws, folder, rounds),
  }
  tell('the deployed receiver of Slack ...')
  const size = entrySize(bundle, 'src/lambda/slack.ts')
  return { runner, receiver: { size, start: await receiverStart(folder, rounds) } }
}

/** At 1, 10 and 100 times the work, or only the first of these. */
async function growthFigures(aws: AwsProcess): Promise<Growth[]> {
  const times = quick ? [0, 1] : [0, 1, 10, 100]
  const sizes = times.map((each) => ({ waiting: 200 * each, closed: 2000 * each }))
  const due = quick ? 500 : 5000
  tell('growth ...')
  const now = await growth(aws, ROOT, { sizes, due, tell })
  if (options.before === undefined) return [now]
  // What has ended it does not read for this work, but all that waits: with less in it the emulator is faster.
  const fewer = sizes.map(({ waiting, closed }) => ({ waiting, closed: Math.min(closed, 20_000) }))
  tell('growth of the build of before ...')
  return [now, await growth(aws, resolve(options.before), { sizes: fewer, due, tell })]
}

async function engineFigures(aws: AwsProcess): Promise<Engine> {
  tell('memory ...')
  const remembered = await memory(aws, 'apply', Array(quick ? 2 : 4).fill(groups))
  tell(`rehearsal of ${10 * groups} findings ...`)
  const rehearsal = await memory(aws, 'rehearse', [groups, 10 * groups])
  tell('own time per event ...')
  const events = await perEvent(quick ? 200 : 2000)
  tell('own time per event of mixed findings ...')
  // Loaded here: it reads the tables of all playbooks' tests, which no other figure needs.
  const mixed = await (await import('./mixed-findings.ts')).mixedFindings(1000)
  tell(`${groups} groups ...`)
  const direct = await manyGroups(aws, { groups, delayMs: 0, rounds })
  tell(`${groups} groups, 60 ms added to each call ...`)
  const delayed = await manyGroups(aws, { groups, delayMs: 60, rounds: Math.min(rounds, 5) })
  tell('throttled reads ...')
  const throttled = await throttling(aws, quick ? 1 : 5)
  return {
    perEvent: events,
    mixed,
    manyGroups: [direct, delayed],
    memory: remembered,
    rehearsal,
    throttling: throttled,
  }
}
