import fc from 'fast-check'
import { type Finding, SEVERITIES } from '../../src/findings/finding.ts'
import type { Json } from '../../src/playbook/json.ts'
import type { CallStep } from '../../src/playbook/step.ts'
import type { ApprovalTerms, Decision, Run, StepResult } from '../../src/run/run.ts'
import { sampleFinding } from './sample-finding.ts'
import { samplePlan, sampleRun, sampleStep } from './sample-run.ts'

/** What whoever can tag a resource would write to be more than text in Slack. */
const HOSTILE = [
  '<!channel>',
  '<!here|here>',
  '<@U0EVIL>',
  '<!subteam^S0EVIL>',
  '<http://evil.example|the newer card>',
  'https://evil.example/x?y=<z>&amp;',
  'evil.example',
  'www.evil.example',
  'mailto:ann@evil.example',
  '@here',
  '@channel ',
  '#general',
  '*bold* ',
  ' _italic_ ',
  '~struck~',
  '`code`',
  '```block```',
  ':rotating_light:',
  '> quoted',
  '&gt; &lt;!here&gt;',
  '\n',
  '\r\n*Approved* by <@U0ANN>',
  '\u202E\u0000\u001b[31m',
  '😀',
  '|',
  'sgr-1 tcp 22 from 0.0.0.0/0 ',
]

const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 12 }))

/** Text as bad as it comes, now and then far too long. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...HOSTILE), fc.integer({ min: 100, max: 900 }))
      .map(([one, times]) => one.repeat(times)),
  },
)

const aName = fc.oneof(fc.constantFrom('sg-0web', 'my_bucket'), hostileText)

const step: fc.Arbitrary<Partial<CallStep>> = fc.record({
  summary: hostileText,
  undo: fc.oneof(
    { weight: 3, arbitrary: fc.constant(sampleStep().undo) },
    { weight: 1, arbitrary: hostileText.map((irreversible) => ({ irreversible })) },
  ),
})

const value: fc.Arbitrary<Json> = fc.oneof(
  hostileText,
  fc.integer(),
  fc.array(hostileText, { maxLength: 3 }),
  fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
)

const plan = fc
  .record({
    steps: fc.oneof(
      { weight: 5, arbitrary: fc.array(step, { minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.array(step, { minLength: 100, maxLength: 300 }) },
    ),
    before: fc.array(value, { maxLength: 4 }),
    after: fc.array(value, { maxLength: 4 }),
    summary: hostileText,
    affected: fc.array(fc.record({ type: hostileText, id: aName, detail: hostileText }), { maxLength: 12 }),
    more: fc.nat(5_000),
    notes: fc.array(hostileText, { maxLength: 5 }),
    warnings: fc.array(hostileText, { maxLength: 12 }),
  })
  .map(({ steps, before, after, summary, affected, more, notes, warnings }) =>
    samplePlan({
      steps: steps.map((one, index) => sampleStep({ ...one, id: `step-${index}` })),
      before,
      after,
      impact: { summary, affected, count: affected.length + more, notes },
      warnings,
    }),
  )

const finding: fc.Arbitrary<Finding> = fc
  .record({
    id: hostileText,
    title: hostileText,
    type: hostileText,
    severity: fc.constantFrom(...SEVERITIES),
  })
  .map((own) => sampleFinding({ ...own, version: '1' }))

const APPROVERS = [
  'U0ANN',
  'U0BOB',
  'W0CEM',
  'S0ONCALL',
  'arn:aws:iam::*:role/Oncall',
  'arn:aws:iam::*:user/`*x*`',
]
const approvers = fc.uniqueArray(fc.constantFrom(...APPROVERS), { minLength: 1 })

const terms: fc.Arbitrary<ApprovalTerms> = fc
  .record(
    {
      approvers,
      quorum: fc.integer({ min: 1, max: 3 }),
      escalate: fc.array(
        approvers.map((who) => ({ after: 'PT1H', approvers: who })),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['quorum'] },
  )
  .map((own) => ({ expiresAfter: 'PT24H', onExpiry: 'decline', channel: 'C0OPS', ...own }))

const WHO = ['slack:T0ACME:U0ANN', 'slack:T0ACME:U0BOB', 'arn:aws:iam::123456789012:user/cem']
const decision = fc.record({
  verdict: fc.constantFrom<Decision['verdict']>('approve', 'approve', 'approve', 'decline', 'exempt'),
  by: fc.constantFrom(...WHO),
  reason: fc.option(hostileText, { nil: undefined }),
  isOld: fc.boolean(),
})

const outcomes = fc.constantFrom<Run['outcome']>(
  ...([
    'remediated',
    'alreadyCompliant',
    'resourceGone',
    'notApplicable',
    'planned',
    'rehearsed',
    'notified',
  ] as const),
  ...([
    'off',
    'exempted',
    'blocked',
    'declined',
    'expired',
    'unverified',
    'failed',
    'rolledBack',
    'undone',
  ] as const),
)
const where: fc.Arbitrary<Partial<Run>> = fc.oneof(
  fc.constant<Partial<Run>>({ state: 'waiting', waitingFor: 'approval', outcome: null }),
  fc.constantFrom<Partial<Run>>(
    { state: 'waiting', waitingFor: 'lock', outcome: null },
    { state: 'waiting', waitingFor: 'settling', outcome: null },
    { state: 'open', outcome: null },
    { state: 'closed', outcome: null },
    { state: 'parked' as Run['state'], outcome: null },
  ),
  outcomes.map((outcome): Partial<Run> => ({ state: 'closed', outcome })),
)

const result: fc.Arbitrary<Omit<StepResult, 'step'>> = fc.record(
  {
    status: fc.constantFrom<StepResult['status']>('applied', 'alreadyDone', 'failed', 'undone'),
    knownBy: hostileText,
    error: fc.record({ name: hostileText, code: hostileText, message: hostileText }),
  },
  { requiredKeys: ['status'] },
)

const ulid = fc
  .string({ unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), minLength: 24, maxLength: 24 })
  .map((rest) => `01${rest}`)

/** When cards are looked at in tests. */
export const NOW = Date.parse('2026-11-20T10:00:00.000Z')

/** A stored run in any state, with everything in it from outside hostile. */
export const arbitraryRun: fc.Arbitrary<Run> = fc
  .record({
    id: ulid,
    where,
    plan: fc.option(plan, { nil: null, freq: 8 }),
    findings: fc.array(finding, { maxLength: 5 }),
    name: aName,
    reason: hostileText,
    approval: fc.option(terms, { nil: undefined, freq: 5 }),
    decisions: fc.array(decision, { maxLength: 4 }),
    results: fc.array(result, { maxLength: 12 }),
    isChanged: fc.boolean(),
    level: fc.nat(3),
    until: fc.constantFrom('2026-11-21T09:00:00.000Z', '2026-11-20T09:30:00.000Z', undefined, 'soon'),
    more: fc.record(
      {
        undoOf: fc.constant('01K0000000000000000000000A'),
        undoneBy: fc.constant('01K0000000000000000000000B'),
        requestedBy: fc.constantFrom(...WHO),
        ruling: fc.record({ mode: fc.constant('approve' as const), reason: hostileText }),
        warnings: fc.array(hostileText, { maxLength: 4 }),
        verifiedAt: fc.constantFrom('2026-11-20T09:00:02.000Z', 'never'),
        endedAt: fc.constant('2026-11-20T09:00:03.000Z'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(
    ({ id, where, plan, name, isChanged, decisions, results, approval, level, until, more, ...own }): Run => {
      const { verifiedAt: _, changedAt, endedAt: __, ...blank } = sampleRun()
      return {
        ...blank,
        ...own,
        ...where,
        ...more,
        id,
        plan,
        target: { ...blank.target, id: name },
        round: 1,
        asked: { at: '2026-11-20T09:00:00.000Z', level },
        decisions: decisions.map(({ isOld, reason, ...made }) => ({
          ...made,
          at: '2026-11-20T09:10:00.000Z',
          hash: plan?.hash ?? '',
          round: isOld ? 0 : 1,
          ...(reason !== undefined && { reason }),
        })),
        results: results.map((one, index) => ({ step: `step-${index}`, ...one })),
        ...(approval && { approval }),
        ...(until !== undefined && { waitingUntil: until }),
        ...(isChanged && changedAt !== undefined && { changedAt }),
      }
    },
  )
