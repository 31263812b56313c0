/**
 * Rehearses findings as `rectify rehearse` does: from the text of their events, window by window, with what it came to kept for
 * `--resume`. Tells the parent how long that took, and the peak of resident memory (MB) on the way.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collectEarly } from '../src/cli/early-collection.ts'
import { Journal } from '../src/cli/rehearsing/journal.ts'
import { BEGINNING, fromFiles, inWindows } from '../src/cli/rehearsing/portions.ts'
import { Tally } from '../src/cli/rehearsing/rehearsal-tally.ts'
import { rehearseAll, WINDOW } from '../src/cli/rehearsing/rehearse-all.ts'
import { openEngine } from './engine-job.ts'
import { sshEvent } from './events.ts'
import { groupId } from './security-groups.ts'

const [endpoint = '', , size = '1000'] = process.argv.slice(2)
const findings = Number(size)
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024)

/** As a file is read. */
async function* events(first: number, count: number): AsyncGenerator<Uint8Array> {
  let piece: string[] = []
  for (let n = first; n < first + count; n++) {
    piece.push(`${sshEvent(groupId(n))}\n`)
    if (piece.length < 50) continue
    yield Buffer.from(piece.join(''))
    piece = []
  }
  yield Buffer.from(piece.join(''))
}

collectEarly()
const engine = openEngine(endpoint)
const folder = mkdtempSync(join(tmpdir(), 'rectify-rehearsal-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const peaks: number[] = []

async function rehearsed(first: number, count: number): Promise<void> {
  const outcomes = new Map<string, number>()
  let ended = 0
  const stop = new AbortController()
  await rehearseAll({
    engine: engine.engine,
    windows: inWindows(
      fromFiles([{ name: 'bench', bytes: events(first, count) }], BEGINNING),
      WINDOW,
      stop.signal,
    ),
    from: BEGINNING,
    sink: {
      run({ outcome }) {
        ended += 1
        outcomes.set(String(outcome), (outcomes.get(String(outcome)) ?? 0) + 1)
        if (count >= 10 && ended % Math.floor(count / 10) === 0) peaks.push(peakMb())
      },
      ignored: () => undefined,
      rejected: () => undefined,
    },
    tally: new Tally(),
    journal: Journal.begun(
      folder,
      { command: `sha256:${first}`.padEnd(71, '0'), inputs: '', policy: '' },
      Date.now(),
    ),
    until: stop.signal,
    options: {},
  })
  const { rehearsed = 0, alreadyCompliant = 0 } = Object.fromEntries(outcomes)
  // A figure for work that was not done is worth nothing.
  if (rehearsed + alreadyCompliant !== count) throw new Error(JSON.stringify([...outcomes]))
}

await rehearsed(findings, 1)
const start = performance.now()
await rehearsed(0, findings)
const seconds = (performance.now() - start) / 1000
await engine.close()
process.send?.({ batches: [{ seconds, peakMb: peakMb() }], peaks }, () => process.disconnect())
