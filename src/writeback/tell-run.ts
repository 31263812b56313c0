import type { Aws } from '../aws/port.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { Run } from '../run/run.ts'
import type { RunStore } from '../run/store.ts'
import type { ToldDetector, ToldEnd } from '../run/told-detector.ts'
import { tellGuardDuty } from './findings-archive.ts'
import { type Heard, heardBy, type Telling } from './hearing.ts'
import { tellAccessAnalyzer } from './resource-scan.ts'
import { tellConfig } from './rule-evaluation.ts'
import { type Word, wordsOf } from './run-words.ts'
import { tellSecurityHub } from './security-hub.ts'

export interface WritebackPorts {
  /** As whoever may tell detectors something; it knows `DETECTOR_SERVICES`. */
  aws: Aws
  store: Pick<RunStore, 'told' | 'putTold'>
  clock: { now(): number }
}

/** What detectors were told of a run. */
export interface ToldRun {
  /** As it was stored, those of before included. */
  told: ToldEnd[]
  /** Somebody was not told, and it may succeed later. */
  again: boolean
}

/** Tells detectors how runs ended. */
export interface Writeback {
  /**
   * Tells what is still to be told of a run, and stores what came of it: told first, stored afterwards, so that a process
   * that dies in between tells it once more, and nothing is lost. Never throws what a detector answers.
   */
  tell(run: Run): Promise<ToldRun>
}

export function writeback(ports: WritebackPorts): Writeback {
  const { aws, store, clock } = ports
  const tellings: Record<ToldDetector, Telling> = {
    securityhub: tellSecurityHub,
    guardduty: tellGuardDuty,
    config: tellConfig(clock),
    accessanalyzer: tellAccessAnalyzer,
  }

  async function tellOne(word: Word, before: readonly ToldEnd[]): Promise<{ end: ToldEnd; again: boolean }> {
    const heard = await tellings[word.to](aws, word, before).catch((error: unknown): Heard[] => {
      if (error instanceof AwsError) return [heardBy(error)]
      throw error
    })
    return { end: endOf(word.to, heard, new Date(clock.now()).toISOString()), again: comesAgain(heard) }
  }

  return {
    async tell(run) {
      const words = wordsOf(run)
      if (words.length === 0) return { told: [], again: false }
      const known = await store.told(run.id)
      // What was solved and then taken back: that is for the run to tell that did so.
      const isOver = ({ meaning }: Word) => meaning === 'solved' && run.undoneBy !== undefined
      const left = words.filter((word) => !isOver(word) && !known.some(({ to, ok }) => ok && to === word.to))
      const before = run.undoOf === undefined || left.length === 0 ? [] : await store.told(run.undoOf)
      const ends = await Promise.all(left.map((word) => tellOne(word, before)))
      for (const { end } of ends) await store.putTold(run.id, end)
      const others = known.filter(({ to }) => !ends.some(({ end }) => end.to === to))
      return { told: [...others, ...ends.map(({ end }) => end)], again: ends.some(({ again }) => again) }
    },
  }
}

const comesAgain = (heard: readonly Heard[]) => heard.some((each) => each.kind === 'refused' && each.again)

/** One word of all that was heard: of several findings each has an answer of its own. */
function endOf(to: ToldDetector, heard: readonly Heard[], at: string): ToldEnd {
  const refusals = heard.filter((each) => each.kind === 'refused')
  const said = distinct(heard.flatMap((each) => (each.kind === 'told' ? each.said : [])))
  // Who was told something was not told nothing.
  const words = said.length > 1 ? said.filter((word) => word !== 'nothing') : said
  const reasons = distinct((refusals.length > 0 ? refusals : heard).flatMap(({ reason }) => reason ?? []))
  return {
    to,
    at,
    ok: refusals.length === 0,
    ...(refusals.length === 0 && { said: words.join(', ') }),
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
  }
}

const distinct = (texts: readonly string[]) => [...new Set(texts)]
