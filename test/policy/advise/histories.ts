import fc from 'fast-check'
import { offered } from '../../../playbooks/offered.ts'
import type { Mode, Tags } from '../../../src/playbook/playbook.ts'
import { decide } from '../../../src/policy/decide.ts'
import { checkedPolicy } from '../../../src/policy/file/load.ts'
import type { PolicyFromFile, Subject } from '../../../src/policy/rules.ts'
import { contentHash } from '../../../src/policy/versions/policy-version.ts'
import type { Outcome, Run, StepResult } from '../../../src/run/run.ts'
import { sampleFinding } from '../../support/sample-finding.ts'
import { samplePlan, sampleRun, sampleStep } from '../../support/sample-run.ts'

/** Policies and runs of few words, so that much of the one is about the other. */

export const NOW = Date.parse('2026-11-30T12:00:00.000Z')
export const FILE = '/work/rectify.yaml'
export const PLAYBOOKS = ['ec2-close-open-ingress', 'ec2-unshare-public-snapshot'] as const
export const ACCOUNTS = ['111122223333', '444455556666'] as const
const DAY = 86_400_000

/** A policy by its text, as the command line loads it. */
export async function policyOf(text: string): Promise<PolicyFromFile> {
  const policy = await checkedPolicy(text, FILE, offered.playbooks)
  return { ...policy, version: { sha256: contentHash(text) } }
}

const conditions = fc.constantFrom(
  '',
  ...PLAYBOOKS.map((id) => `playbook: ${id}`),
  'playbook: "ec2-*"',
  `playbook: [${PLAYBOOKS.join(', ')}], account: "${ACCOUNTS[0]}"`,
  `account: ["${ACCOUNTS[1]}"]`,
  'tags: { env: prod }',
  `playbook: ${PLAYBOOKS[0]}, tags: { env: prod }`,
  'severity: HIGH',
)
const mode = fc.constantFrom(...['rehearse', 'rehearse', 'rehearse', 'approve', 'approve', 'auto', 'notify'])

const rule = fc
  .record({ when: conditions, mode, isBlock: fc.boolean(), comment: fc.boolean() })
  .map((given) => {
    const { when, mode, isBlock, comment } = given
    const above = comment ? '  # why this is so\n' : ''
    if (!isBlock) return `${above}  - { ${when && `when: { ${when} }, `}mode: ${mode} }   # as it was said\n`
    const head = when ? `when: { ${when} }\n    ` : ''
    return `${above}  - ${head}mode: ${mode}\n    approval: { quorum: 2 }\n\n`
  })

const ADVISE = `advise:
  approveAfter: { rehearsals: 3, within: 20d }
  autoAfter: { rehearsals: 4, approvals: 2, within: 30d }
  backBeyond: { failed: 1, within: 10d }
`

/** The text of a policy file. */
export const policyText = fc
  .record({ rules: fc.array(rule, { maxLength: 5 }), isLast: fc.boolean() })
  .map(({ rules, isLast }) => {
    const section = rules.length === 0 ? 'rules:\n' : `rules:\n${rules.join('')}`
    return isLast
      ? `# ours\nversion: 1\n${ADVISE}\n${section}`
      : `# ours\nversion: 1\n${section}\n# when\n${ADVISE}`
  })

/** What a run came to, and what it was about; which rule decided it follows from the policy. */
export interface Happened {
  what: 'rehearsed' | 'notChecked' | 'denied' | 'approved' | 'drifted' | 'automatic' | Outcome
  isUndone: boolean
  playbook: string
  account: string
  severity: 'HIGH' | 'LOW'
  tags: Tags
  isOfThisText: boolean
  daysAgo: number
  resource: number
  mark?: 'irreversible' | 'cautions' | undefined
}

const good = fc.constantFrom<Happened['what']>('rehearsed', 'rehearsed', 'approved', 'approved', 'automatic')
const bad = fc.constantFrom<Happened['what']>(
  ...([
    'notChecked',
    'denied',
    'drifted',
    'declined',
    'expired',
    'failed',
    'unverified',
    'rolledBack',
  ] as const),
)

/** @param goodOnes how many go well where one does not */
const happened = (goodOnes: number): fc.Arbitrary<Happened> =>
  fc.record({
    what: fc.oneof({ weight: goodOnes, arbitrary: good }, { weight: 1, arbitrary: bad }),
    isUndone: fc.nat(2 * goodOnes).map((n) => n === 0),
    playbook: fc.constantFrom(...PLAYBOOKS),
    account: fc.constantFrom(...ACCOUNTS),
    severity: fc.constantFrom('HIGH' as const, 'LOW' as const),
    tags: fc.constantFrom<Tags>({}, {}, {}, { env: 'prod' }),
    isOfThisText: fc.boolean(),
    daysAgo: fc.oneof(
      { weight: 9, arbitrary: fc.nat(19) },
      { weight: 1, arbitrary: fc.integer({ min: 19, max: 34 }) },
    ),
    resource: fc.nat(5),
    mark: fc.nat(200).map((n) => (n === 0 ? 'irreversible' : n === 1 ? 'cautions' : undefined)),
  })

export const history = fc.oneof(
  { weight: 3, arbitrary: fc.array(happened(30), { maxLength: 60, size: 'max' }) },
  { weight: 1, arbitrary: fc.array(happened(3), { maxLength: 60, size: 'max' }) },
)

export function subjectOf({ playbook, account, severity, tags, resource }: Happened): Subject {
  const id = `sg-${resource}`
  return {
    ...{
      playbook,
      source: 'config',
      type: 'INCOMING_SSH_DISABLED',
      severity,
      account,
      region: 'eu-central-1',
    },
    ...{ resource: { arn: arnOf(id, account), id, name: null }, tags },
  }
}

const arnOf = (id: string, account: string) => `arn:aws:ec2:eu-central-1:${account}:security-group/${id}`

const RESULT: Record<string, StepResult['status']> = {
  rehearsed: 'dryRunOk',
  notChecked: 'notCheckable',
  denied: 'dryRunDenied',
}

/** The run as it is stored, and the undo of it where there was one: the newer first. */
export function runsOf(given: Happened, index: number, policy: PolicyFromFile): Run[] {
  const { what, playbook, account, severity, isOfThisText, daysAgo, mark } = given
  const subject = subjectOf(given)
  const { mode: ruled, reason, by } = decide(policy, subject, NOW)
  const at = (more: number) => new Date(NOW - daysAgo * DAY + more - index).toISOString()
  const isRehearsed = what in RESULT
  const outcome = isRehearsed ? 'rehearsed' : isDone(what) ? 'remediated' : (what as Outcome)
  const mode: Mode = isRehearsed ? 'rehearse' : what === 'automatic' ? 'auto' : 'approve'
  const undo = mark === 'irreversible' ? { irreversible: 'gone' } : sampleStep().undo
  const plan = samplePlan({
    steps: [sampleStep({ undo })],
    ...(mark === 'cautions' && { cautions: ['look first'] }),
  })
  const asked = { verdict: 'approve', by: 'arn:aws:iam::1:user/ann', at: at(1), hash: plan.hash } as const
  const id = `01K${String(index).padStart(5, '0')}`
  const run = sampleRun({
    ...{ id, playbook, account, outcome, mode, plan, startedAt: at(0) },
    ...{ resource: subject.resource.arn, key: `${index}` },
    target: { resource: subject.resource.arn, id: subject.resource.id, key: `${index}` },
    findings: [sampleFinding({ source: 'config', type: subject.type, severity, account })],
    ruling: { mode: ruled, reason, ...(by && { by }) },
    policyVersion: { sha256: isOfThisText ? policy.version!.sha256 : 'sha256:other' },
    round: 1,
    decisions:
      what === 'approved' || what === 'drifted' ? [{ ...asked, round: what === 'drifted' ? 0 : 1 }] : [],
    results: [{ step: 'revoke', status: RESULT[what] ?? 'applied' }],
  })
  if (!given.isUndone || !isDone(what)) return [run]
  const undone = sampleRun({ ...run, id: `${id}U`, undoOf: id, outcome: 'undone', startedAt: at(5) })
  return [undone, { ...run, undoneBy: `${id}U` }]
}

const isDone = (what: Happened['what']) => what === 'approved' || what === 'drifted' || what === 'automatic'
