import { describe, expect, test } from '@jest/globals'
import { corpusEvent, corpusFiles, readWith } from '../aws-detectors.ts'
import { findingShape } from '../finding-shape.ts'
import { ANALYZERS } from './analyzers.table.ts'
import { CALLS } from './calls.table.ts'
import { CONFIG } from './config.table.ts'
import { GUARDDUTY } from './guardduty.table.ts'
import { NOTICES } from './notices.table.ts'

const OURS =
  /^(config|guardduty|eb-terraform|inspector|ecr-eb|trustedadvisor|accessanalyzer|macie|health|sched|ssm-eb|tag-eb|kms-eb|ec2-eb|asg-eb|cloudtrail-(eb|raw)|signin|sns-lambda)/
const files = corpusFiles(OURS)
const ROWS = [...GUARDDUTY, ...CALLS, ...NOTICES, ...ANALYZERS, ...CONFIG]

if (files.size > 0) {
  describe('AWS’s own detectors, read from real events', () => {
    test.each(ROWS)('$file', ({ file, expect: expected }) => {
      const { findings, rejected } = readWith(corpusEvent(files.get(file)!))
      if ('rejected' in expected) {
        const { rejected: code, ...blamed } = expected
        expect({ findings, rejected }).toMatchObject({ findings: [], rejected: [{ code, ...blamed }] })
        return
      }
      const { resources, evidence, ...rest } = expected
      expect({ count: findings.length, rejected }).toEqual({ count: 1, rejected: [] })
      expect(findings[0]).toMatchObject({ ...rest, ...(evidence && { evidence }) })
      expect(findings[0]!.resources.map(({ type, id }) => [type, id])).toEqual(resources)
    })

    test('are at least a hundred and eighty, no file twice', () => {
      expect(ROWS.length).toBeGreaterThan(180)
      expect(new Set(ROWS.map(({ file }) => file)).size).toBe(ROWS.length)
    })

    test('give findings of the promised shape or a reason, each file something', () => {
      expect(files.size).toBeGreaterThan(400)
      for (const [name, path] of files) {
        const { findings, rejected } = readWith(corpusEvent(path))
        expect({ name, count: findings.length + rejected.length }).not.toEqual({ name, count: 0 })
        for (const finding of findings) findingShape.parse(finding)
      }
    })

    test('are the same in an envelope that was put around them', () => {
      const wrapped = [...files.keys()].filter(
        (name) => /-eb-derived-(?!camel)/.test(name) && !name.startsWith('config'),
      )
      const pairs = wrapped.flatMap((name) => {
        const bare = name.replace('-eb-derived-', name.startsWith('cloudtrail') ? '-raw-' : '-finding-')
        return files.has(bare) ? [[name, bare] as const] : []
      })
      expect(pairs.length).toBeGreaterThan(80)
      for (const [name, bare] of pairs) {
        const [inside, outside] = [name, bare].map((each) => readWith(corpusEvent(files.get(each)!)))
        if (outside!.findings.length > 0) expect({ name, ...inside }).toEqual({ name, ...outside })
      }
    })
  })
} else {
  test('there is no corpus of real events here', () => expect(files.size).toBe(0))
}
