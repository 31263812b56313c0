import type { Aws } from '../aws/port.ts'
import type { Finding } from '../findings/finding.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { Run } from '../run/run.ts'
import type { RunStore } from '../run/store.ts'
import { type ToldDetector, type ToldEnd, toldName } from '../run/told-detector.ts'
import { tellGuardDuty } from './findings-archive.ts'
import { type Heard, heardBy, type Telling } from './hearing.ts'
import { tellAccessAnalyzer } from './resource-scan.ts'
import { tellConfig } from './rule-evaluation.ts'
import { isSameReport, mayBeTold, type Word, wordsOf } from './run-words.ts'
import { tellSecurityHub } from './tell-hub.ts'

export interface WritebackPorts {
  /** As whoever may tell detectors something; it knows `DETECTOR_SERVICES`. */
  aws: Aws
  store: Pick<RunStore, 'told' | 'putTold' | 'attached'>
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
   * @param late findings that came when the run had ended, and asked for nothing that it had not proven: only they are
   *   told, each by itself, where the run did not have them
   */
  tell(run: Run, late?: readonly Finding[]): Promise<ToldRun>
}

export function writeback(ports: WritebackPorts): Writeback {
  const { aws, store, clock } = ports
  const tellings: Record<ToldDetector, Telling> = {
    securityhub: tellSecurityHub,
    guardduty: tellGuardDuty,
    config: tellConfig(clock),
    accessanalyzer: tellAccessAnalyzer,
  }

  async function tellOne(task: Task, before: readonly ToldEnd[]): Promise<{ end: ToldEnd; again: boolean }> {
    const { word, late } = task
    const heard = await tellings[word.to](aws, word, before).catch((error: unknown): Heard[] => {
      if (error instanceof AwsError) return [heardBy(error)]
      throw error
    })
    const at = new Date(clock.now()).toISOString()
    const about = { to: word.to, ...(late && { late }) }
    return { end: endOf(about, heard, at), again: comesAgain(heard) }
  }

  /** With what others have told of its findings meanwhile; an undo speaks of all that was told of its run. */
  async function withCopies(run: Run, before: readonly ToldEnd[]): Promise<Run> {
    const joined = await store.attached(run.undoOf ?? run.id)
    const isCopy = ({ id }: Finding) => run.findings.some((known) => known.id === id)
    const further = [...joined.filter(isCopy), ...before.flatMap(({ late }) => late ?? [])]
    const findings = [...run.findings]
    for (const finding of further)
      if (!findings.some((known) => isSameReport(known, finding))) findings.push(finding)
    return { ...run, findings }
  }

  return {
    async tell(run, late) {
      if (!mayBeTold(run)) return { told: [], again: false }
      const known = await store.told(run.id)
      const before = run.undoOf === undefined ? [] : await store.told(run.undoOf)
      const tasks = (late ? lateTasks(run, late) : tasksOf(await withCopies(run, before))).filter(
        // What was solved and then taken back: that is for the run to tell that did so.
        (task) => !(task.word.meaning === 'solved' && run.undoneBy !== undefined) && !isTold(known, task),
      )
      const ends = await Promise.all(tasks.map((task) => tellOne(task, before)))
      for (const { end } of ends) await store.putTold(run.id, end)
      const others = known.filter((each) => !ends.some(({ end }) => toldName(end) === toldName(each)))
      return { told: [...others, ...ends.map(({ end }) => end)], again: ends.some(({ again }) => again) }
    },
  }
}

/** A word, and the one finding that it is about where that came late. */
interface Task {
  word: Word
  late?: Finding
}

const tasksOf = (run: Run): Task[] => wordsOf(run).map((word) => ({ word }))

function lateTasks(run: Run, findings: readonly Finding[]): Task[] {
  const unknown = findings.filter((finding) => !run.findings.some((known) => isSameReport(known, finding)))
  return unknown.flatMap((late) => wordsOf({ ...run, findings: [late] }).map((word) => ({ word, late })))
}

const isTold = (known: readonly ToldEnd[], { word: { to }, late }: Task) =>
  known.some((end) => end.ok && toldName(end) === toldName({ to, ...(late && { late }) }))

const comesAgain = (heard: readonly Heard[]) => heard.some((each) => each.kind === 'refused' && each.again)

/** One word of all that was heard: of several findings each has an answer of its own. */
function endOf(about: Pick<ToldEnd, 'to' | 'late'>, heard: readonly Heard[], at: string): ToldEnd {
  const refusals = heard.filter((each) => each.kind === 'refused')
  const said = distinct(heard.flatMap((each) => (each.kind === 'told' ? each.said : [])))
  // Who was told something was not told nothing.
  const words = said.length > 1 ? said.filter((word) => word !== 'nothing') : said
  const reasons = distinct((refusals.length > 0 ? refusals : heard).flatMap(({ reason }) => reason ?? []))
  return {
    ...about,
    at,
    ok: refusals.length === 0,
    ...(refusals.length === 0 && { said: words.join(', ') }),
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
  }
}

const distinct = (texts: readonly string[]) => [...new Set(texts)]
