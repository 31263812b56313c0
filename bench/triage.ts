import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { bundleProgram } from '../scripts/package.mjs'
import { asStarted, type Started } from './as-started.ts'
import { table } from './markdown-table.ts'

/** Reading events from a file by `rectify triage`, in a process of its own: this build's as it is packed for npm. */
export interface Triage {
  /** Which build, and of which sources the events are. */
  name: string
  events: number
  /** Of the file. */
  megabytes: number
  seconds: number
  /** Highest resident memory of the process, in MB. */
  peakMb: number
}

/** What the build of before reads, too. */
const BOTH_READ = /^(config|guardduty)-.*\.json$/
const ALL = /^(?!REF-).*\.json$/

/**
 * The same events (one a line) read by this build and by the one of before, which has no `--ndjson` and gives one
 * document; and those of all sources, in two sizes, by this one. Start of the process included.
 * @param corpus folder of real events; they are taken one after the other, again and again
 * @param before checkout of an earlier build
 */
export async function triage(
  corpus: string,
  { before, events, rounds }: { before: string | undefined; events: number; rounds: number },
): Promise<Triage[]> {
  if (!existsSync(corpus)) throw new Error(`no events in ${corpus}: RECTIFY_EVENT_CORPUS names their folder`)
  const folder = mkdtempSync(join(tmpdir(), 'rectify-bench-triage-'))
  try {
    const both = join(folder, 'both.ndjson')
    const all = join(folder, 'all.ndjson')
    const measured: Triage[] = []
    const measure = async (name: string, count: number, ...of: Parameters<typeof reading>) =>
      measured.push({ name, events: count, ...(await reading(...of)) })
    const now = await packed(join(folder, 'package'))
    const bothMb = await write(both, corpus, BOTH_READ, events)
    // In turn: what else the machine does is then beside both.
    for (let round = 0; round < rounds; round++) {
      if (before) {
        const source = asStarted(join(before, 'src/cli/main.ts'))
        await measure('before, Config and GuardDuty', events, source, both, '--json', bothMb)
      }
      await measure('now, Config and GuardDuty', events, now, both, '--ndjson', bothMb)
      await measure('JSON.parse alone, Config and GuardDuty', events, BARE, both, undefined, bothMb)
    }
    for (const count of [events / 10, events]) {
      const megabytes = await write(all, corpus, ALL, count)
      await measure('now, all sources', count, now, all, '--ndjson', megabytes)
    }
    return measured
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns megabytes */
async function write(file: string, corpus: string, names: RegExp, count: number): Promise<number> {
  const texts = ['.', 'derived'].flatMap((folder) =>
    readdirSync(join(corpus, folder))
      .filter((name) => names.test(name))
      .sort()
      .map((name) => JSON.stringify(JSON.parse(readFileSync(join(corpus, folder, name), 'utf8')))),
  )
  const out = createWriteStream(file)
  for (let n = 0; n < count; n++) if (!out.write(`${texts[n % texts.length]}\n`)) await once(out, 'drain')
  out.end()
  await once(out, 'close')
  return out.bytesWritten / 1e6
}

/** What no program that reads these lines can be faster than. */
const BARE: Started = { env: {}, args: [join(import.meta.dirname, 'bare-parse.mjs')] }

async function packed(folder: string): Promise<Started> {
  await bundleProgram(folder)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  return asStarted(join(folder, 'rectify.js'))
}

/** In the folder of the file, where no policy is. */
async function reading(
  program: Started,
  file: string,
  form: '--json' | '--ndjson' | undefined,
  megabytes: number,
): Promise<Omit<Triage, 'name' | 'events'>> {
  const start = performance.now()
  const args = [...program.args, ...(form ? ['triage', file, form] : [file])]
  const child = spawn(process.execPath, args, {
    cwd: dirname(file),
    stdio: 'ignore',
    env: { ...process.env, ...program.env },
  })
  let peakMb = 0
  const looking = setInterval(() => {
    peakMb = Math.max(peakMb, highestMb(child.pid))
  }, 20)
  const [status] = await once(child, 'exit')
  clearInterval(looking)
  // Some events of the corpus are cut: 2.
  if (status !== 0 && status !== 2) throw new Error(`${args.join(' ')} ended with ${status}`)
  return { megabytes, seconds: (performance.now() - start) / 1000, peakMb }
}

/** As Linux counts it; 0 elsewhere, and once the process has ended. */
function highestMb(pid: number | undefined): number {
  const file = `/proc/${pid}/status`
  const [, kB = '0'] = existsSync(file) ? (/VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8')) ?? []) : []
  return Number(kB) / 1024
}

export function triageTable(measured: readonly Triage[]): string {
  const rows = measured.map(({ name, events, megabytes, seconds, peakMb }) => [
    ...[name, String(events), megabytes.toFixed(0), seconds.toFixed(1), (events / seconds).toFixed(0)],
    peakMb.toFixed(0),
  ])
  return table(['triage of a file', 'events', 'MB', 's', 'events/s', 'peak MB'], rows)
}
