import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import { reportJson, runJson } from '../../src/reports/run/run-json.ts'
import type { StepResult } from '../../src/run/run.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { samplePlan, sampleRun, sampleStep } from '../support/sample-run.ts'

describe('a run as JSON', () => {
  test('has the pinned fields and what was added to them, in their order', () => {
    expect(Object.keys(runJson(sampleRun()))).toEqual([
      ...[
        'run',
        'undoOf',
        'findings',
        'playbook',
        'resource',
        'key',
        'name',
        'account',
        'region',
        'mode',
        'state',
      ],
      ...[
        'waitingFor',
        'outcome',
        'reason',
        'ruling',
        'plan',
        'results',
        'startedAt',
        'endedAt',
        'verifiedAt',
      ],
      'undoneBy',
      'incident',
    ])
  })

  test('says null for what there is not', () => {
    const open = sampleRun({ state: 'open', outcome: null, plan: null, results: [], mode: null })
    delete open.endedAt
    expect(runJson(open)).toMatchObject({
      undoOf: null,
      mode: null,
      waitingFor: null,
      outcome: null,
      plan: null,
      endedAt: null,
      undoneBy: null,
      incident: null,
    })
  })

  test('has warnings where its good end was odd', () => {
    expect(runJson(sampleRun({ warnings: ['command c-1: Failed'] }))).toMatchObject({
      warnings: ['command c-1: Failed'],
    })
  })

  test('names findings by their id, and the incident that they are of', () => {
    const findings = [
      sampleFinding({ id: 'f-1' }),
      sampleFinding({ id: 'f-2', evidence: { group: 'seq-1' } }),
    ]
    expect(runJson(sampleRun({ findings }))).toMatchObject({ findings: ['f-1', 'f-2'], incident: 'seq-1' })
  })

  test('shows of a step what it calls, how it merges, how it is undone and what it needs, not how it is retried', () => {
    const plan = runJson(
      sampleRun({
        plan: samplePlan({ steps: [{ ...sampleStep(), kind: 'subset', subset: 'SecurityGroupRuleIds' }] }),
      }),
    ).plan
    expect(Object.keys(plan ?? {})).toEqual(['hash', 'steps', 'before', 'after', 'impact', 'warnings'])
    expect(Object.keys(plan?.steps[0] ?? {})).toEqual([
      'id',
      'summary',
      'call',
      'merge',
      'undo',
      'permissions',
    ])
    expect(plan?.steps[0]?.merge).toBeNull()
  })

  // What was denied to whom is told per step.
  test('names the denied action and its principal', () => {
    const error = { name: 'denied', code: 'UnauthorizedOperation', action: 'ec2:X', principal: 'arn:p' }
    const run = sampleRun({ outcome: 'failed', results: [{ step: 'revoke', status: 'failed', error }] })
    expect(runJson(run).results).toEqual([
      { step: 'revoke', status: 'failed', by: null, evidence: null, error: { ...error, message: null } },
    ])
  })

  test('says which check denied a step of a rehearsal, what is missing, and what nobody can tell', () => {
    const missing = [
      {
        action: 'sns:X',
        resource: '*',
        principal: 'arn:p',
        where: 'hub' as const,
        statement: { none: 'denied' },
      },
    ]
    const by = 'SimulatePrincipalPolicy'
    const results: StepResult[] = [
      { step: 'set', status: 'simulatedDenied', by, missing },
      { step: 'set', status: 'notCheckable', why: 'nobody asked' },
    ]
    expect(runJson(sampleRun({ results })).results).toEqual([
      { step: 'set', status: 'simulatedDenied', by, missing, evidence: null, error: null },
      { step: 'set', status: 'notCheckable', by: null, why: 'nobody asked', evidence: null, error: null },
    ])
  })

  test('says in full what was found, and until when what is blocked', () => {
    const finding = {
      ...{ id: 'f-1', version: '1', source: 'guardduty', type: 'Recon', title: 'probed', severity: 'HIGH' },
      ...{ status: 'active', account: '1', region: 'r', partition: 'aws', resources: [], evidence: {} },
      observedAt: '2026-11-20T09:00:00.000Z',
    } as Finding
    const timeBox = {
      resource: 'set',
      entry: '192.0.2.1/32',
      key: 'k',
      run: 'r',
      until: Date.UTC(2026, 10, 21),
      madeBy: 'r',
    }
    expect(runJson(sampleRun({ findings: [finding] }), { audit: [], timeBoxes: [timeBox] })).toMatchObject({
      findings: ['f-1'],
      about: [
        { id: 'f-1', source: 'guardduty', type: 'Recon', title: 'probed', severity: 'HIGH', resources: [] },
      ],
      holds: [{ entry: '192.0.2.1/32', until: '2026-11-21T00:00:00.000Z' }],
    })
  })

  test('adds approvals and audit only when they are asked for', () => {
    const decision = {
      verdict: 'approve' as const,
      by: 'arn:me',
      at: '2026-11-20T09:00:00.000Z',
      hash: 'sha256:1',
    }
    const entry = { at: '2026-11-20T09:00:00.000Z', event: 'asking' }
    const full = runJson(sampleRun({ decisions: [decision] }), { audit: [entry], timeBoxes: [] })
    expect(full).toMatchObject({ approvals: [{ ...decision, person: null, via: 'cli' }], audit: [entry] })
    expect(runJson(sampleRun({ decisions: [decision] }))).not.toHaveProperty('approvals')
  })

  test('says who decided in Slack, on which ground, and as which person', () => {
    const decision = {
      ...{ verdict: 'exempt' as const, by: 'slack:T0ACME:U0ANN', person: 'ann', as: ['S0ONCALL'] },
      ...{ at: '2026-11-20T09:00:00.000Z', until: '2026-12-20T09:00:00.000Z', hash: 'sha256:1' },
    }
    const full = runJson(sampleRun({ decisions: [decision] }), { audit: [], timeBoxes: [] })
    expect(full.approvals).toEqual([{ ...decision, via: 'slack' }])
  })
})

test('a report has runs, ignored findings and rejected events', () => {
  const ignored = [{ finding: 'f', reason: 'resolved' }]
  const rejected = [{ event: 'e#', code: 'notJson' as const, reason: 'no' }]
  const document = reportJson({ runs: [sampleRun()], ignored }, rejected)
  expect(document).toMatchObject({ ignored, rejected })
  expect(document.runs).toHaveLength(1)
})
