import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Spread } from '../figures.ts'
import type { Cost } from '../growth/cost.ts'
import type { Life } from './approval-life.ts'

/** How much is decided, and beside what. */
export interface Order {
  /** Clicks that are measured, and automatic runs that are carried out beside them. */
  decisions: number
  /** Runs that wait beside those that are decided. */
  beside: number
  /** Clicks of which all that they ask for is counted. */
  counted: number
}

/** How runs that wait came to stand in the channel. */
export interface Shown {
  runs: number
  /** From the first event: until the last run waited, and until the last one stood in the channel. */
  askedSeconds: number
  shownSeconds: number
  /** Runs a second, from the first that stood there to the last. */
  perSecond: number
  /** Seconds from the moment at which a run waited until it stood there. */
  lag: Spread
  /** Messages that were posted, and how often one was changed. */
  posts: number
  updates: number
  /** Method → how often Slack answered 429. */
  limited: Record<string, number>
}

/** What clicks took. */
export interface Decided {
  /** Runs that waited at the first click. */
  waiting: number
  /** ms that Slack waited for the receiver's answer. */
  answer: Spread
  /** ms from the click until the change of that group was sent. */
  change: Spread
  limited: Record<string, number>
}

/** What one click asks for, from the click until its card shows the end; a mean of some. */
export interface Work {
  /** By all functions together. */
  cost: Cost
  /** Of Slack, by method. */
  slack: Record<string, number>
}

export interface Scene {
  shown: Shown
  decided: Decided
  work: Work
}

export interface Approvals {
  order: Order
  /** Where only those wait that are decided. */
  alone: Scene
  /** Where as many wait beside as were ordered. */
  among: Scene
  /** Of approvals that come one at a time, from the finding to the end on the card. */
  life: Life
}

/** A process of its own deploys the stack in a sandbox beside a stand-in Slack, where people decide. Throws when it does not come to its end. */
export async function approvals(order: Order): Promise<Approvals> {
  const child = fork(new URL('approvals-process.ts', import.meta.url), [JSON.stringify(order)], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=DEP0169'],
  })
  const ended = once(child, 'exit')
  const [told] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('the process ended before all was decided')
    }),
  ])) as [Approvals]
  await ended
  return told
}
