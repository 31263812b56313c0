import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from '../src/sandbox/stack/template.ts'
import { asStarted } from './as-started.ts'
import type { AwsProcess } from './aws-process.ts'
import { sshEvent } from './events.ts'
import { median } from './figures.ts'
import { table } from './markdown-table.ts'
import { groupId } from './security-groups.ts'

/** What is rehearsed: so many findings, with so many ms added to each call. */
export interface Load {
  findings: number
  delayMs: number
  rounds: number
  /** Whether the build of before is asked for as well: it holds all findings and all that came of them. */
  isCompared: boolean
}

export interface Rehearsals extends Load {
  build: 'before' | 'now'
  /** Of each round, in order. */
  seconds: number[]
  /** Processor time of the whole process, seconds. */
  cpu: number[]
  /** Peak of resident memory (MB) after a tenth, half, and all of the time, in the last round. */
  peakMb: [number, number, number]
}

/** What one process of the program took. */
interface Took {
  seconds: number
  cpu: number
  peakMb: Rehearsals['peakMb']
}

/** How often the process is looked at (ms). */
const EVERY_MS = 100

/**
 * `rectify rehearse FILE --csv FILE` by this build and by the one of before, in turn, against AWS in memory.
 * @param before folder of an earlier build
 */
export async function rehearsals(
  aws: AwsProcess,
  loads: readonly Load[],
  before: string | undefined,
): Promise<Rehearsals[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rectify-rehearsals-'))
  try {
    writeFileSync(join(folder, 'rectify.yaml'), 'version: 1\nrules:\n  - mode: auto\n')
    const all: Rehearsals[] = []
    for (const load of loads) {
      const builds: [Rehearsals['build'], string][] = [['now', ROOT]]
      if (before && load.isCompared) builds.unshift(['before', before])
      const numbers = Array.from({ length: load.findings }, (_, number) => number)
      const events = numbers.map((number) => sshEvent(groupId(number)))
      writeFileSync(join(folder, 'events.ndjson'), `${events.join('\n')}\n`)
      const measured = builds.map(
        ([build]): Rehearsals => ({ ...load, build, seconds: [], cpu: [], peakMb: [0, 0, 0] }),
      )
      for (let round = 0; round < load.rounds; round++) {
        for (const [at, [build, root]] of builds.entries()) {
          await aws.reset({ groups: load.findings, delayMs: load.delayMs })
          // The one of before knows no CSV; Markdown is the smallest of its reports.
          const report = build === 'now' ? ['--csv', 'out'] : ['--markdown', 'out']
          const { seconds, cpu, peakMb } = await rehearsed(aws, root, folder, report)
          measured[at]!.seconds.push(seconds)
          measured[at]!.cpu.push(cpu)
          measured[at]!.peakMb = peakMb
        }
      }
      all.push(...measured)
    }
    return all
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function rehearsed(aws: AwsProcess, root: string, cwd: string, report: string[]): Promise<Took> {
  const start = performance.now()
  const { env, args } = asStarted(join(root, 'src/cli/main.ts'))
  const child = spawn(process.execPath, [...args, 'rehearse', 'events.ndjson', ...report], {
    cwd,
    env: { ...process.env, ...env, AWS_ENDPOINT_URL: aws.endpoint },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  let status: number | null | undefined
  child.once('exit', (code) => (status = code))
  const looks: { cpu: number; peakMb: number }[] = []
  while (status === undefined) {
    looks.push(...lookAt(child.pid!))
    await sleep(EVERY_MS)
  }
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`a rehearsal ended with status ${status}: ${said}`)
  const peakAt = (part: number) => looks[Math.min(looks.length - 1, Math.floor(looks.length * part))]!.peakMb
  return { seconds, cpu: looks.at(-1)!.cpu, peakMb: [peakAt(0.1), peakAt(0.5), peakAt(1)] }
}

/** Of a process that lives, on Linux: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. None once it is gone. */
function lookAt(pid: number): { cpu: number; peakMb: number }[] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    if (peak === undefined) return []
    return [{ cpu: (Number(fields[11]) + Number(fields[12])) / 100, peakMb: Math.round(Number(peak) / 1024) }]
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

export function rehearsalsTable(all: readonly Rehearsals[]): string {
  const figures = (numbers: readonly number[]) =>
    `${median(numbers).toFixed(1)} (${numbers.map((number) => number.toFixed(1)).join(', ')})`
  return table(
    [
      'build',
      'findings',
      'added per call',
      's',
      'findings per second',
      'processor time, s',
      'peak RSS MB after a tenth, half, all of the time',
    ],
    all.map(({ build, findings, delayMs, seconds, cpu, peakMb }) => [
      build,
      String(findings),
      `${delayMs} ms`,
      figures(seconds),
      String(Math.round(findings / median(seconds))),
      figures(cpu),
      peakMb.join(', '),
    ]),
  )
}
