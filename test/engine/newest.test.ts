import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { covers } from '../../src/engine/jobs/evidence.ts'
import { dispositionOf } from '../../src/engine/jobs/newest.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Outcome, Run } from '../../src/run/run.ts'
import { attack, commonPortsOpen, newWorld, sshOpen } from './simulated-world.ts'

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
  const restUntil = new Date(now + DAY).toISOString()
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
    [
      'remediated, but now with an access key: new',
      closed('remediated', { verifiedAt, findings: [probe([22])] }),
      probe([22], { evidence: { groups: ['sg-0web'], ports: [22], accessKeyId: 'a-key' } }),
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
    ['undone and held: held', closed('undone', { restUntil }), later, now, { kind: 'resting' }],
    ['undone, hold over: new', closed('undone', { restUntil }), later, now + DAY, { kind: 'new' }],
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
    const disposition = dispositionOf(newest, [finding], at)

    expect(disposition).toMatchObject(expected)
    expect('silenced' in disposition).toBe('silenced' in expected)
  })

  test('covers what it has seen: each piece of evidence and each resource', () => {
    expect(covers([about], sshOpen(world, 'sg-0web', { id: 'another' }))).toBe(true)
    expect(covers([about], commonPortsOpen(world, 'sg-0web'))).toBe(false)
    expect(covers([about], sshOpen(world, 'sg-0other'))).toBe(false)
    expect(covers([probe([22]), probe([80])], probe([80, 22]))).toBe(true)
    expect(covers([probe([22])], probe([80]))).toBe(false)
    expect(covers([attack(world, ['45.9.148.1'])], attack(world, ['45.9.148.2']))).toBe(false)
  })
})

describe('evidence that a run has not seen is new, of whatever kind', () => {
  const item = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.nat(65_535),
    fc.record({ name: fc.string(), version: fc.string() }),
    fc.record({ address: fc.ipV4(), localPort: fc.nat(65_535) }),
  )
  /** Evidence as sources fill it, today's and those to come. */
  const evidence = fc.record(
    {
      role: fc.constantFrom('TARGET', 'ACTOR'),
      ports: fc.array(fc.nat(65_535)),
      remotes: fc.array(fc.record({ address: fc.ipV4(), localPort: fc.nat(65_535) })),
      groups: fc.array(fc.stringMatching(/^sg-[0-9a-f]{3}$/)),
      ruleName: fc.string(),
      ruleParameters: fc.dictionary(fc.stringMatching(/^blockedPort[1-5]$/), fc.string()),
      packages: fc.array(item),
      principal: fc.string(),
      accessKeyId: fc.string(),
      images: fc.array(item),
      objects: fc.array(item),
      group: fc.string(),
    },
    { requiredKeys: [] },
  )
  const findingOf = (about: object): Finding =>
    sshOpen(world, 'sg-0web', { source: 'guardduty', type: 'Any', evidence: about as Finding['evidence'] })
  const fresh = `new-${'x'.repeat(40)}`

  test('what a finding says is covered by itself and by whatever says more in its lists', () => {
    fc.assert(
      fc.property(evidence, fc.array(item), (said, more) => {
        const list = [...(said.objects ?? []), ...more]
        const wider = findingOf({ ...said, ...(list.length > 0 && { objects: list }) })
        expect(covers([findingOf(said)], findingOf(structuredClone(said)))).toBe(true)
        expect(covers([wider], findingOf(said))).toBe(true)
      }),
    )
  })

  test('one more item in any list, one other value anywhere, is not covered', () => {
    const lists = ['ports', 'remotes', 'groups', 'packages', 'images', 'objects', 'notYetKnown']
    const texts = ['principal', 'accessKeyId', 'group', 'userType', 'notYetKnown']
    fc.assert(
      fc.property(fc.array(evidence, { minLength: 1, maxLength: 3 }), (run) => {
        const known = run.map(findingOf)
        for (const said of run) {
          for (const name of lists) {
            const list = (said as Record<string, unknown[]>)[name] ?? []
            expect(covers(known, findingOf({ ...said, [name]: [...list, fresh] }))).toBe(false)
          }
          for (const name of texts) expect(covers(known, findingOf({ ...said, [name]: fresh }))).toBe(false)
          const ruleParameters = { ...said.ruleParameters, blockedPort1: fresh }
          expect(covers(known, findingOf({ ...said, ruleParameters }))).toBe(false)
        }
      }),
    )
  })

  test('the name of the rule is none: another rule of the same type and parameters asks for the same', () => {
    fc.assert(
      fc.property(evidence, fc.string(), (said, ruleName) => {
        expect(covers([findingOf(said)], findingOf({ ...said, ruleName }))).toBe(true)
      }),
    )
  })

  test.each<[string, Finding['evidence'], Finding['evidence'], Finding['evidence']]>([
    [
      'an address on a port on which only others were seen',
      { remotes: [{ address: '45.9.148.1', localPort: 22 }] },
      { remotes: [{ address: '45.9.148.2', localPort: 443 }] },
      { remotes: [{ address: '45.9.148.1', localPort: 443 }] },
    ],
    [
      'an address that was a victim and now attacks',
      { role: 'ACTOR', remotes: [{ address: '45.9.148.1' }] },
      { role: 'TARGET', remotes: [{ address: '45.9.148.2' }] },
      { role: 'TARGET', remotes: [{ address: '45.9.148.1' }] },
    ],
    [
      'a package that another instance’s principal brought',
      { principal: 'ann', packages: [{ name: 'openssl', manager: 'OS', fixAvailable: 'YES' }] },
      { principal: 'bob', packages: [{ name: 'zlib', manager: 'OS', fixAvailable: 'YES' }] },
      { principal: 'bob', packages: [{ name: 'openssl', manager: 'OS', fixAvailable: 'YES' }] },
    ],
  ])('%s is new', (_, first, second, third) => {
    const known = [findingOf(first), findingOf(second)]
    expect(covers(known, findingOf(second))).toBe(true)
    expect(covers(known, findingOf(third))).toBe(false)
  })
})
