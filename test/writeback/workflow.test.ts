import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { noteBeside, noteOf, runNoted } from '../../src/writeback/note.ts'
import type { Meaning, Word } from '../../src/writeback/run-words.ts'
import { type Live, type Stage, updateOf } from '../../src/writeback/workflow.ts'
import { RUN } from './told-runs.ts'

const EARLIER = '01K00000000000000000000000'
const LATER = '01K00000000000000000000002'
const word = (meaning: Meaning, more: Partial<Word> = {}): Word => ({
  to: 'securityhub',
  meaning,
  findings: [],
  run: RUN,
  text: `${meaning}: because`,
  asOf: '2026-11-20T09:00:00.000Z',
  ...more,
})
const live = (stage: Stage, more: Partial<Live> = {}): Live => ({
  stage,
  archived: false,
  passed: false,
  updatedAt: '2026-11-20T08:00:00.000Z',
  ...more,
})
const ours = (run: string) => ({ note: { text: `Rectify run ${run}: remediated: so`, by: 'Rectify' } })
const note = expect.stringContaining(`Rectify run ${RUN}: `)

describe('a finding in Security Hub becomes', () => {
  test.each<[Meaning, Stage, Partial<Live>, unknown]>([
    ['solved', 'NEW', {}, { stage: 'RESOLVED', note }],
    ['solved', 'NOTIFIED', {}, { stage: 'RESOLVED', note }],
    ['solved', 'RESOLVED', {}, { note }],
    ['solved', 'SUPPRESSED', {}, { left: 'SUPPRESSED stands' }],
    ['solved', 'NEW', ours(EARLIER), { stage: 'RESOLVED', note }],
    [
      'solved',
      'NEW',
      { updatedAt: '2026-11-20T09:30:00.000Z' },
      { left: 'it was seen again at 2026-11-20T09:30:00.000Z' },
    ],
    ['solved', 'RESOLVED', { updatedAt: '2026-11-20T09:30:00.000Z', passed: true }, { note }],
    ['unsolved', 'NEW', {}, { stage: 'NOTIFIED', note }],
    ['unsolved', 'NOTIFIED', {}, { note }],
    ['unsolved', 'RESOLVED', {}, { left: 'RESOLVED stands' }],
    ['unsolved', 'SUPPRESSED', {}, { left: 'SUPPRESSED stands' }],
    ['left', 'NEW', {}, { note }],
    ['left', 'NOTIFIED', {}, { note }],
    ['left', 'RESOLVED', {}, { left: 'RESOLVED stands' }],
    ['reopened', 'RESOLVED', ours(EARLIER), { stage: 'NEW', note }],
    ['reopened', 'RESOLVED', {}, { left: 'no run had spoken of it' }],
    ['reopened', 'NOTIFIED', ours(EARLIER), { note }],
    ['reopened', 'SUPPRESSED', ours(EARLIER), { left: 'SUPPRESSED stands' }],
    ['solved', 'NEW', { archived: true }, { left: 'it is archived there' }],
    ['solved', 'RESOLVED', ours(RUN), { left: 'it says so already' }],
    ['solved', 'NOTIFIED', ours(LATER), { left: `the later run ${LATER} has spoken` }],
  ])('%s, %s there %j: %j', (meaning, stage, more, update) => {
    expect(updateOf(word(meaning), live(stage, more))).toEqual(update)
  })

  test('what a person noted stays beside ours, and where there is no room for both it stays alone', () => {
    const by = { text: 'ask Ann before you touch it', by: 'bob' }
    const beside = {
      note: expect.stringMatching(/^Rectify run .* \| before by bob: ask Ann before you touch it$/),
    }
    expect(updateOf(word('solved'), live('NEW', { note: by }))).toMatchObject(beside)
    const long = live('NEW', { note: { text: 'a'.repeat(500), by: 'bob' } })
    expect(updateOf(word('solved'), long)).toEqual({ stage: 'RESOLVED' })
    // An open finding with another's note would be taken for news, and start a run, and so on.
    expect(updateOf(word('unsolved'), long)).toEqual({ left: 'the note of a person stands' })
    expect(updateOf(word('left'), long)).toEqual({ left: 'the note of a person stands' })
  })

  test('never less open than a person left it, nor open again, whatever was there', () => {
    const stages = fc.constantFrom<Stage>('NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED')
    const meanings = fc.constantFrom<Meaning>('solved', 'unsolved', 'left', 'reopened')
    const notes = fc.option(fc.constantFrom(ours(EARLIER).note, { text: 'x', by: 'bob' }), { nil: undefined })
    fc.assert(
      fc.property(stages, meanings, notes, (stage, meaning, there) => {
        const update = updateOf(word(meaning), live(stage, there && { note: there }))
        if ('left' in update || update.stage === undefined) return
        expect(stage).not.toBe('SUPPRESSED')
        if (update.stage === 'NEW') expect([stage, there?.by]).toEqual(['RESOLVED', 'Rectify'])
        if (update.stage === 'NOTIFIED') expect(stage).toBe('NEW')
      }),
    )
  })
})

describe('a note', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 900 })

  test('takes what Security Hub takes, names its run first, and is on one line', () => {
    fc.assert(
      fc.property(texts, texts, (text, theirs) => {
        const own = noteOf({ run: RUN, text })
        const beside = noteBeside({ run: RUN, text }, theirs, 'bob')
        for (const each of [own, ...(beside === undefined ? [] : [beside])]) {
          expect([...each].length).toBeLessThanOrEqual(512)
          expect(runNoted(each)).toBe(RUN)
        }
        expect(own).not.toMatch(/\n/)
        if (beside !== undefined) expect(beside.endsWith(theirs)).toBe(true)
      }),
    )
  })

  test('of a person names no run', () => {
    expect(runNoted('run 1 failed')).toBeUndefined()
    expect(runNoted(undefined)).toBeUndefined()
  })
})
