import { describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { judged, type TwinFacts } from '../../../src/sandbox/twin/judged.ts'
import { sampleRun } from '../../support/sample-run.ts'

const FOUND: TwinFacts = {
  copied: ['s3:CreateBucket'],
  assumed: [],
  notCopied: [],
  notShown: [],
  plan: [],
  applied: { outcome: 'remediated', reason: '', calls: ['s3:PutBucketPolicy'] },
  undone: { outcome: 'undone', reason: '', differs: [], notAsBefore: [] },
}
const { applied: _, undone: __, ...UNTRIED } = FOUND
const ANOTHER = [{ field: 'steps[0].call.input.Policy', expected: 'a', twin: 'b' }]

const unknown: Partial<Run> = {
  results: [
    {
      step: 'put',
      status: 'failed',
      error: { name: 'final', code: 'NotImplemented', action: 'efs:PutBackupPolicy' },
    },
  ],
}

test.each<[string, TwinFacts, Partial<Run>, status: string, why: RegExp]>([
  ['all went well', FOUND, {}, 'agrees', /^put right by the plan's own calls, proven, and taken back there$/],
  [
    'its impact is another',
    { ...FOUND, plan: [{ field: 'impact.count', expected: 3, twin: 0 }] },
    {},
    'agrees',
    /its impact or warnings are told otherwise there$/,
  ],
  [
    'it cannot be taken back',
    { ...UNTRIED, applied: FOUND.applied! },
    {},
    'agrees',
    /it cannot be taken back$/,
  ],
  [
    'the change had no effect',
    { ...UNTRIED, applied: { ...FOUND.applied!, outcome: 'unverified', reason: 'still open' } },
    {},
    'disagrees',
    /it ended unverified: still open$/,
  ],
  [
    'other calls were sent',
    { ...FOUND, otherCalls: true },
    {},
    'disagrees',
    /^other calls were sent than the plan lists: s3:PutBucketPolicy$/,
  ],
  [
    'the undo failed',
    { ...FOUND, undone: { outcome: 'failed', reason: 'refused', differs: [], notAsBefore: [] } },
    {},
    'disagrees',
    /^taking it back on the twin ended failed: refused$/,
  ],
  [
    'not all came back',
    { ...FOUND, undone: { ...FOUND.undone!, differs: [{ field: 'before.x' }] } },
    {},
    'disagrees',
    /not as it was before: before.x$/,
  ],
  [
    'a call is unknown there',
    { ...UNTRIED, applied: { ...FOUND.applied!, outcome: 'failed' } },
    unknown,
    'notShown',
    /^the emulators do not know efs:PutBackupPolicy$/,
  ],
  [
    'a call was not answered there',
    { ...FOUND, undone: { outcome: 'failed', reason: 'lost', differs: [], notAsBefore: [] } },
    { results: [{ ...unknown.results![0]!, error: { name: 'retryable', code: 'EmulatorUnreachable' } }] },
    'notShown',
    /^the emulators did not answer put$/,
  ],
  [
    'the plan is another of the same answers',
    { ...UNTRIED, plan: ANOTHER },
    {},
    'disagrees',
    /^the plan for the twin is another: steps\[0\].call.input.Policy, though all .* answered alike$/,
  ],
  [
    'the plan is another of other reads',
    { ...UNTRIED, plan: ANOTHER, otherReads: true },
    {},
    'notShown',
    /^the plan for the twin is another: .*; the look at it read other things$/,
  ],
  [
    'the plan is another of other answers',
    { ...UNTRIED, plan: ANOTHER, notShown: ['s3:GetBucketAcl Owner'] },
    {},
    'notShown',
    /^the plan for the twin is another: .*; the emulators answer otherwise: s3:GetBucketAcl Owner$/,
  ],
  [
    'the look failed',
    { ...UNTRIED },
    { plan: null, outcome: 'failed', reason: 'unexpected: no' },
    'notShown',
    /^the look at the twin ended failed: unexpected: no$/,
  ],
  [
    'there is no plan',
    { ...UNTRIED, notShown: ['s3:GetBucketAcl Owner'] },
    { plan: null, outcome: 'alreadyCompliant', reason: 'nothing' },
    'notShown',
    /ended alreadyCompliant: nothing; the emulators answer otherwise: s3:GetBucketAcl Owner$/,
  ],
  [
    'something was not copied',
    { ...UNTRIED, plan: ANOTHER, notCopied: [{ action: 's3:GetBucketAcl', why: 'refused' }] },
    {},
    'notCopied',
    /another: .*; s3:GetBucketAcl was not copied: refused$/,
  ],
])('when %s, it is said so', (_what, found, last, status, why) => {
  const { otherCalls: __, otherReads: ___, ...told } = found
  const twin = judged(found, sampleRun(last))
  expect(twin).toMatchObject({ ...told, status })
  expect(twin.why).toMatch(why)
})

describe('a line', () => {
  test('names some fields and counts the others', () => {
    const plan = ['a', 'b', 'c', 'd', 'e'].map((field) => ({ field }))
    expect(judged({ ...UNTRIED, plan }, sampleRun()).why).toBe(
      'the plan for the twin is another: a, b, c and 2 more, though all that was read for it was answered alike',
    )
  })
})
