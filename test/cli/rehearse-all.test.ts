import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Journal } from '../../src/cli/rehearsing/journal.ts'
import {
  BEGINNING,
  inWindows,
  oneAhead,
  type Portion,
  type Reached,
} from '../../src/cli/rehearsing/portions.ts'
import { ProgressTally } from '../../src/cli/rehearsing/progress-tally.ts'
import { rehearseAll } from '../../src/cli/rehearsing/rehearse-all.ts'
import type { Rejection } from '../../src/findings/finding.ts'
import { collected } from '../../src/reports/rehearsal/collected.ts'
import type { Run } from '../../src/run/run.ts'
import { finding, newWorld, sshOpen, start, type World } from '../engine/simulated-world.ts'

const SAME = { command: `sha256:${'a'.repeat(64)}`, inputs: 'sha256:1', policy: 'sha256:2' }
const WINDOW = 4

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-rehearse-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Documents with one finding, one that nobody answers, or none that can be read. */
function documents(world: World, count: number): Portion[] {
  return Array.from({ length: count }, (_, n): Portion => {
    const id = `sg-${String(n).padStart(8, '0')}`
    const reached: Reached = { documents: n + 1 }
    if (n % 5 === 3)
      return { findings: [finding(world, { source: 'config', type: `NOBODY${n}` })], rejected: [], reached }
    if (n % 7 === 5) {
      const rejection: Rejection = { event: `x#/${n}`, code: 'unknownShape', reason: 'no' }
      return { findings: [], rejected: [rejection], reached }
    }
    world.aws.groups.add(id)
    world.aws.groups.addRule(id, { id: `sgr-${id.slice(3)}`, from: 22, cidr: '0.0.0.0/0' })
    return { findings: [sshOpen(world, id)], rejected: [], reached }
  })
}

async function* after(all: readonly Portion[], { documents }: Reached) {
  yield* all.slice(documents)
}

/** @param most pieces after which it is interrupted */
async function rehearsed(
  world: World,
  all: readonly Portion[],
  journal: Journal | undefined,
  most = Infinity,
  complete?: (run: Run, stop: AbortController) => Promise<Run | undefined>,
) {
  const { engine } = start(world)
  const { sink, pieces } = collected()
  const stop = new AbortController()
  let given = 0
  const counting = (give: () => void | Promise<void>) => {
    given += 1
    if (given >= most) stop.abort()
    return give()
  }
  const from = journal?.from ?? BEGINNING
  const { isWhole } = await rehearseAll({
    engine,
    windows: inWindows(after(all, from), WINDOW, stop.signal),
    from,
    sink: {
      run: (run) => counting(() => sink.run(run)),
      ignored: (one) => counting(() => sink.ignored(one)),
      rejected: (one) => counting(() => sink.rejected(one)),
    },
    tally: new ProgressTally(),
    until: stop.signal,
    options: {},
    ...(journal && { journal }),
    ...(complete && { complete: (run) => complete(run, stop) }),
  })
  return { isWhole, pieces }
}

const what = ({ runs, ignored, rejected }: Awaited<ReturnType<typeof rehearsed>>['pieces']) =>
  [
    ...runs.map(({ target, outcome }) => `${target.id} ${outcome}`),
    ...ignored.map((one) => `${one.finding} ${one.reason}`),
    ...rejected.map((one) => `${one.event} ${one.code}`),
  ].sort()

test('however often it is interrupted, and wherever, in the end each piece was given once', async () => {
  const world = newWorld()
  const all = documents(world, 30)
  const whole = what((await rehearsed(world, all, undefined)).pieces)
  expect(whole).toHaveLength(30)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 5 }), async (stops) => {
      const own = mkdtempSync(join(folder, 'state-'))
      let journal = Journal.begun(own, SAME, 0)
      for (const more of stops) {
        let before = 0
        for await (const _ of journal.entries()) before += 1
        const { isWhole, pieces } = await rehearsed(world, all, journal, before + more)
        // What is there when it is interrupted is part of it.
        expect(whole).toEqual(expect.arrayContaining(what(pieces)))
        if (isWhole) return
        await journal.store()
        journal = await Journal.found(own, SAME)
      }
      expect(what((await rehearsed(world, all, journal)).pieces)).toEqual(whole)
    }),
    { numRuns: 25 },
  )
})

test('windows hold what comes in portions, in order, and one that is not full only at the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(7)), fc.integer({ min: 1, max: 9 }), async (sizes, most) => {
      const world = newWorld()
      let n = 0
      const portions = sizes.map(
        (size, at): Portion => ({
          findings: Array.from({ length: size }, () => sshOpen(world, `sg-${n++}`)),
          rejected: [],
          reached: { documents: at + 1 },
        }),
      )
      const windows: Portion[] = []
      const open = new AbortController().signal
      for await (const window of oneAhead(inWindows(after(portions, BEGINNING), most, open)))
        windows.push(window)
      expect(windows.flatMap(({ findings }) => findings)).toEqual(
        portions.flatMap(({ findings }) => findings),
      )
      expect(windows.slice(0, -1).every(({ findings }) => findings.length >= most)).toBe(true)
      expect(windows.at(-1)?.reached.documents ?? 0).toBe(sizes.length)
    }),
  )
})

test('what fails while it is read is told after what came before it', async () => {
  async function* failing() {
    yield 1
    throw new Error('cannot be read')
  }
  const seen: number[] = []
  const reading = async () => {
    for await (const each of oneAhead(failing())) seen.push(each)
  }
  await expect(reading()).rejects.toThrow('cannot be read')
  expect(seen).toEqual([1])
})

test.each([
  ['complete', ['complete']],
  ['not at all where that was stopped on the way', []],
])(
  'a run that has to be completed is given %s, and after an interruption when it goes on',
  async (_, given) => {
    const world = newWorld()
    const all = documents(world, 12)
    const journal = Journal.begun(folder, SAME, 0)
    const named = (run: Run): Run => ({ ...run, name: 'complete' })
    const first = await rehearsed(world, all, journal, undefined, async (run, stop) => {
      stop.abort()
      return given.length > 0 ? named(run) : undefined
    })
    expect(first.isWhole).toBe(false)
    expect(first.pieces.runs.map(({ name }) => name)).toEqual(given)
    await journal.store()
    const again = await rehearsed(world, all, await Journal.found(folder, SAME), undefined, async (run) =>
      named(run),
    )
    expect(again.pieces.runs.map(({ name }) => name)).toEqual(
      Array(
        what((await rehearsed(world, all, undefined)).pieces).filter((piece) => piece.startsWith('sg-'))
          .length,
      ).fill('complete'),
    )
  },
)
