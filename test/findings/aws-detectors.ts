import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { BadEvent } from '../../src/findings/bad-event.ts'
import { unwrap } from '../../src/findings/envelopes.ts'
import type { Finding, RejectionCode } from '../../src/findings/finding.ts'
import { accessAnalyzer } from '../../src/findings/sources/accessanalyzer.ts'
import { cloudTrail } from '../../src/findings/sources/cloudtrail/cloudtrail.ts'
import { config } from '../../src/findings/sources/config.ts'
import { schedule } from '../../src/findings/sources/events/schedule.ts'
import { serviceState } from '../../src/findings/sources/events/service-state.ts'
import { ssm } from '../../src/findings/sources/events/systems-manager.ts'
import { tag } from '../../src/findings/sources/events/tag.ts'
import { guardDuty } from '../../src/findings/sources/guardduty.ts'
import { health } from '../../src/findings/sources/health.ts'
import { ecrScan } from '../../src/findings/sources/inspector/ecr-scan.ts'
import { inspector } from '../../src/findings/sources/inspector/inspector.ts'
import { inspectorClassic } from '../../src/findings/sources/inspector/inspector-classic.ts'
import { macie } from '../../src/findings/sources/macie/macie.ts'
import { trustedAdvisor } from '../../src/findings/sources/trustedadvisor/trusted-advisor.ts'

/** AWS's own detectors and what tells like one. */
export const READERS = [
  cloudTrail,
  config,
  guardDuty,
  inspector,
  inspectorClassic,
  ecrScan,
  trustedAdvisor,
  accessAnalyzer,
  macie,
  health,
  schedule,
  ssm,
  tag,
  serviceState,
]

export interface Reading {
  findings: Finding[]
  rejected: { code: RejectionCode; field?: string }[]
}

/** What the readers make of a document, as read.ts would ask them. */
export function readWith(document: unknown): Reading {
  const { bodies, rejected } = unwrap(document)
  const reading: Reading = { findings: [], rejected: rejected.map(({ error }) => ({ code: error.code })) }
  for (const { value, told } of bodies) {
    const reader = READERS.find((each) => each.recognises(value, told))
    try {
      if (reader === undefined) throw new BadEvent('unknownShape', 'no detector of AWS')
      reading.findings.push(...[reader.read(value, told)].flat())
    } catch (error) {
      if (!(error instanceof BadEvent)) throw error
      reading.rejected.push({ code: error.code, ...(error.field !== undefined && { field: error.field }) })
    }
  }
  return reading
}

/** The only finding of a document. */
export function onlyOne(document: unknown): Finding {
  const { findings, rejected } = readWith(document)
  const [finding, ...others] = findings
  if (finding === undefined || others.length + rejected.length > 0) {
    throw new Error(`not one finding: ${JSON.stringify({ findings, rejected })}`)
  }
  return finding
}

/** An event as EventBridge sends it. */
export const bus = (source: string, detailType: string, detail: unknown, more: object = {}) => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': detailType,
  source,
  account: '111122223333',
  time: '2026-05-17T10:30:00Z',
  region: 'us-east-1',
  resources: [] as string[],
  detail,
  ...more,
})

/** Real events, which may not be shipped; where there are none, their tests do not exist. */
export const CORPUS = process.env.RECTIFY_EVENT_CORPUS ?? join(import.meta.dirname, '../../../shared/events')

/** Files of the corpus by name, of some form; `derived` are others with an envelope put around them. */
export function corpusFiles(form: RegExp, derived = true): Map<string, string> {
  if (!existsSync(CORPUS)) return new Map()
  const names = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
  return new Map(
    names
      .filter((name) => name.endsWith('.json') && form.test(basename(name)))
      .filter((name) => derived || !name.includes('derived'))
      .map((name) => [basename(name, '.json'), name]),
  )
}

export const corpusEvent = (name: string): unknown => JSON.parse(readFileSync(join(CORPUS, name), 'utf8'))
