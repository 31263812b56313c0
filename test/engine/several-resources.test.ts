import { expect, test } from '@jest/globals'
import { blockPublicAccess } from '../../playbooks/s3/block-public-access.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { parseEvents } from '../../src/findings/read.ts'
import { guardDuty, securityHub } from '../../src/playbook/matchers.ts'
import { plain } from '../../src/reports/paint.ts'
import { runJson } from '../../src/reports/run/run-json.ts'
import { togetherText, toldTogether } from '../../src/reports/run/told-together.ts'
import { SANDBOX_ACCOUNT } from '../../src/sandbox/place.ts'
import { controlImported } from '../../src/sandbox/sample-events/security-hub.ts'
import { attackSequence } from '../../src/sandbox/sample-events/several-resources.ts'
import { CORPUS_FILES, corpusText } from '../support/event-corpus.ts'
import { newWorld, start } from './simulated-world.ts'

/** A finding that names several resources: a run for each, told as one. */

/** The only playbook of these tests; no resource is there, which a run says at its end. */
const playbooks = [{ ...blockPublicAccess, answers: [guardDuty('AttackSequence:*'), securityHub('S3.8')] }]

async function runsOf(findings: Finding[], includeSamples = false) {
  const { engine } = start(newWorld(), { playbooks })
  const { runs } = await engine.handle(findings, 'rehearse', { includeSamples })
  return runs
}

const SEQUENCE = '5042b19edf737c32e0848d4361952e73'
const sequence = (buckets: string[]) => attackSequence(SEQUENCE, { buckets, key: 'AKIAEXAMPLE000000BOB' })
const idsOf = (runs: { target: { id: string } }[]) => runs.map(({ target }) => target.id)

test('an attack sequence gives a run for each resource of the kind, and none for the key beside them', async () => {
  const runs = await runsOf(parseEvents(sequence(['exports', 'reports']), 'event').findings)
  expect(idsOf(runs)).toEqual(['exports', 'reports'])
  expect(runs.map((run) => runJson(run).incident)).toEqual([SEQUENCE, SEQUENCE])
})

test('... and those in several accounts are of one incident still', async () => {
  const event = JSON.parse(JSON.stringify(sequence(['exports', 'reports'])))
  event.detail.service.detection.sequence.resources[1].accountId = '999988887777'
  const { findings } = parseEvents(event, 'event')
  expect(findings.map(({ account }) => account)).toEqual([SANDBOX_ACCOUNT, '999988887777'])
  const runs = await runsOf(findings)
  expect(idsOf(runs)).toEqual(['exports', 'reports'])
  const [told, ...others] = toldTogether(runs)
  expect(others).toEqual([])
  expect(togetherText(told!, plain)).toBe(
    `guardduty AttackSequence:S3/CompromisedData CRITICAL: 2 runs of incident ${SEQUENCE}\n` +
      '  Potential data compromise of 2 S3 buckets, by the key of a user',
  )
})

test('a finding of no incident is told as one as well', async () => {
  const failed = { control: 'S3.8', title: 'Buckets should block public access', type: 'AwsS3Bucket' }
  const resources = ['exports', 'reports'].map((name) => `arn:aws:s3:::${name}`)
  const runs = await runsOf(parseEvents(controlImported({ ...failed, resources }), 'event').findings)
  expect(runs.map((run) => runJson(run).incident)).toEqual([null, null])
  expect(toldTogether(runs).map((told) => togetherText(told, plain))).toEqual([
    'securityhub S3.8 HIGH: 2 runs of one finding\n  Buckets should block public access',
  ])
})

const REAL = CORPUS_FILES.filter((file) => /^guardduty-finding-.*AttackSequence/.test(file))
if (REAL.length > 0)
  test.each(REAL)(
    '%s: a run for each bucket that it names, or one that says that it names none',
    async (file) => {
      const { findings } = parseEvents(JSON.parse(corpusText(file)), file)
      const buckets = findings.flatMap(({ resources }) =>
        resources.flatMap(({ type, id }) => (type === 'AWS::S3::Bucket' ? [id] : [])),
      )
      const runs = await runsOf(findings, true)
      expect(buckets.length > 0 ? idsOf(runs) : runs.map(({ outcome }) => outcome)).toEqual(
        buckets.length > 0 ? buckets : ['notApplicable'],
      )
      expect(new Set(runs.map((run) => runJson(run).incident)).size).toBe(1)
      expect(runJson(runs[0]!).incident).toEqual(expect.any(String))
    },
  )
