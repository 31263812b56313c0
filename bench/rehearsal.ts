import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AwsProcess } from './aws-process.ts'
import { median } from './figures.ts'
import { table } from './markdown-table.ts'

export interface Rehearsals {
  build: 'before' | 'now'
  findings: number
  /** Of each round, in order. */
  seconds: number[]
  /** Processor time of the whole process that rehearses, seconds. */
  cpu: number[]
  /** Peak of resident memory (MB) after each tenth of the findings, in the last round. */
  peakMb: number[]
}

/** All of a process that still lives, on Linux: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const [user, system] = [fields[11], fields[12]].map(Number) as [number, number]
  return (user + system) / 100
}

/** One process: it loads everything and rehearses one finding, then as many as are asked for. */
async function rehearsed(aws: AwsProcess, script: string, findings: number) {
  await aws.reset({ groups: findings + 1, delayMs: 0 })
  const child = fork(script, [aws.endpoint, 'rehearse', String(findings)], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc', '--max-semi-space-size=8'],
  })
  const ended = once(child, 'exit')
  const [told] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error(`${script} ended before it was done`)
    }),
  ])) as [{ batches: { seconds: number; peakMb: number }[]; peaks?: number[] }]
  const cpu = processorSeconds(child.pid!)
  await ended
  const { seconds, peakMb } = told.batches[0]!
  return { seconds, cpu, peakMb: told.peaks ?? [peakMb] }
}

/**
 * Rehearsals of so many findings from the text of their events, by this build and by the one of before, in turn.
 * @param before folder of an earlier build
 */
export async function rehearsals(
  aws: AwsProcess,
  { sizes, rounds, before }: { sizes: readonly number[]; rounds: number; before: string | undefined },
): Promise<Rehearsals[]> {
  const now = new URL('rehearsal-process.ts', import.meta.url).pathname
  const then = before && join(before, 'bench/memory-process.ts')
  const all: Rehearsals[] = []
  for (const [index, findings] of sizes.entries()) {
    // All findings and all that came of them are held by the build of before: of the largest it is not asked.
    const isLargest = index > 0 && index === sizes.length - 1
    const builds: [Rehearsals['build'], string][] = [['now', now]]
    if (then && !isLargest) builds.unshift(['before', then])
    const measured = builds.map(
      ([build]): Rehearsals => ({ build, findings, seconds: [], cpu: [], peakMb: [] }),
    )
    for (let round = 0; round < (isLargest ? 1 : rounds); round++) {
      for (const [at, [, script]] of builds.entries()) {
        const { seconds, cpu, peakMb } = await rehearsed(aws, script, findings)
        measured[at]!.seconds.push(seconds)
        measured[at]!.cpu.push(cpu)
        measured[at]!.peakMb = peakMb
      }
    }
    all.push(...measured)
  }
  return all
}

export function rehearsalsTable(all: readonly Rehearsals[]): string {
  const figure = (number: number) => number.toFixed(2)
  return table(
    ['build', 'findings', 's', 'findings per second', 'processor time, s', 'peak RSS MB after each tenth'],
    all.map(({ build, findings, seconds, cpu, peakMb }) => [
      build,
      String(findings),
      `${figure(median(seconds))} (${seconds.map(figure).join(', ')})`,
      String(Math.round(findings / median(seconds))),
      figure(median(cpu)),
      peakMb.join(', '),
    ]),
  )
}
