import { describe, expect, test } from '@jest/globals'
import { plain } from '../../src/reports/paint.ts'
import { runJson } from '../../src/reports/run/run-json.ts'
import { runText } from '../../src/reports/run/run-text.ts'
import { runsTable } from '../../src/reports/run/runs-table.ts'
import type { Run } from '../../src/run/run.ts'
import type { ToldEnd } from '../../src/run/told-detector.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { samplePlan, sampleRun, sampleStep } from '../support/sample-run.ts'

const text = (overrides: Partial<Run> = {}) => runText(sampleRun(overrides), 'Close', plain)

describe('the result of a run', () => {
  test('has the outcome first, then the proof and how to take it back', () => {
    const shown = text()
    expect(shown).toMatch(/^remediated/)
    expect(shown).toContain('read again at 2026-11-20T09:00:02.000Z: nothing left to do')
    expect(shown).toContain('rectify undo 01K00000000000000000000001')
  })

  // Nothing that was not proven may look like success.
  test.each(['failed', 'unverified', 'rolledBack'] as const)('claims no proof when it is %s', (outcome) => {
    expect(text({ outcome })).not.toContain('nothing left to do')
  })

  test('shows what was odd about an end that was good', () => {
    const warnings = ['command c-1: Failed; yet the live resource shows that nothing is left to do']
    expect(text({ warnings })).toMatch(/^ +warning +command c-1: Failed; yet/m)
  })

  test('says the rule that decided beside why it ended as it did', () => {
    const ruling = { mode: 'approve' as const, reason: 'rule 2 (rectify.yaml:7)' }
    const declined = text({ outcome: 'declined', reason: 'declined by arn:me: needed', ruling })
    expect(declined).toMatch(/policy +approve: rule 2 \(rectify.yaml:7\)\n +why +declined by arn:me: needed/)
    expect(text({ reason: ruling.reason, ruling })).not.toContain('why ')
  })

  test('says of what it is part, and nothing of the kind where it stands alone', () => {
    const group = (id: string) => ({ type: 'AWS::EC2::SecurityGroup', id })
    const resources = [group('sg-1'), group('sg-2'), { type: 'Other', id: 'x' }]
    const several = sampleFinding({ resources })
    const ofIncident = sampleFinding({ resources, evidence: { group: 'seq-1' } })
    expect(text({ findings: [ofIncident] })).toMatch(/^ +part of +incident seq-1 \(2 resources\)$/m)
    expect(text({ findings: [several] })).toMatch(/^ +part of +a finding about 2 resources$/m)
    expect(text({ findings: [sampleFinding({ resources: [group('sg-1')] })] })).not.toContain('part of')
  })

  test('names the action that was denied, and to whom', () => {
    const error = { name: 'denied', code: 'UnauthorizedOperation', action: 'ec2:Revoke', principal: 'arn:me' }
    const shown = text({ outcome: 'failed', results: [{ step: 'revoke', status: 'failed', error }] })
    expect(shown).toContain('revoke failed UnauthorizedOperation ec2:Revoke as arn:me')
  })

  test('of a waiting run says how to approve exactly this plan, and how to decline', () => {
    const plan = samplePlan()
    const shown = text({ plan, state: 'waiting', waitingFor: 'approval', outcome: null })
    expect(shown).toMatch(/^waiting for approval/)
    expect(shown).toContain(
      `rectify approve 01K00000000000000000000001 --approve ${plan.hash.slice(7, 23)}\n`,
    )
    expect(shown).toContain('rectify decline 01K00000000000000000000001')
  })

  test.each<[string, Partial<Run>]>([
    ['that changed nothing', { results: [{ step: 'revoke', status: 'dryRunOk' }] }],
    ['that was undone', { undoneBy: '01K00000000000000000000009' }],
    ['that is an undo', { undoOf: '01K00000000000000000000009' }],
    ['without a way back', { plan: samplePlan({ steps: [sampleStep({ undo: { irreversible: 'no' } })] }) }],
  ])('offers no undo of a run %s', (_, overrides) => {
    expect(text(overrides)).not.toContain('rectify undo')
  })
})

describe('the list of runs', () => {
  test('has one line each with its outcome or its state', () => {
    const waiting = sampleRun({
      id: '01K00000000000000000000002',
      state: 'waiting',
      waitingFor: 'lock',
      outcome: null,
    })
    const [head, ...rows] = runsTable([waiting, sampleRun({ undoneBy: 'x' })], plain).split('\n')
    expect(head).toMatch(/^RUN +STARTED +OUTCOME/)
    expect(rows[0]).toMatch(/^01K00000000000000000000002 .* waiting for lock .* sg-1/)
    expect(rows[1]).toContain('remediated (undone)')
  })
  test('says when there are none', () => {
    expect(runsTable([], plain)).toBe('no runs')
  })
})

test('a run says which detectors were told of its end, and warns of those that were not', () => {
  const at = '2026-11-20T09:00:10.000Z'
  const told: ToldEnd[] = [
    { to: 'config', at, ok: true, said: 'evaluation' },
    { to: 'guardduty', at, ok: true, said: 'useful', reason: 'only the administrator may archive' },
    { to: 'securityhub', at, ok: false, reason: 'denied' },
  ]
  const shown = runText(sampleRun(), 'Close', plain, '', told)
  expect(shown).toMatch(/told +config: evaluation 2026/)
  expect(shown).toMatch(/told +guardduty: useful \(only the administrator may archive\)/)
  expect(shown).toMatch(/warning +securityhub was not told: denied/)
  expect(runText(sampleRun(), 'Close', plain)).not.toMatch(/told/)
  const late = sampleFinding({ id: 'late' })
  expect(runJson(sampleRun({ warnings: ['odd'] }), undefined, [{ ...told[2]!, late }])).toMatchObject({
    warnings: ['odd', 'securityhub late was not told: denied'],
    told: [{ to: 'securityhub', finding: 'late', ok: false }],
  })
})
