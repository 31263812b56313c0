import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import {
  ACCOUNT,
  detectors,
  endedRun,
  hub,
  hubFinding,
  kept,
  PRODUCT,
  REGION,
  RUN,
  refusal,
} from './told-runs.ts'

const AT = '2026-11-20T09:00:10.000Z'
const NOTE = { Text: `Rectify run ${RUN}: remediated: nothing left to do`, UpdatedBy: 'Rectify' }
const its = (Id: string) => ({ Id, ProductArn: PRODUCT })

describe('GuardDuty', () => {
  const finding = sampleFinding({
    id: 'gd-1',
    source: 'guardduty',
    type: 'Recon:EC2/PortProbeUnprotectedPort',
  })
  const run = endedRun({ findings: [finding] })
  const guardDuty = (Administrator?: object) => ({
    ListDetectors: () => ({ DetectorIds: ['d1'] }),
    GetAdministratorAccount: () => ({ ...(Administrator && { Administrator }) }),
    ArchiveFindings: () => ({}),
    UnarchiveFindings: () => ({}),
    UpdateFindingsFeedback: () => ({}),
  })
  const inputs = ({ wrote }: ReturnType<typeof detectors>) =>
    wrote().map(({ operation, input }) => [operation, input])
  const DETECTED = { DetectorId: 'd1', FindingIds: ['gd-1'] }

  test('archives it, also in the administrator’s account that told it', async () => {
    const at = detectors(guardDuty())
    expect(await at.tell(run)).toMatchObject({ told: [{ to: 'guardduty', ok: true, said: 'archived' }] })
    expect(inputs(at)).toEqual([['ArchiveFindings', DETECTED]])
    const admin = detectors(guardDuty(), [ACCOUNT, '999988887777'])
    await admin.tell(endedRun({ findings: [{ ...finding, origin: { account: '999988887777' } }] }))
    expect(admin.wrote()).toMatchObject([
      { operation: 'ArchiveFindings', place: { account: '999988887777' } },
    ])
  })

  test('is told of fifty at once', async () => {
    const at = detectors(guardDuty())
    const findings = Array.from({ length: 60 }, (_, n) => ({ ...finding, id: `gd-${n}` }))
    await at.tell(endedRun({ findings }))
    expect(at.wrote().map(({ input }) => (input.FindingIds as string[]).length)).toEqual([50, 10])
  })

  test('in a member’s account takes a comment only', async () => {
    const at = detectors(guardDuty({ AccountId: '999988887777', RelationshipStatus: 'Enabled' }))
    expect(await at.tell(run)).toMatchObject({ told: [{ ok: true, said: 'useful' }] })
    expect(inputs(at)).toEqual([
      ['UpdateFindingsFeedback', { ...DETECTED, Feedback: 'USEFUL', Comments: NOTE.Text }],
    ])
  })

  test('takes out of its archive again what a run had put there, and nothing else', async () => {
    const undone = { ...run, outcome: 'undone', undoOf: 'first' } as const
    const other = detectors(guardDuty())
    await other.store.putTold('first', { to: 'guardduty', at: AT, ok: true, said: 'useful' })
    expect(await other.tell(undone)).toMatchObject({ told: [{ ok: true, said: 'nothing' }] })
    const at = detectors(guardDuty())
    await at.store.putTold('first', { to: 'guardduty', at: AT, ok: true, said: 'archived' })
    expect(await at.tell(undone)).toMatchObject({ told: [{ ok: true, said: 'unarchived' }] })
    expect([inputs(other), inputs(at)]).toEqual([[], [['UnarchiveFindings', DETECTED]]])
  })

  test.each<[what: string, more: Partial<Finding>]>([
    ['in one place', { type: 'AttackSequence:EC2/CompromisedInstanceGroup' }],
    ['that reaches into several', { id: `gd-1/${ACCOUNT}/${REGION}` }],
  ])('is not told that an attack sequence %s is over', async (_, more) => {
    const at = detectors(guardDuty())
    expect(await at.tell(endedRun({ findings: [{ ...finding, ...more }] }))).toMatchObject({
      told: [{ ok: true, said: 'nothing' }],
    })
    expect(at.calls).toEqual([])
  })

  test('that is switched off where it told is a warning, and is not asked again', async () => {
    const at = detectors({ ...guardDuty(), ListDetectors: () => ({ DetectorIds: [] }) })
    expect(await at.tell(run)).toMatchObject({ told: [{ ok: false }], again: false })
  })
})

describe('Config', () => {
  const ofRule = (ruleName: string) => endedRun({ findings: [sampleFinding({ evidence: { ruleName } })] })
  const StartConfigRulesEvaluation = () => ({})

  test('evaluates the rule once for all runs that were over by then, and again for one that ended later', async () => {
    const { tell, wrote, clock } = detectors({ StartConfigRulesEvaluation })
    for (const id of ['1', '2']) {
      const { told } = await tell({ ...ofRule('ssh'), id })
      expect(told).toMatchObject([{ to: 'config', ok: true, said: 'evaluation' }])
    }
    await tell({ ...ofRule('rdp'), id: '3' })
    const verifiedAt = new Date(clock.at + 1).toISOString()
    await tell({ ...ofRule('ssh'), id: '4', verifiedAt })
    expect(wrote().map(({ input }) => input)).toEqual([
      { ConfigRuleNames: ['ssh'] },
      { ConfigRuleNames: ['rdp'] },
      { ConfigRuleNames: ['ssh'] },
    ])
  })

  test('that is at it is asked again later; a rule that is gone is not', async () => {
    const action = 'config:StartConfigRulesEvaluation'
    const busy = detectors({
      StartConfigRulesEvaluation: refusal('throttled', 'LimitExceededException', action),
    })
    expect(await busy.tell(ofRule('ssh'))).toMatchObject({ told: [{ ok: false }], again: true })
    const gone = detectors({
      StartConfigRulesEvaluation: refusal('gone', 'NoSuchConfigRuleException', action),
    })
    expect(await gone.tell(ofRule('ssh'))).toMatchObject({ told: [{ ok: false }], again: false })
  })
})

describe('Access Analyzer', () => {
  const analyzer = 'arn:aws:access-analyzer:eu-west-1:999988887777:analyzer/Org'
  const arn = 'arn:aws:s3:::bucket'
  const finding = sampleFinding({
    source: 'accessanalyzer',
    type: 'ExternalAccess:AWS::S3::Bucket',
    origin: { analyzer },
    resources: [{ type: 'AWS::S3::Bucket', id: 'bucket', arn }],
  })
  const StartResourceScan = () => ({})

  test('scans the resource, in the account and region of the analyzer that found it', async () => {
    const { tell, wrote } = detectors({ StartResourceScan }, [ACCOUNT, '999988887777'])
    expect(await tell(endedRun({ findings: [finding] }))).toMatchObject({
      told: [{ ok: true, said: 'scan' }],
    })
    expect(wrote()).toMatchObject([
      {
        input: { analyzerArn: analyzer, resourceArn: arn, resourceOwnerAccount: ACCOUNT },
        place: { account: '999988887777', region: 'eu-west-1' },
        options: { session: { permissions: [{ action: 'access-analyzer:StartResourceScan' }] } },
      },
    ])
  })

  test('that nobody reaches is a warning', async () => {
    const { tell, calls } = detectors({ StartResourceScan })
    expect(await tell(endedRun({ findings: [finding] }))).toMatchObject({
      told: [{ ok: false }],
      again: false,
    })
    expect(calls).toEqual([])
  })
})

describe('a detector that cannot be told', () => {
  const denied = refusal('denied', 'AccessDeniedException', 'securityhub:BatchUpdateFindings')

  test('keeps no other from being told, and is told later: what it was refused for is replaced', async () => {
    let answer: () => unknown = denied
    const { tell, store, wrote } = detectors({
      ...hub(kept()),
      BatchUpdateFindings: () => answer(),
      StartConfigRulesEvaluation: () => ({}),
    })
    const run = endedRun({ findings: [hubFinding(), sampleFinding({ evidence: { ruleName: 'ssh' } })] })
    const reason =
      'securityhub:BatchUpdateFindings as arn:aws:iam::1:role/Tell: AccessDeniedException: AccessDeniedException it says'
    const evaluated = { to: 'config', at: AT, ok: true, said: 'evaluation' }
    expect(await tell(run)).toEqual({
      told: [{ to: 'securityhub', at: AT, ok: false, reason }, evaluated],
      again: true,
    })
    answer = () => ({ UnprocessedFindings: [] })
    expect(await tell(run)).toMatchObject({ again: false })
    expect(await store.told(RUN)).toEqual([
      evaluated,
      { to: 'securityhub', at: AT, ok: true, said: 'RESOLVED' },
    ])
    expect(wrote().filter(({ service }) => service === 'config')).toHaveLength(1)
  })

  test('is told once more where the process died before that was kept, and then sees its own note', async () => {
    const standing = kept()
    const at = detectors({
      GetFindings: () => ({ Findings: [standing] }),
      BatchUpdateFindings: ({ Workflow, Note }) => {
        Object.assign(standing, { Workflow, Note })
        return { UnprocessedFindings: [] }
      },
    })
    const died = new Error('killed')
    const { putTold } = at.store
    at.store.putTold = async () => Promise.reject(died)
    await expect(at.tell(endedRun())).rejects.toThrow(died)
    at.store.putTold = putTold
    expect(await at.tell(endedRun())).toMatchObject({
      told: [{ ok: true, said: 'nothing', reason: 'it says so already' }],
    })
    expect(at.wrote()).toHaveLength(1)
  })

  test('is told nothing of what was solved once that is taken back, and then that it is open again', async () => {
    const note = { Text: `Rectify run ${RUN}: remediated`, UpdatedBy: 'Rectify' }
    const solved = detectors(hub(kept()))
    expect(await solved.tell(endedRun({ undoneBy: 'ann' }))).toEqual({ told: [], again: false })
    const undo = endedRun({ id: '01K00000000000000000000002', undoOf: RUN, outcome: 'undone' })
    const { tell, wrote } = detectors(hub(kept({ Workflow: { Status: 'RESOLVED' }, Note: note })))
    expect(await tell(undo)).toMatchObject({ told: [{ ok: true, said: 'NEW' }] })
    expect(wrote()).toMatchObject([{ input: { Workflow: { Status: 'NEW' } } }])
  })
})

describe('a finding that came after the end of its run', () => {
  const ofConfig = endedRun({ findings: [sampleFinding({ evidence: { ruleName: 'ssh' } })] })
  const late = hubFinding('late')
  const answers = { ...hub(kept({}, 'late')), StartConfigRulesEvaluation: () => ({}) }

  test('is told by itself, once, and takes nothing from what the run had to tell', async () => {
    const { tell, store, wrote } = detectors(answers)
    const resolved = { to: 'securityhub', late, at: AT, ok: true, said: 'RESOLVED' }
    expect(await tell(ofConfig, [late])).toEqual({ told: [resolved], again: false })
    await tell(ofConfig, [late])
    await tell(ofConfig)
    expect(wrote().map(({ operation }) => operation)).toEqual([
      'BatchUpdateFindings',
      'StartConfigRulesEvaluation',
    ])
    expect(await store.told(RUN)).toMatchObject([{ to: 'config' }, resolved])
  })

  test('is nothing new where the run had it; a copy of it that another tells is', async () => {
    const finding = sampleFinding({ id: 'late', source: 'guardduty' })
    const run = endedRun({ findings: [finding], tell: ['securityhub'] })
    const { tell, wrote } = detectors(answers)
    await tell(run, [finding])
    expect(wrote()).toEqual([])
    await tell(run, [{ ...finding, via: 'securityhub', origin: late.origin! }])
    expect(wrote()).toHaveLength(1)
  })

  test('that joined the run as a copy of one that it had is told with it; others that joined are another run’s', async () => {
    const finding = sampleFinding({ id: 'late', source: 'guardduty' })
    const run = endedRun({ findings: [finding], tell: ['securityhub'] })
    const { tell, wrote, store } = detectors(hub(kept({}, 'late'), kept({}, 'left')))
    store.attached = async () => [
      { ...finding, via: 'securityhub', origin: late.origin! },
      hubFinding('left'),
    ]
    await tell(run)
    expect(wrote().flatMap(({ input }) => input.FindingIdentifiers)).toEqual([its('late')])
  })

  test('is open again with the rest when the run is undone', async () => {
    const note = { Text: `Rectify run ${RUN}: remediated`, UpdatedBy: 'Rectify' }
    const resolved = kept({ Workflow: { Status: 'RESOLVED' }, Note: note }, 'late')
    const { tell, wrote, store } = detectors({ ...answers, ...hub(resolved) })
    await store.putTold(RUN, { to: 'securityhub', late, at: AT, ok: true, said: 'RESOLVED' })
    await tell({ ...ofConfig, id: '01K00000000000000000000002', undoOf: RUN, outcome: 'undone' })
    expect(wrote().map(({ operation, input }) => [operation, input.Workflow])).toContainEqual([
      'BatchUpdateFindings',
      { Status: 'NEW' },
    ])
  })
})
