import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import type { Outcome, Run } from '../../src/run/run.ts'
import { wordsOf } from '../../src/writeback/run-words.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { endedRun, hubFinding, PRODUCT } from './told-runs.ts'

const UNDO: Partial<Run> = { undoOf: '01K00000000000000000000000' }
const meanings = (more: Partial<Run>) => wordsOf(endedRun(more)).map(({ meaning }) => meaning)

describe('what a run means to its detector', () => {
  test.each<[Outcome, string[]]>([
    ['remediated', ['solved']],
    ['alreadyCompliant', ['solved']],
    ['resourceGone', ['solved']],
    ['failed', ['unsolved']],
    ['unverified', ['unsolved']],
    ['rolledBack', ['unsolved']],
    ['blocked', ['unsolved']],
    ['declined', ['unsolved']],
    ['expired', ['unsolved']],
    ['notified', ['unsolved']],
    ['exempted', ['left']],
    ['notApplicable', []],
    ['planned', []],
    ['rehearsed', []],
    ['off', []],
  ])('%s: %j', (outcome, meaning) => {
    expect(meanings({ outcome })).toEqual(meaning)
  })

  test.each<[what: string, run: Partial<Run>, meaning: string[]]>([
    ['undone', { outcome: 'undone' }, ['reopened']],
    ['an undo that may have changed something', { outcome: 'unverified' }, ['reopened']],
    ['an undo that changed nothing', { outcome: 'failed', changedAt: undefined as never }, []],
    ['an undo that somebody declined', { outcome: 'declined', changedAt: undefined as never }, []],
    ['an undo that found nothing to take back', { outcome: 'alreadyCompliant' }, []],
    ['the planned end of a block', { outcome: 'undone', expiry: true }, []],
  ])('%s', (_, run, meaning) => {
    const { changedAt, ...undo } = { changedAt: '2026-11-20T09:00:01.000Z', ...UNDO, ...run }
    const { changedAt: __, ...ended } = endedRun(undo)
    expect(wordsOf({ ...ended, ...(changedAt && { changedAt }) }).map(({ meaning }) => meaning)).toEqual(
      meaning,
    )
  })

  test.each<[what: string, run: Partial<Run>]>([
    ['waits', { state: 'waiting', outcome: null }],
    ['is only planned', { intent: 'plan' }],
    ['is only rehearsed', { intent: 'rehearse' }],
    ['has a policy that says nothing of telling', { tell: [] }],
    ['has a policy that tells others', { tell: ['config'] }],
    ['has no findings', { findings: [] }],
  ])('nothing while it %s', (_, run) => {
    expect(meanings(run)).toEqual([])
  })

  test('nothing where no policy was there when it began', () => {
    const { tell: _, ...run } = endedRun()
    expect(wordsOf(run)).toEqual([])
  })
})

describe('who is told of a finding', () => {
  const analyzer = 'arn:aws:access-analyzer:eu-central-1:123456789012:analyzer/Org'
  const ruleName = 'our-ssh-rule'
  const told = (finding: Partial<Finding>, run: Partial<Run> = {}) =>
    wordsOf(endedRun({ findings: [sampleFinding(finding)], ...run })).map(({ to }) => to)

  test.each<[what: string, to: string[], finding: Partial<Finding>]>([
    ['a control of Security Hub', ['securityhub'], hubFinding()],
    ['GuardDuty’s, passed on', ['securityhub'], hubFinding('1', { source: 'guardduty', via: 'securityhub' })],
    ['Config’s, passed on', ['securityhub'], hubFinding('1', { source: 'config', via: 'securityhub' })],
    ['one of Security Hub that does not say where it is kept', [], { source: 'securityhub' }],
    ['GuardDuty’s own', ['guardduty'], { source: 'guardduty' }],
    ['that of a rule of Config', ['config'], { evidence: { ruleName } }],
    [
      'a changed item that a custom rule handed on',
      [],
      { type: 'item:AWS::EC2::SecurityGroup', evidence: { ruleName } },
    ],
    [
      'external access',
      ['accessanalyzer'],
      { source: 'accessanalyzer', type: 'ExternalAccess:AWS::S3::Bucket', origin: { analyzer } },
    ],
    [
      'external access without its analyzer',
      [],
      { source: 'accessanalyzer', type: 'ExternalAccess:AWS::S3::Bucket' },
    ],
    [
      'unused access, which nobody scans for',
      [],
      { source: 'accessanalyzer', type: 'UnusedIAMRole', origin: { analyzer } },
    ],
    ['a scanner’s file', [], { source: 'prowler' }],
    ['a resource that somebody named', [], { source: 'manual' }],
  ])('%s: %j', (_, to, finding) => {
    expect(told(finding)).toEqual(to)
  })

  test('several findings of one detector are one word, and several detectors have one each', () => {
    const findings = [hubFinding('a'), hubFinding('b'), sampleFinding({ evidence: { ruleName } })]
    const words = wordsOf(endedRun({ findings }))
    expect(words.map(({ to, findings: its }) => [to, its.length])).toEqual([
      ['securityhub', 2],
      ['config', 1],
    ])
    expect(words[0]).toMatchObject({
      text: 'remediated: nothing left to do',
      asOf: '2026-11-20T09:00:02.000Z',
    })
  })

  test('Config and Access Analyzer are asked to look again only where something was changed', () => {
    const findings = [sampleFinding({ evidence: { ruleName } })]
    const { changedAt: _, ...unchanged } = endedRun({ findings, outcome: 'alreadyCompliant' })
    expect(wordsOf(unchanged)).toEqual([])
    expect(told({ evidence: { ruleName } }, { outcome: 'failed' })).toEqual([])
    expect(told({ evidence: { ruleName } }, { outcome: 'undone', ...UNDO })).toEqual(['config'])
    expect(told({ source: 'guardduty' }, { outcome: 'failed' })).toEqual([])
  })

  test('a product is told by its ARN there', () => {
    expect(wordsOf(endedRun())[0]?.findings[0]?.origin?.product).toBe(PRODUCT)
  })
})
