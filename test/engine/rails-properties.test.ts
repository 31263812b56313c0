import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RunStore } from '../../src/run/store.ts'
import { AUTO, newWorld, policyOf, sshOpen, start, type World } from './simulated-world.ts'

/** Whatever the policy says and whatever was found: a guard rail more never leads to a change more. */

const [FIRST, SECOND, ...OTHERS] = ['a', 'b', 'c', 'd'].map((letter) => `sg-0${letter.repeat(16)}`)
const GROUPS = [FIRST!, SECOND!, ...OTHERS]
const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

/** Rules of which the first may ask for a tag; at most the last decides for all. */
const anyRulesText = fc
  .array(
    fc.record({
      when: fc.constantFrom(
        '',
        'tags: { env: prod }',
        'severity: HIGH',
        'severity: { atLeast: HIGH }',
        'resource: "sg-0a*"',
      ),
      mode: fc.constantFrom('auto', 'auto', 'approve', 'rehearse', 'notify', 'off'),
    }),
    { maxLength: 3 },
  )
  .map((rules) =>
    rules.length === 0
      ? AUTO
      : `version: 1\nrules:\n${rules
          .map(({ when, mode }) => `  - { ${when && `when: { ${when} }, `}mode: ${mode} }\n`)
          .join('')}`,
  )

const anyGroup = fc.record({
  severity: fc.constantFrom(...SEVERITIES),
  env: fc.constantFrom('prod', 'test', undefined),
})
const anyGroups = fc.array(anyGroup, { minLength: GROUPS.length, maxLength: GROUPS.length })

/** What stands in the way besides the rules: a section of the file, or what was said at run time. */
interface Rail {
  text?: string
  say?(world: World): Promise<void>
}
const about = fc.constantFrom(FIRST!, SECOND!, 'sg-0*')
const anyRail: fc.Arbitrary<Rail> = fc.oneof(
  about.map((resource) => ({
    text: `exemptions:\n  - { resource: "${resource}", owner: ann, reason: test, until: 2027-01-31 }\n`,
  })),
  about.map((resource) => ({ text: `never: { resources: ["${resource}"] }\n` })),
  fc.constantFrom('', ', except: { severity: { atLeast: HIGH } }').map((except) => ({
    text: `freezes:\n  - { name: now, from: 2026-01-01T00:00, to: 2027-01-01T00:00, zone: Europe/Berlin${except} }\n`,
  })),
  fc.nat(5).map((most) => ({ text: `limits: { changesPerHour: ${most + 1}, atOnce: 2 }\n` })),
  fc.nat(2).map((most) => ({ text: `limits: { changesPerAccountPerHour: ${most + 1} }\n` })),
  fc
    .constantFrom('all', 'playbook:ec2-close-open-ingress', 'account:123456789012', 'account:999999999999')
    .map((scope) => ({ say: (world: World) => world.store.setControlOf(scope, { paused: true }) })),
  fc.constantFrom(FIRST!, SECOND!).map((id) => ({
    say: (world: World) =>
      world.store.putExemption({
        id: '01EXEMPT',
        resource: `arn:aws:ec2:eu-west-1:${world.aws.account}:security-group/${id}`,
        owner: 'ann',
        reason: 'test',
        until: '2027-01-31T00:00:00.000Z',
        by: 'ann',
        at: world.clock.iso(),
        origin: 'command',
      }),
  })),
)

type Groups = { severity: (typeof SEVERITIES)[number]; env: string | undefined }[]

/** The groups that are changed under a policy. */
async function changed(
  text: string,
  groups: Groups,
  say?: Rail['say'],
  store?: Partial<RunStore>,
): Promise<Set<unknown>> {
  const world = newWorld(text)
  await say?.(world)
  for (const [n, id] of GROUPS.entries()) {
    const { env } = groups[n]!
    world.aws.groups.add(id, [{ id: `sgr-0${n}`, from: 22, cidr: '0.0.0.0/0' }], { tags: env ? { env } : {} })
  }
  const { engine } = start(world, store ? { store: { ...world.store, ...store } } : {})
  const findings = GROUPS.map((id, n) => sshOpen(world, id, { severity: groups[n]!.severity }))
  // What cannot be counted stops the process: its messages come again.
  await engine.handle(findings, 'apply').catch((error: Error) => {
    if (!error.message.includes('cannot be read')) throw error
  })
  return new Set(world.aws.changes().map(({ input }) => input.GroupId))
}

describe('a guard rail', () => {
  test('that is added never leads to a change more', async () => {
    await fc.assert(
      fc.asyncProperty(anyRulesText, anyGroups, anyRail, async (rules, groups, { text = '', say }) => {
        const before = await changed(rules, groups)
        const after = await changed(rules + text, groups, say)
        expect([...after].filter((group) => !before.has(group))).toEqual([])
      }),
      { numRuns: 120 },
    )
  })

  const unreadable = (): Promise<never> => Promise.reject(new Error('the table cannot be read'))
  test.each(['controls', 'exemptionsOf', 'takeToken', 'lock'] as const)(
    'that cannot be read (%s) leads to none',
    async (operation) => {
      const limited = fc.constantFrom('limits: { changesPerHour: 100 }\n')
      await fc.assert(
        fc.asyncProperty(anyRulesText, anyGroups, limited, async (rules, groups, text) => {
          expect([...(await changed(rules + text, groups, undefined, { [operation]: unreadable }))]).toEqual(
            [],
          )
        }),
        { numRuns: 15 },
      )
    },
  )
})

test('what is checked here is a policy, with and without its rails', () => {
  expect(() => policyOf(`${AUTO}limits: { changesPerHour: 1, atOnce: 2 }\n`)).not.toThrow()
})
