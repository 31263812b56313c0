import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Invocations } from './invocations.ts'
import type { TableUse } from './metered-table.ts'
import type { FunctionName } from './stack-in-sandbox.ts'

/** What a storm is about. */
export interface Order {
  /** Checkout of the build. */
  folder: string
  findings: number
  /** Put on the bus at a time, each time once the queues are empty; default all. */
  atOnce?: number
  /** ms added to each call of the functions, to whatever service. */
  delayMs: number
  /** Whether the use of the table is counted, which takes time. */
  metered?: boolean
}

export interface Storm {
  /** From the first event to the last closed run. */
  seconds: number
  functions: Record<FunctionName, Invocations>
  /** 'ec2:DescribeSecurityGroups' → how often a function asked. */
  calls: Record<string, number>
  /** Where it was metered: by all runs, stored for all runs, and read by a sweep that finds nothing. */
  table?: TableUse & { bytes: number; readUnitsOfSweep: number }
}

/** The same storms on a build. */
export interface BuildInStorm {
  build: 'this' | 'before'
  /** Of its checkout. */
  folder: string
  findings: number
  /** Without added latency, and with it. */
  direct: Storm
  delayed: Storm
  delayMs: number
  /** With it, of a few findings that come one after the other: no two runs share an invocation. */
  single: Storm
  singleFindings: number
  /** Of fewer findings: what the table is asked for does not depend on their number. */
  metered: Storm
  meteredFindings: number
}

type Kind = 'direct' | 'delayed' | 'single' | 'metered'

const DELAY_MS = 60
const THIS = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Findings about as many open groups through the deployed stack in the sandbox, by this build and by that of before,
 * in turn.
 * @param before folder of the other's checkout; without it there is only this one
 * @param few findings of the storms that are not about time
 */
export async function storms(
  { before, findings, few }: { before: string | undefined; findings: number; few: number },
  tell: (line: string) => void,
): Promise<BuildInStorm[]> {
  const builds: Pick<BuildInStorm, 'build' | 'folder'>[] = [{ build: 'this', folder: THIS }]
  if (before !== undefined) builds.push({ build: 'before', folder: resolve(before) })
  const told: Partial<BuildInStorm>[] = builds.map((each) => ({ ...each }))
  const each = async (kind: Kind, order: Omit<Order, 'folder'>) => {
    for (const [place, { build, folder }] of builds.entries()) {
      tell(`storm of ${order.findings} findings, ${kind}, ${build} build ...`)
      const done = await storm({ ...order, folder })
      Object.assign(told[place]!, { [kind]: done })
      tell(`  ${done.seconds.toFixed(1)} s`)
    }
  }
  await each('direct', { findings, delayMs: 0 })
  await each('delayed', { findings, delayMs: DELAY_MS })
  await each('single', { findings: few, atOnce: 1, delayMs: DELAY_MS })
  await each('metered', { findings: few, delayMs: 0, metered: true })
  const sizes = { findings, singleFindings: few, meteredFindings: few, delayMs: DELAY_MS }
  return told.map((one) => ({ ...one, ...sizes }) as BuildInStorm)
}

/** A storm in a process of its own, which loads nothing but that build. Throws when it does not come to its end. */
export async function storm(order: Order): Promise<Storm> {
  const child = fork(new URL('storm-process.ts', import.meta.url), [JSON.stringify(order)], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=DEP0169'],
  })
  const ended = once(child, 'exit')
  const [told] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error(`the storm of ${order.folder} ended before it was over`)
    }),
  ])) as [Storm]
  await ended
  return told
}
