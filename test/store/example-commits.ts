/** Runs, findings and commits with only what a test is about spelled out. */
import type { Finding } from '../../src/findings/finding.ts'
import type { Plan } from '../../src/playbook/plan.ts'
import type { Decision, Run } from '../../src/run/run.ts'
import type { Commit, TimeBox } from '../../src/run/store.ts'

export const GROUP = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1'
export const SET = 'arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/rectify-block-v4/1'
export const PLAYBOOK = 'ec2-close-open-ingress'
/** ms since 1970: the moment at which the tests play. */
export const NOW = Date.parse('2026-08-01T12:00:00.000Z')
/** A moment so far off that no emulator clears away, by its own clock, what is stored about it. */
export const FAR_OFF = Date.parse('2090-08-01T12:00:00.000Z')

export function aFinding(id: string, version = '2026-08-01T11:59:00.000Z#0000000001'): Finding {
  return {
    id,
    version,
    source: 'config',
    type: 'INCOMING_SSH_DISABLED',
    title: 'SSH is open to the world',
    severity: 'HIGH',
    status: 'active',
    account: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-1', arn: GROUP }],
    observedAt: '2026-08-01T11:59:00.000Z',
    evidence: { ports: [22] },
  }
}

export function aPlan(hash: string): Plan {
  return {
    playbook: PLAYBOOK,
    resource: GROUP,
    account: '111122223333',
    region: 'eu-west-1',
    steps: [],
    before: { rules: [] },
    after: { rules: [] },
    impact: { summary: 'nothing else is affected', affected: [], count: 0 },
    warnings: [],
    hash,
  }
}

export function aRun(id: string, more: Partial<Run> = {}): Run {
  return {
    id,
    revision: 1,
    playbook: PLAYBOOK,
    target: { resource: GROUP, id: 'sg-1', key: GROUP },
    resource: GROUP,
    key: GROUP,
    account: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    findings: [aFinding('finding-1')],
    intent: 'apply',
    mode: 'auto',
    reason: 'rule 1',
    parameters: {},
    decisions: [],
    round: 1,
    plan: null,
    results: [],
    state: 'open',
    outcome: null,
    machine: { id: 'remediation', version: 1, snapshot: {} },
    startedAt: '2026-08-01T12:00:00.000Z',
    ...more,
  }
}

/** A run that asks for an approval of the plan with this hash, until an hour from now. */
export function aWaitingRun(id: string, hash: string, more: Partial<Run> = {}): Run {
  return aRun(id, {
    mode: 'approve',
    state: 'waiting',
    waitingFor: 'approval',
    waitingUntil: new Date(NOW + 3_600_000).toISOString(),
    plan: aPlan(hash),
    ...more,
  })
}

/** The commit that stores a run after the revision before its own, with nothing else expected. */
export function commitOf(
  run: Run,
  more: Omit<Partial<Commit>, 'expect'> & { expect?: Partial<Commit['expect']> } = {},
): Commit {
  return {
    id: `${run.id}-${run.revision}`,
    run,
    audit: [],
    ...more,
    expect: { revision: run.revision - 1, ...more.expect },
  }
}

export function approval(by: string, hash: string): Decision {
  return { verdict: 'approve', by, at: new Date(NOW).toISOString(), hash }
}

export function decline(by: string, hash: string): Decision {
  return { ...approval(by, hash), verdict: 'decline', reason: 'not today' }
}

/** What a commit gives that was stored. */
export const COMMITTED = { kind: 'committed' }

/** The run as its driver writes it next. */
export const next = (run: Run, more: Partial<Run> = {}): Run => ({
  ...run,
  ...more,
  revision: run.revision + 1,
})

/** Gives the group's lock back. */
export const release = { op: 'release' as const, resource: GROUP }

/** Takes the group's lock as it was when nobody had held it yet, for three minutes. */
export function taking(owner: string, more: Partial<Extract<Commit['lock'], { op: 'take' }>> = {}) {
  return { op: 'take' as const, resource: GROUP, epoch: 0, owner, until: NOW + 180_000, ...more }
}

/** An entry of `SET` that a run holds; the run's id is its key, as it is of a hold that was stored before there were keys. */
export function aHold(entry: string, run: string, until: number, madeBy = run): TimeBox {
  return { resource: SET, entry, key: run, run, until, madeBy }
}
