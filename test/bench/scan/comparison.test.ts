import { describe, expect, test } from '@jest/globals'
import {
  type Checked,
  compare,
  type Scan,
  type ScanRun,
  shortfalls,
  type Work,
} from '../../../bench/scan/comparison.ts'
import { tellComparison } from '../../../bench/scan/tell-comparison.ts'

const checked = (id: string): [string, Checked] => {
  const [check = id, resource = id] = id.split('@')
  return [id, { check, resource }]
}
const named = (ids: string) => new Map(ids.split(' ').flatMap((id) => (id ? [checked(id)] : [])))
const scanned = (failed: string, passed: string): Scan => ({ failed: named(failed), passed: named(passed) })
const run = (more: Partial<ScanRun>): ScanRun => ({
  ...{ run: 'r', playbook: 'close', outcome: 'remediated', reason: 'proven', findings: [], undoOf: null },
  ...more,
})

const SCANS = {
  before: scanned('a b c d f', 'e'),
  after: scanned('b c', 'a e f'),
  undone: scanned('a b c d f', 'e'),
}
const WORK: Work = {
  runs: [
    run({ findings: ['a'] }),
    run({ playbook: 'rotate', outcome: 'notApplicable', reason: 'no function', findings: ['b'] }),
  ],
  ignored: [{ finding: 'c', reason: 'no playbook answers prowler c' }],
  undos: [run({ outcome: 'undone', undoOf: 'r' })],
}
const NOTHING_NEW = {
  renamed: [],
  falsely: [],
  newly: [],
  contradicting: [],
  firstSeen: [],
  notBack: [],
  worse: [],
}

describe('three scans of one account', () => {
  test('say what is closed, what is open and why, and of what nothing is said any more', () => {
    expect(compare(SCANS, WORK, new Map())).toEqual({
      ...{ closed: ['a'], alsoClosed: ['f'], unsaid: ['d'], ...NOTHING_NEW },
      open: new Map([
        ['rotate notApplicable: no function', ['b']],
        ['no playbook answers (docs/coverage.md says why)', ['c']],
      ]),
    })
    expect(shortfalls(compare(SCANS, WORK, new Map()), WORK, 1)).toEqual([])
  })

  test.each<[outcome: string, why: string]>([
    ['failed', 'the emulator cannot: it forgets the function'],
    ['notApplicable', 'notApplicable: no function'],
  ])('say of what the emulator cannot keep that it is not closed, and why: %s', (outcome, why) => {
    const [, rotate] = WORK.runs
    const done = { ...WORK, runs: [WORK.runs[0]!, { ...rotate!, outcome }] }
    const { open, closed } = compare(SCANS, done, new Map([['rotate', 'it forgets the function']]))
    expect(open.get(`rotate ${why}`)).toEqual(['b'])
    expect(closed).toEqual(['a'])
  })

  const AMISS: [what: string, scans: Partial<typeof SCANS>, work: Partial<Work>, atLeast?: number][] = [
    ['1 are closed, which is less than 2', {}, {}, 2],
    ['1 told as remediated, and fail still', {}, { runs: [run({ findings: ['a', 'b'] })] }],
    ['1 fail now, and passed before', { after: scanned('b c e', 'a f') }, {}],
    ['1 undos did not end undone', {}, { undos: [run({ outcome: 'blocked' })] }],
    ['1 failed before, and do not after the undo', { undone: scanned('a b c f', 'd e') }, {}],
    ['1 fail after the undo, and passed before', { undone: scanned('a b c d f e', '') }, {}],
  ]
  test.each(AMISS)('are not as they should be: %s', (what, scans, work, atLeast = 1) => {
    const done = { ...WORK, ...work }
    const seen = { ...SCANS, ...scans }
    const comparison = compare(seen, done, new Map())
    expect(shortfalls(comparison, done, atLeast)).toEqual([what])
    expect(tellComparison(seen, done, comparison)).toMatch(/^\| findings +\| n/)
  })

  test('do not take for worse what the scanner had not looked at', () => {
    const seen = { ...SCANS, after: scanned('b c new', 'a e f') }
    const comparison = compare(seen, WORK, new Map())
    expect(comparison).toMatchObject({ newly: [], firstSeen: ['new'] })
    expect(tellComparison(seen, WORK, comparison)).toContain('not looked at before:\n  new new\n')
  })

  test('say of a finding that named no resource that it is put right where one passes that there is now', () => {
    const seen = (after: string, failed = '') => ({
      before: scanned('on@unknown on@gone', 'on@other'),
      after: scanned(failed, after),
      undone: scanned('on@unknown on@gone', 'on@other'),
    })
    const done: Work = { ...WORK, runs: [run({ findings: ['on@unknown'] })] }
    const said = (scans: typeof SCANS) => compare(scans, done, new Map())
    expect(said(seen('on@other on@made'))).toMatchObject({ renamed: ['on@unknown'], unsaid: ['on@gone'] })
    expect(said(seen('on@other'))).toMatchObject({ renamed: [], unsaid: ['on@unknown', 'on@gone'] })
    expect(said(seen('on@made', 'on@made2'))).toMatchObject({ renamed: [] })
  })

  test('tell apart what passed only because another check failed on the same resource', () => {
    const [doomed, used] = ['kms_cmk_not_deleted_unintentionally', 'kms_cmk_are_used']
    const seen = (key: string) => ({
      before: scanned(`${doomed}@a`, `${used}@${key}`),
      after: scanned(`${used}@${key}`, ''),
      undone: scanned(`${doomed}@a`, `${used}@${key}`),
    })
    expect(compare(seen('a'), WORK, new Map())).toMatchObject({ newly: [], contradicting: [`${used}@a`] })
    expect(compare(seen('b'), WORK, new Map())).toMatchObject({ newly: [`${used}@b`], contradicting: [] })
  })
})
