import { describe, expect, test } from '@jest/globals'
import { type ExitStatus, exitStatus } from '../../src/cli/program/exit-status.ts'
import type { RejectionCode } from '../../src/findings/finding.ts'
import type { Outcome, Run } from '../../src/run/run.ts'

const ended = (outcome: Outcome | null, state: Run['state'] = 'closed') => ({ outcome, state })
const rejected = (...codes: RejectionCode[]) => codes.map((code) => ({ code }))

const ALL = ['triage', 'plan', 'rehearse', 'apply', 'runs', 'approve', 'decline', 'undo', 'sweep']
const ACTING = ['apply', 'approve', 'decline', 'undo', 'sweep']

describe('the exit status', () => {
  test.each(ALL)('of %s without anything to tell is 0', (command) => {
    expect(exitStatus(command, { runs: [], rejected: [] })).toBe(0)
  })

  for (const outcome of ['failed', 'unverified', 'rolledBack'] as const) {
    test.each(ALL.filter((command) => command !== 'runs'))(
      `of %s with a run that ended ${outcome} is 1`,
      (command) => {
        expect(exitStatus(command, { runs: [ended('remediated'), ended(outcome)], rejected: [] })).toBe(1)
      },
    )
  }

  for (const outcome of ['blocked', 'declined', 'expired'] as const) {
    test.each(ACTING)(
      `of %s with a run that ended ${outcome} is 3, but a decline that stands is 0`,
      (command) => {
        const asked = command === 'decline' && outcome === 'declined'
        expect(exitStatus(command, { runs: [ended(outcome)], rejected: [] })).toBe(asked ? 0 : 3)
      },
    )
    test.each(['plan', 'rehearse', 'runs'])(`of %s with a run that ended ${outcome} is 0`, (command) => {
      expect(exitStatus(command, { runs: [ended(outcome)], rejected: [] })).toBe(0)
    })
  }

  test.each(ACTING)('of %s with a run that waits is 3', (command) => {
    expect(exitStatus(command, { runs: [ended(null, 'waiting')], rejected: [] })).toBe(3)
  })

  test('of a sweep with a detector that could not be asked is 2, unless something went wrong', () => {
    expect(exitStatus('sweep', { runs: [ended('blocked')], rejected: [], unread: 1 })).toBe(2)
    expect(exitStatus('sweep', { runs: [ended('failed')], rejected: [], unread: 1 })).toBe(1)
    expect(exitStatus('sweep', { runs: [], rejected: [], unread: 0 })).toBe(0)
  })

  test('of apply with a run that another process still drives is 3', () => {
    expect(exitStatus('apply', { runs: [ended(null, 'open')], rejected: [] })).toBe(3)
  })

  test.each<Outcome>([
    'remediated',
    'alreadyCompliant',
    'resourceGone',
    'notApplicable',
    'planned',
    'rehearsed',
    'notified',
    'off',
    'exempted',
    'undone',
  ])('of apply with a run that ended %s is 0: the policy wanted it so', (outcome) => {
    expect(exitStatus('apply', { runs: [ended(outcome)], rejected: [] })).toBe(0)
  })

  test.each<RejectionCode>(['notJson', 'unknownShape', 'missingField', 'tooLarge'])(
    'with an event that is %s is 2, though the readable ones were done',
    (code) => {
      expect(exitStatus('apply', { runs: [ended('remediated')], rejected: rejected(code) })).toBe(2)
      expect(exitStatus('triage', { runs: [], rejected: rejected(code) })).toBe(2)
    },
  )

  test('does not mind events of a source without a parser', () => {
    expect(exitStatus('apply', { runs: [], rejected: rejected('unsupportedSource') })).toBe(0)
  })

  test.each<[string, Parameters<typeof exitStatus>[1], ExitStatus]>([
    ['a failure before an unreadable event', { runs: [ended('failed')], rejected: rejected('notJson') }, 1],
    [
      'an unreadable event before a run that is held',
      { runs: [ended('blocked')], rejected: rejected('notJson') },
      2,
    ],
    [
      'a failure before a run that waits',
      { runs: [ended(null, 'waiting'), ended('failed')], rejected: [] },
      1,
    ],
  ])('puts %s', (_, report, status) => {
    expect(exitStatus('apply', report)).toBe(status)
  })

  test('of runs is 0 whatever it lists', () => {
    expect(exitStatus('runs', { runs: [ended('failed'), ended(null, 'waiting')], rejected: [] })).toBe(0)
  })
})
