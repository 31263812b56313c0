import type { Engine } from '../../engine/engine.ts'
import type { Finding } from '../../findings/finding.ts'
import type { RehearsalSink } from '../../reports/rehearsal/sink.ts'
import type { Run } from '../../run/run.ts'
import type { Journal } from './journal.ts'
import type { Portion, Reached } from './portions.ts'
import type { ProgressTally } from './progress-tally.ts'

/**
 * Findings that are rehearsed together: what they say about one resource is one run. All of them and their runs are held at
 * once, some 50 MB.
 */
export const WINDOW = 5_000

/**
 * Most calls under way at once. Of a rehearsal each finding has a dry run of its own, which nobody waits for; with more of
 * them under way the processor has something to do while AWS takes its 60 ms. Where AWS says that it is too fast, the pace
 * is AWS's (`Pace`).
 */
export const CALLS_AT_ONCE = 200

/** What it takes to rehearse findings of any number. */
export interface Rehearsing {
  engine: Pick<Engine, 'handle'>
  windows: AsyncIterable<Portion>
  from: Reached
  sink: RehearsalSink
  tally: ProgressTally
  /** Absent where what is read cannot be read once more. */
  journal?: Journal
  /** From here on nothing more is begun. */
  until: AbortSignal
  /** Whether a run says nothing about its finding: it is not given, and made again when the rehearsal goes on. */
  isVoid?: (run: Run) => boolean
  /** Adds to a run what else is found out of it, before it is given; undefined: `until` stopped it on the way. */
  complete?: (run: Run) => Promise<Run | undefined>
  options: { includeSamples?: true; only?: { playbook: string; resource: string } }
}

/**
 * Rehearses window by window, and gives what it comes to; nothing of it is kept but the window under way.
 * @returns whether it came to the end, and how far it came
 */
export async function rehearseAll(rehearsing: Rehearsing): Promise<{ isWhole: boolean; reached: Reached }> {
  const { windows, until, journal, tally } = rehearsing
  const before = await goneOn(rehearsing)
  let { from } = rehearsing
  for await (const window of windows) {
    if (until.aborted) return { isWhole: false, reached: from }
    await journal?.window(from)
    tally.window(window.findings.length)
    await rehearseWindow(rehearsing, window, before)
    if (until.aborted) return { isWhole: false, reached: from }
    from = window.reached
    // Only the first window can have been under way.
    before.clear()
  }
  return { isWhole: !until.aborted, reached: from }
}

/** What was given already of the window under way: runs by playbook and key, other pieces by what they name. */
type Before = Set<string>

const ofRun = (playbook: string, key: string) => `run ${playbook} ${key}`
const ofPiece = (piece: object) => JSON.stringify(piece)

/** Gives what an earlier rehearsal came to before it was interrupted. */
async function goneOn({ journal, sink, tally }: Rehearsing): Promise<Before> {
  const before: Before = new Set()
  for await (const { isOfWindow, ...entry } of journal?.entries() ?? []) {
    if ('run' in entry) {
      const { run } = entry
      tally.run(run)
      await sink.run(run)
      if (isOfWindow) before.add(ofRun(run.playbook, run.key))
    } else {
      if ('ignored' in entry) await sink.ignored(entry.ignored)
      else {
        tally.rejected(entry.rejected)
        await sink.rejected(entry.rejected)
      }
      if (isOfWindow) before.add(ofPiece(entry))
    }
  }
  return before
}

async function rehearseWindow(
  { engine, sink, tally, journal, until, isVoid = () => false, complete, options }: Rehearsing,
  { findings, rejected }: Portion,
  before: Before,
): Promise<void> {
  const isNew = (piece: object) => !before.has(ofPiece(piece))
  for (const each of rejected.filter((one) => isNew({ rejected: one }))) {
    tally.rejected(each)
    await sink.rejected(each)
    await journal?.add({ rejected: each })
  }
  await engine.handle(findings as Finding[], 'rehearse', {
    ...options,
    until,
    isDone: (playbook, key) => before.has(ofRun(playbook, key)),
    async onIgnored(ignored) {
      tally.ignored(ignored.length)
      for (const each of ignored.filter((one) => isNew({ ignored: one }))) {
        await sink.ignored(each)
        await journal?.add({ ignored: each })
      }
    },
    async onEnd(ended) {
      // What cannot be completed any more is made again, too, when it goes on.
      if (isVoid(ended) || (complete && until.aborted)) return
      const run = complete ? await complete(ended) : ended
      if (run === undefined) return
      tally.run(run)
      await sink.run(run)
      await journal?.add({ run })
    },
  })
}
