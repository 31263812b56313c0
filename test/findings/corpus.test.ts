import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { RejectionCode } from '../../src/findings/finding.ts'
import { parseText } from '../../src/findings/read.ts'
import { findingShape } from './finding-shape.ts'

/** Real events, which may not be shipped; where there are none, these tests do not exist. */
const CORPUS = process.env.RECTIFY_EVENT_CORPUS ?? join(import.meta.dirname, '../../../shared/events')
const files = existsSync(CORPUS)
  ? readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  : []

/** Files of Config and GuardDuty that are no finding, and why; first match wins. */
const NOT_FINDINGS: [name: RegExp, code: RejectionCode][] = [
  [/^config-.*(evaluation-started|history-completed|snapshot-(started|completed))/, 'unknownShape'],
  [/^config-rule-lambda-.*(Scheduled|scheduled|PeriodicRule|poll-evaluation)/, 'unknownShape'],
  [/^config-sns-.*deleted-malformed/, 'notJson'],
  // Templates that nobody filled in: the region is {{{region}}}.
  [/^config-rule-lambda-aws-sam-cli-/, 'missingField'],
  // A draft of 2014: the item is a list, and no region.
  [/^config-sns-aws-config-developer-guide-item-change\.json/, 'missingField'],
  [/^config-item-aws-config-developer-guide-AWS-EC2-Volume/, 'missingField'],
  // Recordings of a test tool, with its own notation for dates.
  [/^config-item-cloud-custodian-(test-sg|rds-cluster-snapshot)/, 'missingField'],
  // What an input transformer left of a finding: no account.
  [/^guardduty-eb-partial/, 'missingField'],
  [/^guardduty-sns-announcement/, 'unknownShape'],
  // Its state was left out: archived or not, a sample or not.
  [/^guardduty-eb-guardDuty-vpc-enrich-portprobe-short/, 'missingField'],
]

const UNSUPPORTED =
  /^(securityhub|inspector|trustedadvisor|cloudtrail|signin|accessanalyzer|macie|health|scheduled|scheduler|prowler|eb-.*health)/
/** Detail types of Inspector's file that Inspector does not send. */
const OTHER_SENDER = new Set(['inspector2-eb-amazon-ecr-user-guide.json'])

if (files.length > 0) {
  const read = (name: string) => ({
    name: basename(name),
    ...parseText(readFileSync(join(CORPUS, name), 'utf8'), name),
  })
  const all = files.filter((name) => !/^(api\/|REF-)/.test(name)).map(read)
  const ours = all.filter(({ name }) => /^(config|guardduty|eb-.*guardduty)-/.test(name))

  describe('the corpus of real events', () => {
    test('gives exactly one kind of answer for each Config and GuardDuty file: findings, or the right rejection', () => {
      expect(ours.length).toBeGreaterThan(200)
      for (const { name, findings, rejected } of ours) {
        const code = NOT_FINDINGS.find(([pattern]) => pattern.test(name))?.[1]
        const codes = [...new Set(rejected.map((each) => each.code))]
        expect({ name, found: findings.length > 0, codes }).toEqual({
          name,
          found: code === undefined,
          codes: code === undefined ? [] : [code],
        })
        for (const finding of findings) findingShape.parse(finding)
      }
    })

    test('gives no finding for any other file, and names the sources that have no reader yet', () => {
      for (const { name, findings, rejected } of all.filter((each) => !ours.includes(each))) {
        const supported = !UNSUPPORTED.test(name) || OTHER_SENDER.has(name)
        const codes = [...new Set(rejected.map((each) => each.code))]
        expect({ name, found: findings.length }).toEqual({ name, found: 0 })
        const expected = name.startsWith('sns-lambda')
          ? 'notJson'
          : supported
            ? 'unknownShape'
            : 'unsupportedSource'
        expect({ name, codes }).toEqual({ name, codes: [expected] })
      }
    })

    test('gives nothing to act on for a GuardDuty sample, whichever way it says so', () => {
      const marked = ours.filter(({ name }) => {
        const text = name.includes('guardduty')
          ? readFileSync(join(CORPUS, files.find((each) => basename(each) === name) ?? ''), 'utf8')
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
    expect(files).toEqual([])
  })
}
