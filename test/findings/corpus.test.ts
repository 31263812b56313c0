import { basename } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { RejectionCode } from '../../src/findings/finding.ts'
import { parseText } from '../../src/findings/read.ts'
import { CORPUS_FILES, corpusText } from '../support/event-corpus.ts'
import { findingShape } from './finding-shape.ts'

/** Files that are no finding, or not a whole one, and why; first match wins. All others give findings and nothing else. */
const NOT_FINDINGS: [name: RegExp, code: RejectionCode, field?: RegExp][] = [
  [/^config-.*(evaluation-started|history-completed|snapshot-(started|completed))/, 'unknownShape'],
  [/^config-rule-lambda-.*(Scheduled|scheduled|PeriodicRule|poll-evaluation)/, 'unknownShape'],
  [/^config-sns-.*deleted-malformed/, 'notJson'],
  // Templates that nobody filled in: the region is {{{region}}}.
  [/^config-rule-lambda-aws-sam-cli-/, 'missingField', /awsRegion$/],
  // A draft of 2014: the item is a list, and no region.
  [/^config-sns-aws-config-developer-guide-item-change\.json/, 'missingField'],
  [/^config-item-aws-config-developer-guide-AWS-EC2-Volume/, 'missingField', /awsRegion$/],
  // Recordings of a test tool, with its own notation for dates.
  [/^config-item-cloud-custodian-(test-sg|rds-cluster-snapshot)/, 'missingField', /Time$/],
  [/^inspector2-finding-cloud-custodian-ec2/, 'missingField', /updatedAt$/],
  // What an input transformer left of a finding: no account; nothing that says whether it is a sample.
  [/^guardduty-eb-partial/, 'missingField', /accountId$/],
  [/^guardduty-eb-.*portprobe-short/, 'missingField', /additionalInfo$/],
  [/^guardduty-sns-announcement/, 'unknownShape'],
  // Cut by hand for tests of other tools: without region, time or id.
  [/^cloudtrail-eb-streamalert-/, 'missingField', /(awsRegion|eventTime|eventID)$/],
  [/^cloudtrail-.*stratus-red-team-/, 'missingField', /awsRegion$/],
  [/^cloudtrail-raw-panther-analysis-UpdateTrail/, 'missingField', /eventID$/],
  [/^health-eb-aws-health-tools-abuse-dos/, 'missingField', /account$/],
  [/^macie-eb-transcribed-docs-bucket-encryption-disabled/, 'missingField', /s3Bucket\.name$/],
  [/^securityhub-.*missing-account-id/, 'missingField', /AwsAccountId$/],
  // The account of the finding and that of its resource are not the same.
  [/^accessanalyzer-eb-transcribed-docs-unused-role-error/, 'unknownShape', /resource$/],
  [/^sns-lambda-/, 'notJson'],
  [/^REF-/, 'unknownShape'],
]
/** Most, not all, of these lack it. */
const SOME_ARE_WHOLE = /^cloudtrail-.*stratus-red-team-|^cloudtrail-eb-streamalert-/

if (CORPUS_FILES.length > 0) {
  const read = (name: string) => ({
    name: basename(name),
    ...parseText(corpusText(name), name),
  })
  // Answers of other APIs, which are about no event at all.
  const all = CORPUS_FILES.filter((name) => !name.startsWith('api/')).map(read)
  const ours = all.filter(({ name }) => /^(config|guardduty|eb-.*guardduty)-/.test(name))

  describe('the corpus of real events', () => {
    test('gives exactly one kind of answer for each file: findings of the promised shape, or the right rejection', () => {
      expect(all.length).toBeGreaterThan(800)
      for (const { name, findings, rejected } of all) {
        const [, code, field] = NOT_FINDINGS.find(([pattern]) => pattern.test(name)) ?? []
        const codes = [...new Set(rejected.map((each) => each.code))]
        const isWhole = code === undefined || (SOME_ARE_WHOLE.test(name) && findings.length > 0)
        expect({ name, found: findings.length > 0, codes }).toEqual({
          name,
          found: isWhole,
          codes: isWhole ? [] : [code],
        })
        for (const rejection of rejected) if (field) expect(`${name} ${rejection.field}`).toMatch(field)
        for (const finding of findings) findingShape.parse(finding)
      }
    })

    test('gives a finding for most files, of every source', () => {
      expect(all.filter(({ findings }) => findings.length > 0).length).toBeGreaterThan(0.75 * all.length)
      const sources = new Set(all.flatMap(({ findings }) => findings.map(({ source }) => source)))
      expect([...sources].sort()).toEqual([
        ...[
          'accessanalyzer',
          'cloudtrail',
          'config',
          'custodian',
          'guardduty',
          'health',
          'inspector',
          'macie',
        ],
        ...['prowler', 'schedule', 'securityhub', 'ssm', 'tag', 'trustedadvisor'],
      ])
    })

    test('gives no finding and no error for the answers of other APIs', () => {
      for (const name of CORPUS_FILES.filter((each) => each.startsWith('api/'))) {
        const { findings, rejected } = read(name)
        expect({ name, found: findings.length, refused: rejected.length > 0 }).toEqual({
          name,
          found: 0,
          refused: true,
        })
      }
    })

    test('gives nothing to act on for a GuardDuty sample, whichever way it says so', () => {
      const marked = ours.filter(({ name }) => {
        const text = name.includes('guardduty')
          ? corpusText(CORPUS_FILES.find((each) => basename(each) === name) ?? '')
          : ''
        return /\\?"sample\\?"\s*:\s*true/.test(text)
      })
      expect(marked.length).toBeGreaterThan(50)
      for (const { name, findings } of marked) {
        expect({ name, active: findings.filter((each) => each.status === 'active').length }).toEqual({
          name,
          active: 0,
        })
      }
    })

    test('gives the same finding with and without an envelope', () => {
      const bare = ours.find(
        ({ name }) => name === 'guardduty-finding-intake-formats-event-instance-portprobe.json',
      )
      const wrapped = ours.find(
        ({ name }) => name === 'guardduty-eb-derived-intake-formats-event-instance-portprobe.json',
      )
      expect(wrapped?.findings).toEqual(bare?.findings)
      expect(bare?.findings[0]?.evidence.remotes?.length).toBeGreaterThan(1)
    })
  })
} else {
  test('there is no corpus of real events here', () => {
    expect(CORPUS_FILES).toEqual([])
  })
}
