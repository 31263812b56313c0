import { describe, expect, test } from '@jest/globals'
import { colours, plain } from '../../src/reports/paint.ts'
import { planText } from '../../src/reports/run/plan-text.ts'
import { samplePlan, sampleRun, sampleStep } from '../support/sample-run.ts'

const TITLE = 'Revoke ingress rules open to the world'
const text = (plan = samplePlan()) => planText(sampleRun({ plan, mode: 'approve' }), TITLE, plain)

describe('a plan for a person', () => {
  test('says what it is about, what goes, who is affected, how it is undone, and why in which mode', () => {
    const shown = text()
    expect(shown).toContain(TITLE)
    expect(shown).toContain('arn:aws:ec2:eu-central-1:123456789012:security-group/sg-1')
    expect(shown).toContain('- rules: id sgr-1, protocol tcp, port 22, source 0.0.0.0/0')
    expect(shown).toContain('1 interface wears it')
    expect(shown).toMatch(/undo +ec2:AuthorizeSecurityGroupIngress/)
    expect(shown).toMatch(/mode +approve: rule 1 \(rectify.yaml:3\)/)
  })

  test('shows the hash that an approval is for, as far as it is typed', () => {
    const plan = samplePlan()
    expect(text(plan)).toMatch(new RegExp(`plan +${plan.hash.slice(7, 23)}$`, 'm'))
  })

  test('warns, and tells what stays', () => {
    const impact = { summary: 's', affected: [], count: 0, notes: ['2 shares stay'] }
    const shown = text(samplePlan({ warnings: ['also closes 0-21'], impact }))
    expect(shown).toMatch(/warning +also closes 0-21/)
    expect(shown).toMatch(/note +2 shares stay/)
  })

  test('names five of those affected and counts the others', () => {
    const affected = Array.from({ length: 50 }, (_, index) => ({
      type: 'AWS::EC2::Instance',
      id: `i-${index}`,
    }))
    const shown = text(samplePlan({ impact: { summary: 's', affected, count: 120 } }))
    expect(shown).toContain('i-4')
    expect(shown).not.toContain('i-5')
    expect(shown).toContain('and 115 more')
  })

  test('says that there is no way back', () => {
    const steps = [sampleStep({ undo: { irreversible: 'patches stay' } })]
    expect(text(samplePlan({ steps }))).toMatch(/undo +not possible: patches stay/)
  })

  test('falls back to the words of the steps where nothing differs between before and after', () => {
    expect(text(samplePlan({ before: {}, after: {} }))).toContain('+ revoke tcp 22 from 0.0.0.0/0')
  })

  test('says why there is no plan', () => {
    const run = sampleRun({ plan: null, outcome: 'alreadyCompliant', reason: 'nothing is open' })
    expect(planText(run, TITLE, plain)).toContain('nothing is open')
  })

  test('has what goes in red only where colour is asked for', () => {
    expect(planText(sampleRun(), TITLE, colours)).toContain('\u001b[31m- rules')
    expect(text()).not.toContain('\u001b')
  })

  test('does not let a description move the cursor of the one who judges it', () => {
    const before = { rules: [{ description: '\u001b[1A\u001b[2Kharmless' }] }
    expect(text(samplePlan({ before }))).not.toContain('\u001b')
  })
})
