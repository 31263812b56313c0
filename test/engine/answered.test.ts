import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { isAnswered, unanswered } from '../../src/engine/asking/answered.ts'
import { jobsFor } from '../../src/engine/jobs/jobs.ts'
import { configRules } from '../../src/engine/jobs/rule-facts.ts'
import type { EnginePorts, Progress } from '../../src/engine/ports.ts'
import { stay } from '../../src/engine/waits/stay.ts'
import type { Run } from '../../src/run/run.ts'
import { memoryOwners } from '../../src/store/memory.ts'
import { aRun } from '../store/example-commits.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { AUTO, calendarsOf, newWorld, publicSnapshots, sshOpen, start } from './simulated-world.ts'

const DAY = 24 * 3_600_000
const ENDED = '2026-11-20T09:00:00.000Z'
const earlier = (ms: number) => new Date(Date.parse(ENDED) - ms).toISOString()
const later = (ms: number) => Date.parse(ENDED) + ms

const seen = sampleFinding({ observedAt: earlier(60_000), evidence: { ports: [22] } })
/** The detector looked once more and says the same. */
const again = { ...seen, observedAt: earlier(-DAY), version: `${earlier(-DAY)}#0000` }
const more = { ...again, evidence: { ports: [22, 3389] } }

const closed = (outcome: Run['outcome'], of: Partial<Run> = {}): Run =>
  aRun('run-1', { state: 'closed', outcome, findings: [seen], endedAt: ENDED, verifiedAt: ENDED, ...of })
const waiting = aRun('run-1', { state: 'waiting', waitingFor: 'approval', findings: [seen] })
const rests = { restUntil: earlier(-7 * DAY) }

describe('what a detector says is still open', () => {
  const rows: [what: string, newest: Run | undefined, finding: typeof seen, at: number, answered: boolean][] =
    [
      ['and no run is about', undefined, seen, later(DAY), false],
      ['is in the hands of a run that waits', waiting, again, later(DAY), true],
      ['has got worse since a run waits', waiting, more, later(DAY), false],
      ['was put right after the detector looked', closed('remediated'), seen, later(DAY), true],
      ['was right after the detector looked', closed('alreadyCompliant'), seen, later(DAY), true],
      ['was put right before the detector looked again', closed('remediated'), again, later(DAY), false],
      ['failed, and is as it was', closed('failed'), again, later(DAY), true],
      ['was blocked, and is as it was', closed('blocked'), again, later(DAY), true],
      ['was rehearsed, and is as it was', closed('rehearsed'), again, later(DAY), true],
      ['was told, and is as it was', closed('notified'), again, later(DAY), true],
      ['failed, and has got worse', closed('failed'), more, later(DAY), false],
      ['failed a week ago', closed('failed'), again, later(7 * DAY), false],
      ['was declined, and is as it was', closed('declined'), again, later(DAY), true],
      ['was undone, and rests', closed('undone', rests), again, later(DAY), true],
      ['was undone, and rests no longer', closed('undone', rests), more, later(8 * DAY), false],
    ]

  test.each(rows)('%s', (_, newest, finding, at, answered) => {
    expect(isAnswered(newest, [finding], at, false)).toBe(answered)
  })

  test('and ended otherwise than well under another policy is tried under the new one', () => {
    expect(isAnswered(closed('rehearsed'), [again], later(DAY), true)).toBe(false)
    expect(isAnswered(closed('blocked'), [again], later(DAY), true)).toBe(false)
    // A person's word stands, and so does what is right.
    expect(isAnswered(closed('declined', { plan: aPlan }), [again], later(DAY), true)).toBe(true)
    expect(isAnswered(closed('remediated'), [seen], later(DAY), true)).toBe(true)
    expect(isAnswered(waiting, [again], later(DAY), true)).toBe(true)
  })

  test('by one of several findings only is not answered', () => {
    expect(isAnswered(closed('failed'), [again, more], later(DAY), false)).toBe(false)
  })
})

const aPlan = { hash: 'sha256:1' } as Run['plan']

describe('of jobs', () => {
  const portsOf = (world: ReturnType<typeof newWorld>, progress: Progress[] = []): EnginePorts => ({
    ...world,
    playbooks,
    configRules: configRules(world.aws, world.clock),
    calendars: calendarsOf(world),
    owners: memoryOwners('me', world.living),
    policyAt: async () => world.policy,
    patienceSeconds: 60,
    waits: stay(async () => ({ kind: 'leave' })),
    progress: (event) => void progress.push(event),
  })

  test('those are handed on that no run answers', async () => {
    const world = newWorld(AUTO)
    for (const id of ['sg-1', 'sg-2']) world.aws.groups.add(id, [{ from: 22, cidr: '0.0.0.0/0' }])
    const [done, missed] = [sshOpen(world, 'sg-1'), sshOpen(world, 'sg-2')]
    await start(world).engine.handle([done], 'apply')
    const ports = portsOf(world)
    const { jobs } = await jobsFor(ports, [done, missed], 'apply', {})
    expect(jobs).toHaveLength(2)
    expect((await unanswered(ports, jobs, false)).map(({ target }) => target.id)).toEqual(['sg-2'])
  })

  test('nothing left to do needs no run that says so, and what could not be read is told', async () => {
    const world = newWorld(AUTO)
    const told: Progress[] = []
    const ports = portsOf(world, told)
    const nothing = await jobsFor(ports, [publicSnapshots(world)], 'apply', {})
    expect(nothing.jobs).toMatchObject([{ ending: { outcome: 'alreadyCompliant' } }])
    expect(await unanswered(ports, nothing.jobs, false)).toEqual([])
    expect(told).toEqual([])

    world.aws.fault({ on: 'ec2:DescribeSnapshots', kind: 'deny' })
    world.aws.restart()
    const denied = await jobsFor(ports, [publicSnapshots(world)], 'apply', {})
    expect(denied.jobs).toMatchObject([{ ending: { outcome: 'failed' } }])
    expect(await unanswered(ports, denied.jobs, false)).toEqual([])
    expect(told).toMatchObject([
      { kind: 'warning', message: expect.stringContaining('ec2:DescribeSnapshots') },
    ])
  })
})
