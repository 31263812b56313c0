import { type Plan, planHash } from '../../src/playbook/plan.ts'
import type { CallStep } from '../../src/playbook/step.ts'
import type { Run } from '../../src/run/run.ts'

/** A step as a playbook plans it. */
export function sampleStep(overrides: Partial<CallStep> = {}): CallStep {
  return {
    kind: 'call',
    id: 'revoke',
    summary: 'revoke tcp 22 from 0.0.0.0/0',
    call: { service: 'ec2', operation: 'RevokeSecurityGroupIngress', input: { GroupId: 'sg-1' } },
    undo: [{ service: 'ec2', operation: 'AuthorizeSecurityGroupIngress', input: { GroupId: 'sg-1' } }],
    permissions: [{ action: 'ec2:RevokeSecurityGroupIngress', resource: '*' }],
    ...overrides,
  }
}

/** A plan that closes SSH, with the hash that belongs to it. */
export function samplePlan(overrides: Partial<Omit<Plan, 'hash'>> = {}): Plan {
  const plan: Omit<Plan, 'hash'> = {
    playbook: 'ec2-close-open-ingress',
    resource: 'arn:aws:ec2:eu-central-1:123456789012:security-group/sg-1',
    account: '123456789012',
    region: 'eu-central-1',
    steps: [sampleStep()],
    before: { rules: [{ id: 'sgr-1', protocol: 'tcp', from: 22, to: 22, source: '0.0.0.0/0' }] },
    after: { rules: [] },
    impact: {
      summary: '1 interface wears it',
      affected: [{ type: 'AWS::EC2::Instance', id: 'i-1' }],
      count: 1,
    },
    warnings: [],
    ...overrides,
  }
  return { ...plan, hash: planHash(plan) }
}

/** A closed run that put a group right. */
export function sampleRun(overrides: Partial<Run> = {}): Run {
  const resource = 'arn:aws:ec2:eu-central-1:123456789012:security-group/sg-1'
  return {
    id: '01K00000000000000000000001',
    revision: 2,
    playbook: 'ec2-close-open-ingress',
    target: { resource, id: 'sg-1', key: resource },
    resource,
    key: resource,
    account: '123456789012',
    region: 'eu-central-1',
    partition: 'aws',
    findings: [],
    intent: 'apply',
    mode: 'auto',
    reason: 'rule 1 (rectify.yaml:3)',
    parameters: {},
    decisions: [],
    round: 0,
    plan: samplePlan(),
    results: [{ step: 'revoke', status: 'applied', knownBy: 'answer' }],
    state: 'closed',
    outcome: 'remediated',
    machine: { id: 'remediation', version: 1, snapshot: {} },
    startedAt: '2026-11-20T09:00:00.000Z',
    changedAt: '2026-11-20T09:00:01.000Z',
    verifiedAt: '2026-11-20T09:00:02.000Z',
    endedAt: '2026-11-20T09:00:02.100Z',
    ...overrides,
  }
}
