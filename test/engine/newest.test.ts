import { describe, expect, test } from '@jest/globals'
import { covers, dispose } from '../../src/engine/newest.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Outcome, Run } from '../../src/store/run.ts'
import { attack, commonPortsOpen, newWorld, sshOpen } from './world.ts'

const DAY = 86_400_000
const world = newWorld()
const about = sshOpen(world, 'sg-0web')
const probe = (ports: number[], more: Partial<Finding> = {}) =>
  sshOpen(world, 'sg-0web', { source: 'guardduty', evidence: { groups: ['sg-0web'], ports }, ...more })

/** A closed run as far as the table looks at it; it ended, verified, one minute after the finding. */
function closed(outcome: Outcome, more: Partial<Run> = {}): Run {
  const at = new Date(world.clock.now() + 60_000).toISOString()
  const run = {
    id: 'run-1',
    state: 'closed',
    outcome,
    findings: [about],
    startedAt: at,
    endedAt: at,
    ...more,
  }
  return run as Run
}

describe('the table of a finding for a key that has a run', () => {
  const now = world.clock.now() + 120_000
  const later = sshOpen(world, 'sg-0web', { observedAt: new Date(now).toISOString() })
  const verifiedAt = new Date(world.clock.now() + 60_000).toISOString()
  const hash = 'sha256:1'
  const plan = { hash } as Run['plan']
  const holdUntil = new Date(now + DAY).toISOString()
  const rows: [string, Run | undefined, Finding, number, object][] = [
    ['there is none: new', undefined, about, now, { kind: 'new' }],
    ['it is open: attaches', closed('failed', { state: 'open' }), later, now, { kind: 'attach' }],
    ['it waits: attaches', closed('failed', { state: 'waiting' }), later, now, { kind: 'attach' }],
    ['remediated since: covered', closed('remediated', { verifiedAt }), about, now, { kind: 'covered' }],
    [
      'found right since: covered',
      closed('alreadyCompliant', { verifiedAt }),
      about,
      now,
      { kind: 'covered' },
    ],
    [
      'remediated, but observed later: new',
      closed('remediated', { verifiedAt }),
      later,
      now,
      { kind: 'new' },
    ],
    [
      'remediated, but for another port: new',
      closed('remediated', { verifiedAt, findings: [probe([22])] }),
      probe([22, 80]),
      now,
      { kind: 'new' },
    ],
    ['remediated without a proof: new', closed('remediated'), about, now, { kind: 'new' }],
    [
      'declined: silent for its hash',
      closed('declined', { plan }),
      later,
      now,
      { kind: 'new', silenced: { hash } },
    ],
    [
      'expired: silent for its hash',
      closed('expired', { plan }),
      later,
      now,
      { kind: 'new', silenced: { hash } },
    ],
    ['declined 7 days ago: new', closed('declined', { plan }), later, now + 7 * DAY, { kind: 'new' }],
    ['undone and held: held', closed('undone', { holdUntil }), later, now, { kind: 'held' }],
    ['undone, hold over: new', closed('undone', { holdUntil }), later, now + DAY, { kind: 'new' }],
    ['undone by expiry, never held: new', closed('undone'), later, now, { kind: 'new' }],
    ...(['failed', 'unverified', 'blocked', 'rolledBack', 'notApplicable', 'resourceGone'] as const).map(
      (outcome): [string, Run, Finding, number, object] => [
        `${outcome}: new`,
        closed(outcome),
        about,
        now,
        { kind: 'new' },
      ],
    ),
  ]
  test.each(rows)('%s', (_, newest, finding, at, expected) => {
    const disposition = dispose(newest, [finding], at)

    expect(disposition).toMatchObject(expected)
    expect('silenced' in disposition).toBe('silenced' in expected)
  })

  test('covers what it has seen: each port, address and resource', () => {
    expect(covers([about], sshOpen(world, 'sg-0web', { id: 'another' }))).toBe(true)
    expect(covers([about], commonPortsOpen(world, 'sg-0web'))).toBe(false)
    expect(covers([about], sshOpen(world, 'sg-0other'))).toBe(false)
    expect(covers([probe([22]), probe([80])], probe([80, 22]))).toBe(true)
    expect(covers([probe([22])], probe([80]))).toBe(false)
    expect(covers([attack(world, ['45.9.148.1'])], attack(world, ['45.9.148.2']))).toBe(false)
  })
})
